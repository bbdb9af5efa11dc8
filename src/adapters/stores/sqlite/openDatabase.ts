import type BetterSqlite3 from 'better-sqlite3'
import { PackageMissingError } from '../../../core/packageMissing.ts'
import { StoreInvalidError } from '../errors.ts'
import { applicationId, migrations } from './schema.ts'

export type Database = BetterSqlite3.Database
export type RunResult = BetterSqlite3.RunResult
/** A statement that takes a row's values by name. */
export type Statement = BetterSqlite3.Statement<
  [Readonly<Record<string, string | number | null>>]
>

/** As long as SQLite waits for other locks: five seconds. */
const mostAttempts = 250
const retryMs = 20

/**
 * Opens or makes a database of ours and brings it up to date. A file of
 * somebody else is left as it is.
 *
 * @throws StoreInvalidError where the file is foreign, of a newer program, damaged or cannot be opened.
 * @throws PackageMissingError
 */
export async function openDatabase(path: string): Promise<Database> {
  const Sqlite = await loadSqlite()
  let database: Database | undefined
  try {
    database = new Sqlite(path)
    // In one transaction: another process may be making the file just now.
    const version = database.transaction(versionOf)(database, path)
    await useWriteAheadLog(database)
    // A write needs no fsync of its own.
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    migrate(database, version, path)
    return database
  } catch (error) {
    database?.close()
    throw storeError(error, path)
  }
}

/**
 * Opens a database of ours as it is, to be read only.
 *
 * @throws StoreInvalidError, PackageMissingError
 */
export async function openReadOnly(path: string): Promise<Database> {
  const Sqlite = await loadSqlite()
  let database: Database | undefined
  try {
    database = new Sqlite(path, { readonly: true })
    versionOf(database, path)
    return database
  } catch (error) {
    database?.close()
    throw storeError(error, path)
  }
}

/** What SQLite said, as an error of ours; other errors as they are. */
export function storeError(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: unknown; message?: string }
  if (error instanceof StoreInvalidError) return error
  if (typeof code !== 'string' || !code.startsWith('SQLITE')) {
    // better-sqlite3 looks for the folder itself.
    if (!(error instanceof TypeError) || !/directory/.test(message ?? ''))
      return error
    return invalid(path, 'its folder does not exist', undefined, error)
  }
  if (code === 'SQLITE_NOTADB')
    return invalid(path, 'it is no SQLite database', undefined, error)
  return invalid(path, message ?? code, undefined, error)
}

/**
 * Version of the file: 0 for a new one.
 *
 * @throws StoreInvalidError where it is not ours, or of a newer program.
 */
export function versionOf(database: Database, path: string): number {
  const owner = database.pragma('application_id', { simple: true }) as number
  const version = database.pragma('user_version', { simple: true }) as number
  const tables = database
    .prepare('SELECT count(*) FROM sqlite_schema')
    .pluck()
    .get() as number
  if (owner === 0 && version === 0 && tables === 0) return 0
  if (owner !== applicationId)
    throw invalid(
      path,
      'it is a database of another program',
      'name another file',
    )
  if (version > migrations.length)
    throw invalid(
      path,
      `it is of version ${version}, this program knows up to ${migrations.length}`,
      'update apex-arbitrage',
    )
  return version
}

/**
 * Readers do not hold up the writer. For every other statement SQLite itself
 * waits five seconds for a lock; here not, for fear of a deadlock.
 */
async function useWriteAheadLog(database: Database): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code !== 'SQLITE_BUSY' || attempts === mostAttempts) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

/** All steps or none: a process that dies in between leaves the old version. */
function migrate(database: Database, from: number, path: string): void {
  if (from === migrations.length) return
  database
    .transaction(() => {
      // Another process may have been quicker.
      const version = versionOf(database, path)
      for (const migration of migrations.slice(version))
        database.exec(migration)
      database.pragma(`application_id = ${applicationId}`)
      database.pragma(`user_version = ${migrations.length}`)
    })
    .immediate()
}

/** @throws PackageMissingError where better-sqlite3 is not installed. */
export async function loadSqlite(): Promise<typeof BetterSqlite3> {
  try {
    return (await import('better-sqlite3')).default
  } catch (cause) {
    throw new PackageMissingError(
      'better-sqlite3',
      'it keeps the ledger in a file',
      { cause },
    )
  }
}

function invalid(
  path: string,
  why: string,
  hint?: string,
  cause?: unknown,
): StoreInvalidError {
  return new StoreInvalidError(`${path} cannot be used as a store: ${why}`, {
    facts: { path },
    ...(hint === undefined ? {} : { hint }),
    cause,
  })
}
