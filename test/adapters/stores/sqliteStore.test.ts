import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  openSqliteStore,
  StoreInvalidError,
} from '../../../src/adapters/stores/index.ts'
import {
  intentRow,
  opportunityRow,
  planRow,
  type Row,
} from '../../../src/adapters/stores/sqlite/rows.ts'
import {
  applicationId,
  migrations,
} from '../../../src/adapters/stores/sqlite/schema.ts'
import type { Intent } from '../../../src/market/executionStore.ts'
import type { Plan } from '../../../src/market/plan.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
  revertedOf,
} from '../../support/plans.ts'

const run = promisify(execFile)
const ledger = 'chain-1'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apex-sqlite-'))
  path = join(folder, 'apex.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs SQL on the file beside the store. */
function query<T>(sql: string): T[] {
  const database = new Database(path)
  try {
    return database.prepare(sql).all() as T[]
  } finally {
    database.close()
  }
}

/** A ledger with one transaction in flight, as an older program left it. */
function writeAsVersion(version: number, plan: Plan, intent: Intent): void {
  const old = new Database(path)
  for (const migration of migrations.slice(0, version)) old.exec(migration)
  old.pragma(`application_id = ${applicationId}`)
  old.pragma(`user_version = ${version}`)
  const insert = (table: string, row: Row): void => {
    const columns = Object.keys(row)
    old
      .prepare(
        `INSERT INTO ${table} (${columns}) VALUES (${columns.map((name) => `@${name}`)})`,
      )
      .run(row)
  }
  const opportunity = opportunityRow(ledger, plan.opportunity, undefined)
  insert('opportunities', { id: 1, ...opportunity })
  insert('plans', planRow(ledger, 1, plan))
  const { other_hashes: _, ...row } = intentRow(intent)
  insert('transactions', row)
  old.close()
}

describe('openSqliteStore', () => {
  it('default: makes a file that says whose it is and of which version', async () => {
    await (await openSqliteStore(path)).close()
    const database = new Database(path)
    expect(database.pragma('application_id', { simple: true })).toBe(
      applicationId,
    )
    expect(database.pragma('user_version', { simple: true })).toBe(
      migrations.length,
    )
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
  })

  it('default: a file of the first version is brought up to date with all that is in it', async () => {
    const old = new Database(path)
    old.exec(migrations[0]!)
    old.pragma(`application_id = ${applicationId}`)
    old.pragma('user_version = 1')
    old.exec(
      "INSERT INTO opportunities VALUES (7, 'chain-1', 100, NULL, '0x', '0x', 'WETH', 18, '', '[]', '1', '2', '1', NULL)",
    )
    old.close()
    const store = await openSqliteStore(path)
    expect(await store.readBreaker(ledger)).toBeUndefined()
    await store.close()
    expect(query('SELECT id FROM opportunities')).toEqual([{ id: 7 }])
    expect(query('PRAGMA user_version')).toEqual([
      { user_version: migrations.length },
    ])
  })

  it.each([1, 2])(
    'default: what version %i left in flight is settled',
    async (version) => {
      const plan = planOf(opportunityOf())
      const intent = intentOf(ledger, plan, 0)
      writeAsVersion(version, plan, intent)
      const store = await openSqliteStore(path)
      const { submitter: _, ...pending } = intent
      expect(await store.unfinished(ledger, plan.operator)).toEqual([pending])
      await store.recordEnding(ledger, landedOf(intent))
      expect(await store.trades(ledger)).toMatchObject([
        { txHash: intent.txHash, profit: plan.predictedProfit },
      ])
      await store.close()
    },
  )

  it('default: opened again, all is there', async () => {
    const first = await openSqliteStore(path)
    const plan = planOf(opportunityOf())
    await first.recordPlan(ledger, plan)
    await first.writeIntent(intentOf(ledger, plan, 0))
    await first.close()
    const second = await openSqliteStore(path)
    expect(await second.unfinished(ledger, plan.operator)).toHaveLength(1)
    await second.close()
  })

  it('default: an empty file is a new one', async () => {
    writeFileSync(path, '')
    await (await openSqliteStore(path)).close()
    expect(query('SELECT * FROM trades')).toEqual([])
  })

  it('error: a text file is left as it is', async () => {
    const text = 'my shopping list, longer than a header of 100 bytes. '.repeat(
      9,
    )
    writeFileSync(path, text)
    await expect(openSqliteStore(path)).rejects.toThrow(
      /cannot be used as a store: it is no SQLite database/,
    )
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('error: the database of another program is left as it is', async () => {
    const other = new Database(path)
    other.exec('CREATE TABLE notes (text TEXT)')
    other.close()
    const before = readFileSync(path)
    const opening = openSqliteStore(path)
    await expect(opening).rejects.toThrow(StoreInvalidError)
    await expect(opening).rejects.toMatchObject({ code: 'STORE_INVALID' })
    await expect(opening).rejects.toThrow(/another program/)
    expect(readFileSync(path)).toEqual(before)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  it('error: another program may have an application id of its own', async () => {
    const other = new Database(path)
    other.pragma('application_id = 1')
    other.close()
    await expect(openSqliteStore(path)).rejects.toThrow(/another program/)
  })

  it('error: a file of a newer program names both versions', async () => {
    await (await openSqliteStore(path)).close()
    const newer = new Database(path)
    newer.pragma(`user_version = ${migrations.length + 1}`)
    newer.close()
    await expect(openSqliteStore(path)).rejects.toThrow(
      `it is of version ${migrations.length + 1}, this program knows up to ${migrations.length}`,
    )
  })

  it('error: a folder that does not exist is said so', async () => {
    const opening = openSqliteStore(join(folder, 'nowhere', 'apex.db'))
    await expect(opening).rejects.toThrow(StoreInvalidError)
    await expect(opening).rejects.toThrow(/folder does not exist/)
  })

  it('error: a folder is no store', async () => {
    await expect(openSqliteStore(folder)).rejects.toThrow(StoreInvalidError)
  })

  it('error: damaged pages are an error of ours', async () => {
    await (await openSqliteStore(path)).close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 4096, 4096 * 3)
    writeFileSync(path, bytes)
    const use = async (): Promise<void> => {
      const store = await openSqliteStore(path)
      try {
        await store.recordPlan(ledger, planOf(opportunityOf()))
      } finally {
        await store.close()
      }
    }
    await expect(use()).rejects.toThrow(StoreInvalidError)
  })
})

describe('better-sqlite3', () => {
  it('error: where it is not installed the message says what to install', async () => {
    const store = pathToFileURL(
      join(import.meta.dirname, '../../../src/adapters/stores/index.ts'),
    )
    const { stdout } = await run(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { registerHooks } from 'node:module'
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === 'better-sqlite3') throw new Error('not found')
          return next(specifier, context)
        },
      })
      const { openSqliteStore } = await import('${store}')
      const error = await openSqliteStore('x.db').catch((error) => error)
      console.log(JSON.stringify([error.code, error.hint]))`,
    ])
    expect(JSON.parse(stdout)).toEqual([
      'PACKAGE_MISSING',
      'run: npm install better-sqlite3',
    ])
  })
})

describe('file', () => {
  it('behavior: the index of nonces binds every process that has the file open', async () => {
    const [ours, theirs] = [
      await openSqliteStore(path),
      await openSqliteStore(path),
    ]
    const [a, b] = [0, 1].map((nth) => planOf(opportunityOf(), nth))
    await ours.recordPlan(ledger, a!)
    await theirs.recordPlan(ledger, b!)
    await ours.writeIntent(intentOf(ledger, a!, 0))
    await expect(theirs.writeIntent(intentOf(ledger, b!, 0))).rejects.toThrow(
      StoreInvalidError,
    )
    await ours.close()
    await theirs.close()
  })

  it('behavior: a process that dies after writing an intent leaves it readable', async () => {
    const dying = await openSqliteStore(path)
    const plan = planOf(opportunityOf())
    await dying.recordPlan(ledger, plan)
    await dying.writeIntent(intentOf(ledger, plan, 0))
    // Not closed: the write-ahead log is all there is.
    const next = await openSqliteStore(path)
    expect(await next.unfinished(ledger, plan.operator)).toHaveLength(1)
    await next.close()
    await dying.close()
  })

  it('behavior: a decision that cannot be written leaves no opportunity behind', async () => {
    const store = await openSqliteStore(path)
    const opportunity = opportunityOf()
    const decision = { opportunity, stage: 'plan', verdict: 'x' } as const
    await expect(
      store.recordDecision(ledger, { ...decision, detail: {} as string }),
    ).rejects.toThrow()
    expect(query('SELECT * FROM opportunities')).toEqual([])
    await store.recordDecision(ledger, { ...decision, detail: null })
    expect(query('SELECT * FROM opportunities')).toHaveLength(1)
    await store.close()
  })

  it('default: the views answer what people ask', async () => {
    const store = await openSqliteStore(path)
    for (const [nonce, end] of [landedOf, revertedOf, landedOf].entries()) {
      const plan = planOf(opportunityOf(), nonce)
      await store.recordPlan(ledger, plan)
      const intent = intentOf(ledger, plan, nonce)
      await store.writeIntent(intent)
      await store.recordEnding(ledger, end(intent))
    }
    await store.close()
    expect(
      query('SELECT time, route, lender, as_predicted, profit FROM trades'),
    ).toEqual(
      Array(2).fill({
        time: '2023-11-14 22:33:32',
        route: 'uniswap-v2 > sushi',
        lender: 'balancer-v2',
        as_predicted: 1,
        profit: '49999999999999993',
      }),
    )
    expect(
      query('SELECT nonce, status, reason FROM sent ORDER BY nonce'),
    ).toEqual([
      { nonce: 0, status: 'landed', reason: null },
      {
        nonce: 1,
        status: 'reverted',
        reason: 'hop 2 of 2 failed: "UniswapV2: K"',
      },
      { nonce: 2, status: 'landed', reason: null },
    ])
    const [byLender] = query<{ trades: number }>(
      'SELECT * FROM profit_by_lender',
    )
    expect(byLender).toMatchObject({ lender: 'balancer-v2', trades: 2 })
    expect(query('SELECT * FROM profit_by_route')).toHaveLength(1)
  })

  it('default: every amount is decimal text, no column is floating point', async () => {
    await (await openSqliteStore(path)).close()
    const columns = query<{ table: string; type: string }>(
      "SELECT m.name AS 'table', c.type FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    )
    expect(columns.length).toBeGreaterThan(60)
    for (const { type } of columns) expect(['TEXT', 'INTEGER']).toContain(type)
  })
})
