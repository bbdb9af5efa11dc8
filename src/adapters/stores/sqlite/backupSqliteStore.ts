import { StoreInvalidError } from '../errors.ts'
import { openReadOnly, storeError } from './openDatabase.ts'

/**
 * Copies a store while others read and write it: the copy is the store as it
 * was at one moment, and is there whole or not at all.
 *
 * @param to no file may lie there.
 * @throws StoreInvalidError where the file is no store, or the copy cannot be written or is damaged.
 * @throws PackageMissingError where better-sqlite3 is not installed.
 * @example
 * await backupSqliteStore('apex.sqlite', 'backups/monday.sqlite')
 */
export async function backupSqliteStore(
  path: string,
  to: string,
): Promise<void> {
  const { rename, rm } = await import('node:fs/promises')
  const unfinished = `${to}.part`
  await rm(unfinished, { force: true })
  const source = await openReadOnly(path)
  try {
    source.prepare('VACUUM INTO ?').run(unfinished)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw storeError(error, to)
  } finally {
    source.close()
  }
  await checkCopy(unfinished, to)
  await rename(unfinished, to)
}

/** Reads all of it: what a disk has not kept is found now, not when it is needed. */
async function checkCopy(path: string, to: string): Promise<void> {
  const copy = await openReadOnly(path)
  try {
    const found = copy.pragma('integrity_check', { simple: true })
    if (found !== 'ok')
      throw new StoreInvalidError(`the copy ${to} is damaged`, {
        facts: { path: to },
        hint: 'is the disk sound?',
      })
  } finally {
    copy.close()
  }
}
