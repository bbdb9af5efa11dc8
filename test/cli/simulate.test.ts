import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeMarketFile } from '../../src/market/marketFile.ts'
import { readHistory } from '../../src/programs/history.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { until } from '../support/wait.ts'

const small = ['simulate', '--pools', '24', '--tokens', '6', '--seed', '3']
const short = [...small, '--blocks', '5', '--competitors', '1']
/** The command line from its source, in a process of its own. */
const script = `
  import { main } from ${JSON.stringify(join(import.meta.dirname, '../../src/cli/index.ts'))}
  process.exitCode = await main(['node', 'apex', ...process.argv.slice(1)])`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-cli-simulate-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('apex simulate', () => {
  it('behavior: two processes print the same, byte for byte, as text and as JSON', async () => {
    const [a, b] = await Promise.all([inProcess(short), inProcess(short)])
    expect(a.exitCode, a.stderr).toBe(0)
    expect(a.stdout).toBe(b.stdout)
    expect(a.stdout).toContain('with exactly the predicted profit')
    expect(a.stdout).toContain('net profit')
    const [c, d] = await Promise.all([
      inProcess([...short, '--json']),
      inProcess([...short, '--json', '--db', join(folder, 'same.sqlite')]),
    ])
    expect(c.exitCode, c.stderr).toBe(0)
    expect(c.stdout).toBe(d.stdout)
    expect(JSON.parse(c.stdout)).toMatchObject({ blocks: 5, faults: [] })
    expect(d.stderr).toContain('ledger simulate-1 in ')
  })

  it('default: what is of the clock goes to stderr, without a terminal nothing else', async () => {
    const { stderr, stdout } = await runCli(short)
    expect(stderr).toMatch(
      /^set-up [\d.]+ s, loop [\d.]+ s \([\d.]+ blocks\/s\), searches \d+ \([\d,]+\/s\), planned and simulated \d+ \([\d,-]+\/s\)\n$/,
    )
    expect(stdout).not.toContain('blocks/s')
  })

  it('behavior: a table stays in its place on a terminal and is gone at the end', async () => {
    const { stderr } = await runCli(short, { stderrColumns: 90 })
    expect(stderr).toContain('deploying 24 pools')
    expect(stderr).toContain('pools changed')
    expect(stderr).toMatch(/5 of 5/)
    const afterTable = stderr.split('\u001b[J').at(-1)!
    expect(afterTable).toMatch(/^set-up /)
    const widths = stripVTControlCharacters(stderr)
      .split(/[\r\n]/)
      .filter((line) => !line.startsWith('set-up '))
      .map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThan(90)
  })

  it('behavior: --record writes a history', async () => {
    const target = join(folder, 'recorded')
    const run = await runCli([...short, '--record', target])
    expect(run.exitCode).toBe(0)
    expect((await readdir(target)).sort()).toEqual([
      'history.jsonl.gz',
      'market.jsonl.gz',
    ])
    const again = await runCli([...short, '--record', target])
    expect(again.exitCode).toBe(2)
    expect(again.stderr).toMatch(
      /^apex: .*recorded is not empty: 2 entries.*\n$/,
    )
  })
})

describe('mistakes', () => {
  beforeAll(async () => {
    const market = drawMarket({ pools: 4, tokens: 4, seed: 1 })
    await writeMarketFile(join(folder, 'market.jsonl'), market)
    await writeFile(join(folder, 'notes.sqlite'), 'this is no database at all')
  })

  it.each([
    [['--blocks', '0'], '--blocks is no whole number'],
    [['--pools', '500', '--tokens', '3'], '500 pools do not fit on 3 tokens'],
    [['--competitors', '99'], '--competitors is no whole number in 0 … 20'],
    [['--block', '7'], '--block belongs to --fork'],
    [['--market', 'x.jsonl'], '--market belongs to --fork'],
    [['--fork', 'http://127.0.0.1:1'], '--fork needs the block'],
    [
      ['--fork', 'http://127.0.0.1:1', '--block', '7'],
      '--fork needs the pools to trade: --market FILE',
    ],
    [
      ['--fork', 'ws://127.0.0.1:1', '--block', '7', '--market', 'x.jsonl'],
      '--fork is no http or https URL',
    ],
    [
      ['--fork', 'env:APEX_NO_SUCH', '--block', '7', '--market', 'x.jsonl'],
      'APEX_NO_SUCH',
    ],
  ])('error: %j', async (args, message) => {
    const run = await runCli(['simulate', ...args])
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain(message)
    expect(run.stderr.split('\n')).toHaveLength(2)
  })

  it('error: a file that is no database is one line', async () => {
    const file = join(folder, 'notes.sqlite')
    const run = await runCli([...short, '--db', file])
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain('it is no SQLite database')
    expect(run.stderr.split('\n')).toHaveLength(2)
  })

  it('error: a node that does not answer is one line without its URL', async () => {
    const run = await runCli([
      'simulate',
      ...['--fork', 'http://127.0.0.1:1/secret-key', '--block', '7'],
      ...['--market', join(folder, 'market.jsonl')],
    ])
    expect(run).toMatchObject({ stdout: '' })
    expect(run.exitCode).not.toBe(0)
    expect(run.stderr).not.toContain('secret-key')
    expect(run.stderr.split('\n')).toHaveLength(2)
  })
})

describe('SIGINT', () => {
  const endless = [...small, '--blocks', '1000000']

  it('behavior: the first ends the run after its block, with the summary', async () => {
    const target = join(folder, 'stopped')
    const args = [...endless, '--competitors', '0', '--record', target]
    const run = await inProcess(args, async (child) => {
      await until(() => hasBlocks(target))
      child.kill('SIGINT')
    })
    expect(run.exitCode, run.stderr).toBe(0)
    expect(run.stdout).toContain('stopped early')
    expect(run.stderr).toContain('stopping: the run ends after this block')
    let blocks = 0
    for await (const _ of readHistory(join(target, 'history.jsonl.gz')))
      blocks++
    expect(run.stdout).toMatch(new RegExp(`^${blocks} blocks of chain`))
  })

  it('behavior: the second ends it at once', async () => {
    const target = join(folder, 'ended')
    // So many that a block takes longer than the way of a signal.
    const args = [...endless, '--competitors', '16', '--record', target]
    const run = await inProcess(args, async (child) => {
      let heard = ''
      child.stderr!.on('data', (piece) => {
        heard += piece
      })
      await until(async () => (await sizeOf(target, 'market.jsonl.gz')) > 0)
      child.kill('SIGINT')
      await until(async () => heard.includes('stopping'))
      child.kill('SIGINT')
    })
    expect(run.exitCode, run.stderr).toBe(130)
    expect(run.stdout).toBe('')
  })
})

async function inProcess(
  args: readonly string[],
  meanwhile: (child: ChildProcess) => Promise<void> = async () => {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
    '--',
    ...args,
  ])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (piece) => {
    stdout += piece
  })
  child.stderr.on('data', (piece) => {
    stderr += piece
  })
  const closed = new Promise<number>((resolve) => {
    child.on('close', (code) => resolve(code ?? -1))
  })
  await meanwhile(child)
  return { exitCode: await closed, stdout, stderr }
}

async function hasBlocks(target: string): Promise<boolean> {
  return (await sizeOf(target, 'history.jsonl.gz')) > 100
}

/** Bytes; 0 where there is no such file. */
async function sizeOf(target: string, file: string): Promise<number> {
  return await stat(join(target, file)).then(
    ({ size }) => size,
    () => 0,
  )
}
