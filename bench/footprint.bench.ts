import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { kernelBase64 } from '../src/engine/generated/kernel.ts'
import { createKernelSearch } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import { collectGarbage, median } from './support/measure.ts'
import { type Ask, CannotAsk, type Fact } from './support/question.ts'

const built = join(import.meta.dirname, '..', 'dist', 'index.js')
const sources = join(import.meta.dirname, '..', 'src')
const starts = 15
const scans = 500

/** What does the package weigh, and what does a scan leave behind? */
const ask: Ask = async () => {
  if (!isBuilt())
    throw new CannotAsk(
      'dist/ is missing or older than src/: run npm run build',
    )
  return [
    {
      title: 'weight of the package and of a scan of 1,000 generated pools',
      facts: [importTime(), moduleSize(), ...(await allocation())],
      notes: [
        `import: median of ${starts} processes, each importing dist/index.js once`,
        `allocation: mean over ${scans} scans`,
      ],
    },
  ]
}

export default ask

/** Whether dist/ is newer than every source. */
function isBuilt(): boolean {
  const time = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .every(
      ({ parentPath, name }) =>
        statSync(join(parentPath, name)).mtimeMs <= time,
    )
}

/** Timed inside a fresh process: starting Node itself does not count. */
function importTime(): Fact {
  const program = `const start = performance.now()
    await import(${JSON.stringify(pathToFileURL(built).href)})
    console.log(performance.now() - start)`
  const times = Array.from({ length: starts }, () =>
    Number(
      execFileSync(process.execPath, [
        '--input-type=module',
        '--eval',
        program,
      ]),
    ),
  )
  return {
    name: 'import of the package',
    value: Number(median(times).toFixed(1)),
    unit: 'ms',
    atMost: 50,
  }
}

function moduleSize(): Fact {
  return {
    name: 'WebAssembly module',
    value: Buffer.from(kernelBase64, 'base64').length,
    unit: 'bytes',
    atMost: 65_536,
  }
}

async function allocation(): Promise<Fact[]> {
  const kernel = await createKernelSearch(generateGraph(), weth)
  let kept = 0
  const scanAll = () => {
    for (let i = 0; i < scans; i++) kept += kernel.all(4, 100)
  }
  scanAll()
  collectGarbage()
  const memory = kernel.memoryBytes()
  const before = process.memoryUsage().heapUsed
  scanAll()
  const after = process.memoryUsage().heapUsed
  if (kept === 0) throw new Error('nothing was found')
  return [
    {
      name: 'JavaScript heap per kernel scan',
      value: Math.round((after - before) / scans),
      unit: 'bytes',
      // What the measurement itself leaves.
      atMost: 64,
    },
    {
      name: 'growth of WebAssembly memory over all scans',
      value: kernel.memoryBytes() - memory,
      unit: 'bytes',
      atMost: 0,
    },
  ]
}
