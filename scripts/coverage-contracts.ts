/**
 * Measures which lines and branches of contracts/ the tests of test/contracts
 * pass, prints what they miss, and fails below 100 % of lines or 95 % of
 * branches. Contracts of contracts/world and contracts/lens, which are helpers
 * of simulations and read only, are not counted.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  instrument,
  type Point,
} from '../test/contracts/coverage/instrument.ts'

const least = { lines: 1, branches: 0.95 } as const

const { APEX_FUZZ: fuzzed } = process.env
const folder = await mkdtemp(join(tmpdir(), 'apex-coverage-'))
try {
  const { abi, bytecode, points } = instrument()
  await writeFile(
    join(folder, 'executor.json'),
    JSON.stringify({ abi, bytecode }),
  )
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/contracts/coverage/vitest.config.ts',
    ],
    {
      cwd: join(import.meta.dirname, '..'),
      stdio: 'inherit',
      env: {
        ...process.env,
        APEX_COVERAGE: folder,
        APEX_FUZZ: fuzzed ?? '1000',
      },
    },
  )
  if (status !== 0) throw new Error('the tests failed')
  process.exitCode = report(points, await readHits()) ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function readHits(): Promise<ReadonlySet<string>> {
  const files = (await readdir(folder)).filter((name) =>
    name.startsWith('hits-'),
  )
  const hits = await Promise.all(
    files.map(
      async (name): Promise<string[]> =>
        JSON.parse(await readFile(join(folder, name), 'utf8')),
    ),
  )
  return new Set(hits.flat())
}

/** Prints a line a file and what is missing; whether it is enough. */
function report(points: readonly Point[], hits: ReadonlySet<string>): boolean {
  const files = [...new Set(points.map(({ file }) => file))].sort()
  const totals = { lines: 0, passedLines: 0, branches: 0, passedBranches: 0 }
  for (const file of files) {
    const own = points.filter((point) => point.file === file)
    const branches = own.filter(({ kind }) => kind === 'branch')
    const missedBranches = branches.filter(({ tag }) => !hits.has(tag))
    // A line is passed when all its statements are.
    const statements = own.filter(({ kind }) => kind === 'statement')
    const lines = new Set(statements.map(({ line }) => line))
    const missed = statements.filter(({ tag }) => !hits.has(tag))
    const missedLines = new Set(missed.map(({ line }) => line))
    totals.lines += lines.size
    totals.passedLines += lines.size - missedLines.size
    totals.branches += branches.length
    totals.passedBranches += branches.length - missedBranches.length
    process.stdout.write(
      `${file}: lines ${lines.size - missedLines.size} of ${lines.size}, branches ${branches.length - missedBranches.length} of ${branches.length}\n`,
    )
    for (const { line, kind, text } of [...missed, ...missedBranches])
      process.stdout.write(`  line ${line}: ${kind} ${text}\n`)
  }
  const lines = totals.passedLines / totals.lines
  const branches = totals.passedBranches / totals.branches
  process.stdout.write(
    `lines ${percent(lines)} (${totals.passedLines} of ${totals.lines}), branches ${percent(branches)} (${totals.passedBranches} of ${totals.branches})\n`,
  )
  return lines >= least.lines && branches >= least.branches
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
