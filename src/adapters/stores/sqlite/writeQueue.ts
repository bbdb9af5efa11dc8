import type { Database } from './openDatabase.ts'

/** Writes to one database, those of one turn of the event loop in one transaction. */
export type WriteQueue = {
  /**
   * Kept once its transaction is committed; what it throws undoes its own writes only.
   *
   * @param subject what it changes, for who reads.
   */
  write<T>(subject: string, run: () => T): Promise<T>
  /** As `write`; kept once it is on the disk, with all that was written before it. */
  writeSynced<T>(subject: string, run: () => T): Promise<T>
  /** Commits what waits, where one of these subjects is among it: to be called before it is read. Default: whatever it is. */
  flush(subjects?: readonly string[]): void
}

type Write = {
  readonly subject: string
  readonly run: () => unknown
  readonly done: (result: unknown) => void
  readonly failed: (error: unknown) => void
}

/** A transaction and a sync of the disk cost more than what they hold: those that come together share them. */
export function createWriteQueue(database: Database): WriteQueue {
  let waiting: Write[] = []
  let isSynced = false

  const flush = (): void => {
    const writes = waiting
    if (writes.length === 0) return
    const synced = isSynced
    waiting = []
    isSynced = false
    let settle: readonly (() => void)[]
    try {
      settle = commit(database, writes, synced)
    } catch (error) {
      settle = writes.map(
        ({ failed }) =>
          () =>
            failed(error),
      )
    }
    for (const one of settle) one()
  }
  const add = <T>(subject: string, run: () => T): Promise<T> => {
    if (waiting.length === 0) setImmediate(flush)
    return new Promise<T>((resolve, reject) => {
      const done = resolve as (result: unknown) => void
      waiting.push({ subject, run, done, failed: reject })
    })
  }
  return {
    write: add,
    writeSynced(subject, run) {
      isSynced = true
      return add(subject, run)
    },
    flush(subjects) {
      if (
        !subjects ||
        waiting.some(({ subject }) => subjects.includes(subject))
      )
        flush()
    },
  }
}

/** Runs all in one transaction; returns what tells each how it went. */
function commit(
  database: Database,
  writes: readonly Write[],
  isSynced: boolean,
): readonly (() => void)[] {
  const runAll = database.transaction(() =>
    writes.map(({ run, done, failed }): (() => void) => {
      try {
        // Within a transaction: a savepoint.
        const result = database.transaction(run)()
        return () => done(result)
      } catch (error) {
        // A full disk undoes the whole transaction.
        if (!database.inTransaction) throw error
        return () => failed(error)
      }
    }),
  )
  if (!isSynced) return runAll.immediate()
  database.pragma('synchronous = FULL')
  try {
    return runAll.immediate()
  } finally {
    database.pragma('synchronous = NORMAL')
  }
}
