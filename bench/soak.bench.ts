import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chains } from '../src/adapters/chains/index.ts'
import { openSqliteStore } from '../src/adapters/stores/index.ts'
import { collectGarbage } from './support/measure.ts'
import type { Ask, Fact } from './support/question.ts'
import { createSoakChain, type SoakChain } from './support/soakChain.ts'

const { APEX_SOAK_SHARE } = process.env
/** Of a day. */
const share = Number(APEX_SOAK_SHARE ?? 0.01)
const dayMs = 86_400_000
const poolsPerChain = 500
/** The first part warms up: what is remembered fills to its bounds. */
const warmUpShare = 0.2
const samples = 25
const mebibyte = 2 ** 20
/** A row of the ledger each so many blocks of a chain, and a whole trade. */
const blocksPerRow = 10
const blocksPerTrade = 100
const mostGrowthMib = 8

/** Does memory stay flat over a day of six chains? */
const ask: Ask = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apex-soak-'))
  const store = await openSqliteStore(join(folder, 'apex.db'))
  const followed: SoakChain[] = []
  for (const [i, chain] of chains
    .filter(({ name }) => name !== 'local')
    .entries())
    followed.push(
      await createSoakChain({
        chain,
        seed: i,
        pools: poolsPerChain,
        blocksPerRow,
        blocksPerTrade,
        store,
      }),
    )
  const started = performance.now()
  const seen: Sample[] = []
  try {
    const lastMs = dayMs * share
    for (let sample = 1; sample <= samples; sample++) {
      const untilMs = (lastMs * sample) / samples
      // As in life, the chains' blocks come between each other's.
      for (
        let next = soonest(followed);
        next.nextMs <= untilMs;
        next = soonest(followed)
      )
        await next.nextBlock()
      seen.push(measureMemory())
    }
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
  const seconds = (performance.now() - started) / 1000
  const blocks = followed.reduce((sum, chain) => sum + chain.blocks, 0)
  return [
    {
      title: `${(24 * share).toLocaleString('en')} hours of six chains' blocks: decode, apply, scan, risk and ledger, in one process`,
      facts: [
        { name: 'blocks', value: blocks, unit: 'blocks' },
        { name: 'time', value: Math.round(seconds), unit: 's' },
        {
          name: 'blocks a second',
          value: Math.round(blocks / seconds),
          unit: '',
        },
        {
          name: 'opportunities',
          value: followed.reduce((sum, { found }) => sum + found, 0),
          unit: 'found',
        },
        ...memoryFacts(seen),
      ],
      notes: [
        'Heap is measured right after a garbage collection; the growth is that of the trend from warm-up to end',
        ...followed.map(
          ({ name, blocks }) =>
            `${name}: ${blocks.toLocaleString('en')} blocks`,
        ),
        `heap in MiB: ${seen.map(({ heap }) => mib(heap)).join(' ')}`,
        `RSS in MiB: ${seen.map(({ rss }) => Math.round(rss / mebibyte)).join(' ')}`,
      ],
    },
  ]
}

export default ask

type Sample = { readonly heap: number; readonly rss: number }

function measureMemory(): Sample {
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

function memoryFacts(seen: readonly Sample[]): Fact[] {
  const warm = seen.slice(Math.floor(warmUpShare * seen.length))
  const first = warm[0]!
  const last = warm.at(-1)!
  return [
    {
      name: 'heap and buffers after warm-up',
      value: mib(first.heap),
      unit: 'MiB',
    },
    { name: 'at the end', value: mib(last.heap), unit: 'MiB' },
    {
      name: 'growth since warm-up',
      value: mib(trend(warm.map(({ heap }) => heap))),
      unit: 'MiB',
      atMost: mostGrowthMib,
    },
    { name: 'RSS after warm-up', value: mib(first.rss), unit: 'MiB' },
    { name: 'RSS at the end', value: mib(last.rss), unit: 'MiB' },
  ]
}

/** How far the straight line of least squares rises from the first value to the last. */
function trend(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let over = 0
  let under = 0
  for (const [i, value] of values.entries()) {
    over += (i - middle) * (value - mean)
    under += (i - middle) ** 2
  }
  return under === 0 ? 0 : (over / under) * (values.length - 1)
}

function mib(bytes: number): number {
  return Number((bytes / mebibyte).toFixed(1))
}

function soonest(followed: readonly SoakChain[]): SoakChain {
  return followed.reduce((a, b) => (b.nextMs < a.nextMs ? b : a))
}
