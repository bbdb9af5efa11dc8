import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CannotAsk } from './question.ts'
import type { SearchGraph } from './searchGraph.ts'

const source = join(import.meta.dirname, '..', 'c', 'kernel.c')

/** The C twin of the kernel, at work on one graph in a process of its own. */
export type CTwin = {
  /** Scans for so long and returns each scan's milliseconds. */
  readonly timeRuns: (budgetMs: number) => Promise<number[]>
  /** Scans once: number of profitable cycles, sum of their profits and best inputs. */
  readonly show: () => Promise<readonly [number, number, number]>
  readonly close: () => void
}

/**
 * Compiles the twin with `gcc -O3 -march=native` and starts it on a graph.
 * @throws CannotAsk without gcc, or where it does not compile.
 */
export function startCTwin(graph: SearchGraph): CTwin {
  const folder = mkdtempSync(join(tmpdir(), 'apex-bench-'))
  const removeFolder = (): void => rmSync(folder, { recursive: true })
  const program = join(folder, 'kernel')
  const { error, status, stderr } = spawnSync(
    'gcc',
    ['-O3', '-march=native', source, '-lm', '-o', program],
    { encoding: 'utf8' },
  )
  if (error || status !== 0) {
    removeFolder()
    throw new CannotAsk(
      error ? 'there is no gcc' : `gcc did not compile the C twin:\n${stderr}`,
    )
  }
  const graphFile = join(folder, 'graph')
  writeFileSync(graphFile, serialise(graph))
  const child = spawn(program, [graphFile], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (command: string): Promise<number[]> => {
    child.stdin.write(`${command}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the C twin ended')
    return value.trim().split(' ').map(Number)
  }
  return {
    timeRuns: async (budgetMs) =>
      (await ask(`time ${Math.ceil(budgetMs)}`)).map((ns) => ns / 1e6),
    show: async () => {
      const [count, profit, amountIn] = await ask('show')
      return [count!, profit!, amountIn!]
    },
    close: () => {
      child.stdin.end()
      removeFolder()
    },
  }
}

/** The file that `c/kernel.c` reads. */
function serialise(graph: SearchGraph): Buffer {
  if (endianness() !== 'LE')
    throw new CannotAsk('the C twin reads little endian only')
  const integers = [
    Int32Array.of(graph.tokenCount, graph.edgeCount),
    ...[graph.rowStart, graph.baseEnd, graph.to, graph.pool],
  ]
  const length = integers.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return Buffer.concat([
    ...integers.map(bytesOf),
    Buffer.alloc((8 - (length % 8)) % 8),
    bytesOf(graph.rate),
    bytesOf(graph.curvature),
  ])
}

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: NodeJS.TypedArray): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
