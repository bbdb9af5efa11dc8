import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/adapters/stores/index.ts'
import { newFolder } from '../support/newFolder.ts'
import { intentOf, opportunityOf, planOf } from '../support/plans.ts'
import { runCli } from '../support/runCli.ts'

const path = newFolder()
const ledger = 'chain-1'
const account = planOf(opportunityOf()).operator
const writer = join(import.meta.dirname, '../support/ledgerWriter.ts')

let config: string
let database: string
let tests = 0
beforeEach(() => {
  tests += 1
  config = path(`apex${tests}.toml`)
  database = path(`apex${tests}.sqlite`)
  writeFileSync(config, `database = "${database}"\n`)
})

const backup = (to: string) => runCli(['bot', 'backup', to, '--config', config])

async function writeNonces(count: number): Promise<void> {
  const store = await openSqliteStore(database)
  for (let nonce = 0; nonce < count; nonce++) {
    const plan = planOf(opportunityOf(100), nonce)
    await store.recordPlan(ledger, plan)
    await store.writeIntent(intentOf(ledger, plan, nonce))
  }
  await store.close()
}

async function noncesIn(file: string): Promise<readonly number[]> {
  const store = await openSqliteStore(file)
  const unfinished = await store.unfinished(ledger, account)
  await store.close()
  return unfinished.map(({ nonce }) => nonce)
}

it('default: the copy is a store with all that was written', async () => {
  await writeNonces(5)
  const to = path('copy.sqlite')
  const { exitCode, stdout } = await backup(to)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/ copied to .*copy\.sqlite, [\d,]+ bytes\n$/)
  expect(await noncesIn(to)).toEqual([0, 1, 2, 3, 4])
  expect(existsSync(`${to}.part`)).toBe(false)
})

it('behavior: copies taken while another process writes are of one moment each', async () => {
  await writeNonces(1)
  const child = spawn(process.execPath, [writer, database], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const counts: number[] = []
  for (let i = 0; i < 5; i++) {
    const to = path(`during${i}.sqlite`)
    expect((await backup(to)).exitCode).toBe(0)
    const nonces = await noncesIn(to)
    // None is missing between others.
    expect(nonces).toEqual(nonces.map((_, nonce) => nonce))
    counts.push(nonces.length)
  }
  child.stdin.end()
  await once(child, 'exit')
  expect(counts.toSorted((a, b) => a - b)).toEqual(counts)
  // It did go on writing meanwhile.
  expect((await noncesIn(database)).length).toBeGreaterThan(counts[0]!)
}, 30_000)

it('error: nothing is overwritten', async () => {
  await writeNonces(1)
  const to = path('kept.txt')
  writeFileSync(to, 'mine')
  const { exitCode, stderr } = await backup(to)
  expect(exitCode).toBe(2)
  expect(stderr).toContain('exists already')
  expect(readFileSync(to, 'utf8')).toBe('mine')
})

it('error: there is no database yet', async () => {
  const { exitCode, stderr } = await backup(path('none.sqlite'))
  expect(exitCode).toBe(2)
  expect(stderr).toContain('there is no database')
})

it('error: a damaged database gives no copy', async () => {
  await writeNonces(200)
  const bytes = readFileSync(database)
  bytes.fill(0xff, 8 * 4096, 30 * 4096)
  writeFileSync(database, bytes)
  const to = path('damaged.sqlite')
  const { exitCode, stderr } = await backup(to)
  expect(exitCode).toBe(2)
  expect(stderr).toContain('malformed')
  expect(existsSync(to)).toBe(false)
  expect(existsSync(`${to}.part`)).toBe(false)
})

it('error: the folder it should go to does not exist', async () => {
  await writeNonces(1)
  const { exitCode, stderr } = await backup(path('none/copy.sqlite'))
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/^apex: /)
})
