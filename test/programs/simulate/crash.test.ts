import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { beginRun } from '../../../src/programs/simulate/openLedger.ts'

const { APEX_KILLS = '3' } = process.env
/** How often to kill; the full test is 50. */
const kills = Number(APEX_KILLS)
/** Somewhere between set-up and many blocks later: lines heard before the kill. */
const mostLines = 120
const childScript = join(import.meta.dirname, 'support/crashChild.ts')
const outcomes = ['landed', 'reverted', 'dropped', 'refused']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-crash-'))
})
afterAll(() => rm(folder, { recursive: true }))

it(`a run killed ${kills} times loses and doubles no row, and uses no nonce twice`, {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  const file = join(folder, 'ledger.sqlite')
  const random = createSeededRandom(20)
  let unfinishedSeen = 0
  for (let kill = 1; kill <= kills; kill++) {
    const lines = 1 + Math.floor(random.next() * mostLines)
    const delayMs = random.next() * 30
    const told = await runAndKill(file, kill, lines, delayMs)
    expect(told.run).toBe(`simulate-${kill}`)
    expect(told.intents.size).toBeGreaterThan(0)
    unfinishedSeen += await check(file, told)
  }
  // Some kill has hit between a send and its block.
  if (kills >= 20) expect(unfinishedSeen).toBeGreaterThan(0)
})

/** Holds the file against what was acknowledged; returns how many transactions were open. */
async function check(file: string, told: Told): Promise<number> {
  const database = new Sqlite(file)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  const rows = database
    .prepare(
      'SELECT hash, account, nonce, status FROM transactions WHERE ledger = ?',
    )
    .all(told.run) as Row[]
  database.close()

  const byHash = new Map(rows.map((row) => [row.hash, row]))
  expect(byHash.size).toBe(rows.length)
  const mined = rows.filter(
    ({ status }) => !['dropped', 'refused'].includes(status),
  )
  const nonces = mined.map(({ account, nonce }) => `${account} ${nonce}`)
  expect(new Set(nonces).size).toBe(nonces.length)

  for (const [hash, { nonce, account }] of told.intents)
    expect(byHash.get(hash)).toMatchObject({ nonce, account })
  for (const [hash, kind] of told.endings)
    expect(byHash.get(hash)?.status).toBe(kind)
  // What was written and not acknowledged any more: at most the one row in hand.
  expect(rows.length - told.intents.size).toBeLessThanOrEqual(1)

  const open = rows.filter(({ status }) => !outcomes.includes(status))
  const store = await openSqliteStore(file)
  const account = [...told.intents.values()][0]!.account
  const unfinished = await store.unfinished(told.run, account)
  expect(unfinished.map(({ txHash }) => txHash).sort()).toEqual(
    open.map(({ hash }) => hash).sort(),
  )
  for (const { txHash, terms, nonce } of unfinished) {
    expect(byHash.get(txHash)?.nonce).toBe(nonce)
    expect(terms.predictedProfit).toBeGreaterThan(0n)
  }

  // The next run ends them: their chain died with the process.
  const next = await beginRun(store)
  expect(next.abandoned).toBe(open.length)
  expect(await store.unfinished(told.run, account)).toEqual([])
  expect((await beginRun(store)).abandoned).toBe(0)
  await store.close()
  return open.length
}

type Row = {
  readonly hash: string
  readonly account: string
  readonly nonce: number
  readonly status: string
}

type Told = {
  readonly run: string
  readonly intents: ReadonlyMap<
    string,
    { readonly nonce: number; readonly account: `0x${string}` }
  >
  readonly endings: ReadonlyMap<string, string>
}

/** Starts a run and kills it a moment after so many lines. */
async function runAndKill(
  file: string,
  seed: number,
  lines: number,
  delayMs: number,
): Promise<Told> {
  const child = spawn(process.execPath, [childScript, file, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [text, errors, isDying] = ['', '', false]
  child.stderr.on('data', (piece) => {
    errors += piece
  })
  child.stdout.on('data', (piece) => {
    text += piece
    if (isDying || text.split('\n').length <= lines + 1) return
    isDying = true
    setTimeout(() => child.kill('SIGKILL'), delayMs)
  })
  const signal = await new Promise<string | null>((resolve) => {
    child.on('close', (_, name) => resolve(name))
  })
  expect(signal, errors).toBe('SIGKILL')
  return read(text)
}

function read(text: string): Told {
  const intents: [string, { nonce: number; account: `0x${string}` }][] = []
  const endings: [string, string][] = []
  let run = ''
  // The last line may be cut.
  for (const line of text.split('\n').slice(0, -1)) {
    const [kind, first, second, third] = line.split(' ')
    if (kind === 'run') run = first!
    if (kind === 'intent')
      intents.push([
        first!,
        { nonce: Number(second), account: third as `0x${string}` },
      ])
    if (kind === 'ending') endings.push([first!, second!])
  }
  return { run, intents: new Map(intents), endings: new Map(endings) }
}
