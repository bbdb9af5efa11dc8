import { openSqliteStore } from '../../src/adapters/stores/index.ts'
import { intentOf, opportunityOf, planOf } from './plans.ts'

/** A process that writes transactions into a ledger, nonce after nonce from 1, until its stdin ends. */
const ledger = 'chain-1'
const store = await openSqliteStore(process.argv[2]!)
let isOver = false
process.stdin.resume().on('end', () => {
  isOver = true
})
process.stdout.write('writing\n')
for (let nonce = 1; !isOver; nonce++) {
  const plan = planOf(opportunityOf(100), nonce)
  await store.recordPlan(ledger, plan)
  await store.writeIntent(intentOf(ledger, plan, nonce))
  await new Promise((resolve) => setTimeout(resolve, 1))
}
await store.close()
