import { openReadOnly, storeError, versionOf } from './openDatabase.ts'
import { applicationId, migrations } from './schema.ts'

/** Where the header of an SQLite file has its `user_version` and its `application_id`, both big-endian. */
const versionAt = 60
const applicationIdAt = 68
const headerBytes = 100

/** Of which version a store is; 0 for a file that is empty yet. */
export type StoreVersion = {
  readonly version: number
  /** What it is brought up to when it is opened. */
  readonly newest: number
}

/**
 * Looks whether a file is a store of ours, and writes nothing, neither to it
 * nor beside it: somebody else may have it open, or own it.
 *
 * @throws StoreInvalidError where it is foreign, of a newer program or cannot be read.
 * @throws PackageMissingError where better-sqlite3 is not installed.
 */
export async function inspectSqliteStore(path: string): Promise<StoreVersion> {
  const newest = migrations.length
  const inHeader = await versionInHeader(path)
  if (inHeader !== undefined) return { version: inHeader, newest }
  const database = await openReadOnly(path)
  try {
    return { version: versionOf(database, path), newest }
  } catch (error) {
    throw storeError(error, path)
  } finally {
    database.close()
  }
}

/**
 * Of a store that nobody has open. SQLite itself would make two files beside
 * it and leave them there, with the rights of whoever looked. Undefined where
 * only SQLite can tell.
 */
async function versionInHeader(path: string): Promise<number | undefined> {
  const { access, open } = await import('node:fs/promises')
  const isOpen = await access(`${path}-wal`).then(
    () => true,
    () => false,
  )
  if (isOpen) return undefined
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return undefined
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(headerBytes),
    })
    if (bytesRead === 0) return 0
    const version = buffer.readInt32BE(versionAt)
    const isOurs = buffer.readInt32BE(applicationIdAt) === applicationId
    return isOurs && version <= migrations.length ? version : undefined
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
