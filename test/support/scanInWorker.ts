import { parentPort, workerData } from 'node:worker_threads'
import type { BuiltPackage } from './builtPackage.ts'

/** The body of a worker: scans a market file's text and posts the result. */

const { url, text }: { url: string; text: string } = workerData
const { createApex, parseMarketLines } = (await import(url)) as BuiltPackage
const market = await parseMarketLines(
  (async function* () {
    yield text
  })(),
  'market.jsonl',
)
const apex = await createApex({ market })
parentPort!.postMessage(apex.scan({ limit: 0 }))
