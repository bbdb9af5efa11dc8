import {
  createMemoryStore,
  leaseLedger,
  openSqliteStore,
} from '../../adapters/stores/index.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import type { Ledger } from './participants.ts'

const namePattern = /^simulate-(\d+)$/
const firstName = 'simulate-1'
/** Of all runs: each names its ledger after the last, and ends what it finds open. */
const leasedName = 'simulate'
/** Nobody reads a ledger in memory after the run: of a long one only the end is kept. */
const mostRemembered = 10_000

/** The ledger of a run, and what earlier runs left in its file. */
export type OpenLedger = Ledger & {
  /** Transactions of earlier runs that never ended: their chain died with them. */
  readonly abandoned: number
}

/**
 * Opens the ledger of a new run. A simulated chain dies with its process, so
 * nothing of an earlier run can be settled any more: its open transactions end
 * as `chain-gone`, and the new run writes under a name of its own.
 *
 * @param db SQLite file; without it the ledger dies with the run.
 * @throws LedgerInUseError where another run writes to the file.
 * @throws StoreInvalidError, PackageMissingError
 */
export async function openLedger(db?: string): Promise<OpenLedger> {
  if (db === undefined)
    return {
      store: createMemoryStore({ keep: mostRemembered }),
      name: firstName,
      abandoned: 0,
    }
  const lease = await leaseLedger(db, leasedName)
  try {
    const ledger = await beginRun(await openSqliteStore(db))
    const { store } = ledger
    return { ...ledger, store: closedBefore(store, () => lease.release()) }
  } catch (error) {
    lease.release()
    throw error
  }
}

/** Ends what earlier runs left open and names the new one after the last. */
export async function beginRun(store: ExecutionStore): Promise<OpenLedger> {
  let [last, abandoned] = [0, 0]
  for (const ledger of await store.ledgers()) {
    const number = Number(namePattern.exec(ledger)?.[1] ?? 0)
    if (number === 0) continue
    last = Math.max(last, number)
    abandoned += await store.abandon(ledger)
  }
  return { store, name: `simulate-${last + 1}`, abandoned }
}

function closedBefore(
  store: ExecutionStore,
  after: () => void,
): ExecutionStore {
  return {
    ...store,
    async close() {
      try {
        await store.close()
      } finally {
        after()
      }
    },
  }
}
