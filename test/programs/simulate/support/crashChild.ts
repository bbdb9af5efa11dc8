import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../../../src/adapters/stores/index.ts'
import type { ExecutionStore } from '../../../../src/market/executionStore.ts'
import { beginRun } from '../../../../src/programs/simulate/openLedger.ts'
import { simulate } from '../../../../src/programs/simulate/simulate.ts'

/**
 * A simulation that never ends by itself. It says on stdout what the store has
 * acknowledged, once it has, a line each: whoever kills it knows what must be
 * there.
 */
const [file, seed] = process.argv.slice(2)
const store = await openSqliteStore(file!)
const ledger = await beginRun(store)
say('run', ledger.name)
await simulate(
  {
    blocks: 1_000_000,
    seed: Number(seed),
    pools: 20,
    tokens: 6,
    competitors: 1,
  },
  {},
  undefined,
  { ledger: { ...ledger, store: telling(store) } },
)

function telling(inner: ExecutionStore): ExecutionStore {
  return {
    recordDecision: (...values) => inner.recordDecision(...values),
    recordPlan: (...values) => inner.recordPlan(...values),
    writeIntent: async (intent) => {
      await inner.writeIntent(intent)
      say('intent', intent.txHash, intent.nonce, intent.terms.operator)
    },
    recordEnding: async (name, ending) => {
      await inner.recordEnding(name, ending)
      say('ending', ending.txHash, ending.kind)
    },
    reopen: (...values) => inner.reopen(...values),
    minedFrom: (...values) => inner.minedFrom(...values),
    transactionOf: (...values) => inner.transactionOf(...values),
    unfinished: (...values) => inner.unfinished(...values),
    dropped: (...values) => inner.dropped(...values),
    expired: (...values) => inner.expired(...values),
    nonceAfterMined: (...values) => inner.nonceAfterMined(...values),
    abandon: (...values) => inner.abandon(...values),
    ledgers: () => inner.ledgers(),
    trades: (...values) => inner.trades(...values),
    decisionCounts: (...values) => inner.decisionCounts(...values),
    close: () => inner.close(),
  }
}

/** At once and whole: a stream might keep lines back. */
function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`)
}
