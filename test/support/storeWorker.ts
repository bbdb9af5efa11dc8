import { parentPort, workerData } from 'node:worker_threads'
import { openSqliteStore } from '../../src/adapters/stores/index.ts'
import { emptyAccount } from '../../src/services/risk/account.ts'
import { intentOf, landedOf, opportunityOf, planOf } from './plans.ts'

/** The body of a worker: opens each store at a given moment with all others and writes a chain's rows, as fast as it can. */

const { files, ledger, transactions, openAt } = workerData as {
  readonly files: readonly string[]
  readonly ledger: string
  readonly transactions: number
  /** Of the first file, by `Date.now()`. */
  readonly openAt: number
}
const msBetweenFiles = 25

for (const [i, file] of files.entries()) {
  while (Date.now() < openAt + i * msBetweenFiles);
  await write(file)
}
parentPort!.postMessage('done')

async function write(file: string): Promise<void> {
  const store = await openSqliteStore(file)
  for (let nonce = 0; nonce < transactions; nonce++) {
    const opportunity = opportunityOf(nonce)
    const plan = planOf(opportunity, nonce)
    await store.recordDecision(ledger, {
      opportunity,
      stage: 'plan',
      verdict: 'planned',
      detail: null,
    })
    await store.recordPlan(ledger, plan)
    await store.writeRisk(ledger, { ...emptyAccount, landed: nonce + 1 })
    const intent = intentOf(ledger, plan, nonce)
    await store.writeIntent(intent)
    await store.recordEnding(ledger, landedOf(intent))
  }
  await store.close()
}
