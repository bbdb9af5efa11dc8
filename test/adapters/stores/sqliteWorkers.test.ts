import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import { newFolder } from '../../support/newFolder.ts'

/** One file opened and written by several threads at once, as the chains of a bot do. */

const place = newFolder()
const ledgers = ['chain-1', 'chain-10', 'chain-137', 'chain-8453']

async function writeAll(
  files: readonly string[],
  transactions: number,
): Promise<void> {
  // Late enough for every thread to have loaded its code: all open in one moment.
  const openAt = Date.now() + 1000
  await Promise.all(
    ledgers.map((ledger) => inWorker({ files, ledger, transactions, openAt })),
  )
}

async function inWorker(workerData: object): Promise<void> {
  const body = new URL('../../support/storeWorker.ts', import.meta.url)
  const worker = new Worker(body, { workerData })
  try {
    await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
    })
  } finally {
    await worker.terminate()
  }
}

it('a new file is made by whoever comes first, and used by all', async () => {
  const files = Array.from({ length: 60 }, (_, i) => place(`new-${i}.sqlite`))
  await writeAll(files, 0)
})

it('no writer fails for another one’s lock, and every row is there', async () => {
  const file = place('load.sqlite')
  const transactions = 100
  await writeAll([file], transactions)
  const store = await openSqliteStore(file)
  for (const ledger of ledgers) {
    const trades = await store.trades(ledger)
    expect(trades.map(({ nonce }) => nonce)).toEqual(
      Array.from({ length: transactions }, (_, nonce) => nonce),
    )
    expect(await store.decisionCounts(ledger)).toEqual([
      { stage: 'plan', verdict: 'planned', count: transactions },
    ])
    expect(await store.readRisk(ledger)).toMatchObject({ landed: transactions })
  }
  await store.close()
})
