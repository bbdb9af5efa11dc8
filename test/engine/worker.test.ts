import { Worker } from 'node:worker_threads'
import { beforeAll, expect, it } from 'vitest'
import type { ScanResult } from '../../src/index.ts'
import {
  type BuiltPackage,
  builtUrl,
  importBuilt,
} from '../support/builtPackage.ts'
import { smallMarket } from '../support/smallMarket.ts'

/** The built package in worker threads. */

let apexPackage: BuiltPackage
beforeAll(async () => {
  apexPackage = await importBuilt()
})

it('workers find what the main thread finds, each with a kernel of its own', async () => {
  const { createApex, generateMarket, marketLines } = apexPackage
  const market = generateMarket(smallMarket)
  const apex = await createApex({ market })
  const expected = apex.scan({ limit: 0 })
  expect(expected.opportunities.length).toBeGreaterThan(50)

  const text = [...marketLines(market)].join('\n')
  const results = await Promise.all([scanInWorker(text), scanInWorker(text)])
  for (const result of results)
    expect({ ...result, elapsedMs: 0 }).toEqual({ ...expected, elapsedMs: 0 })
})

async function scanInWorker(text: string): Promise<ScanResult> {
  const worker = new Worker(
    new URL('../support/scanInWorker.ts', import.meta.url),
    { workerData: { url: builtUrl, text } },
  )
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
    })
  } finally {
    await worker.terminate()
  }
}
