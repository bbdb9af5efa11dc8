import { LedgerInUseError } from '../errors.ts'
import { type Database, loadSqlite, storeError } from './openDatabase.ts'

/** Waited for a process that is just ending. */
const patienceMs = 1000

/** That nobody else writes to a ledger. */
export type LedgerLease = { release(): void }

/**
 * Keeps a ledger to this process: the lock of a file beside the database, which
 * the system takes back with the process however it ends. The file stays, for
 * one that is removed could be held by another.
 *
 * @param database path of the store.
 * @throws LedgerInUseError where another process holds it, or another part of this one.
 * @throws StoreInvalidError where the file cannot be made.
 * @throws PackageMissingError where better-sqlite3 is not installed.
 * @example
 * const lease = await leaseLedger('apex.sqlite', 'chain-8453')
 */
export async function leaseLedger(
  database: string,
  ledger: string,
): Promise<LedgerLease> {
  const { realpath } = await import('node:fs/promises')
  const Sqlite = await loadSqlite()
  const file = `${await realpath(database).catch(() => database)}.${ledger}.lock`
  let lock: Database | undefined
  try {
    lock = new Sqlite(file, { timeout: patienceMs })
    // Nothing is written: the file stays empty.
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    const { code } = error as { code?: unknown }
    if (code === 'SQLITE_BUSY') throw new LedgerInUseError(ledger, database)
    throw storeError(error, database)
  }
  const held = lock
  return {
    release() {
      held.close()
    },
  }
}

/**
 * Keeps several ledgers of one database: all of them or none.
 *
 * @throws LedgerInUseError, StoreInvalidError, PackageMissingError
 */
export async function leaseLedgers(
  database: string,
  ledgers: readonly string[],
): Promise<LedgerLease> {
  const leases: LedgerLease[] = []
  const release = (): void => {
    for (const lease of leases) lease.release()
  }
  try {
    for (const ledger of ledgers)
      leases.push(await leaseLedger(database, ledger))
  } catch (error) {
    release()
    throw error
  }
  return { release }
}
