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
const blocksPerReorg = 200
const blocksPerPair = 20
/** Before the day begins: each chain's journal is full then. */
const blocksBefore = 300
/** Headers are remembered to a bound, then dropped all at once: not by all chains at the same time. */
const blocksApart = 350
/** How far what is dropped all at once moves the trend at most. */
const mostSwingMib = 4
/** A pointer: whatever is kept of each block takes more. */
const mostBytesPerBlock = 8
/** V8 takes room in large pieces, and gives it back late. */
const mostRssGrowthMib = 128
/** For a whole day. */
const mostSeconds = 600

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
        blocksPerReorg,
        blocksPerPair,
        store,
      }),
    )
  const seen: Sample[] = []
  let started = 0
  try {
    for (const [i, chain] of followed.entries())
      await chain.warmUp(blocksBefore + i * blocksApart)
    started = performance.now()
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
    for (const chain of followed) await chain.stop()
    await store.close()
    rmSync(folder, { recursive: true })
  }
  const seconds = (performance.now() - started) / 1000
  const blocks = sum(followed.map((chain) => chain.blocks))
  return [
    {
      title: `${(24 * share).toLocaleString('en')} hours of six chains' blocks: followed by their logs over reorgs, searched, with risk and ledger, in one process`,
      facts: [
        { name: 'blocks', value: blocks, unit: 'blocks' },
        {
          name: 'time',
          value: Math.round(seconds),
          unit: 's',
          ...(share === 1 && { atMost: mostSeconds }),
        },
        {
          name: 'blocks a second',
          value: Math.round(blocks / seconds),
          unit: '',
        },
        {
          name: 'opportunities',
          value: sum(followed.map(({ found }) => found)),
          unit: 'found',
        },
        {
          name: 'taken back by reorgs',
          value: sum(followed.map(({ reverted }) => reverted)),
          unit: 'blocks',
        },
        ...memoryFacts(seen, blocks),
      ],
      notes: [
        `blocks come from a node in this process: headers, logs and receipts, ${blocksPerReorg} blocks from reorg to reorg; ${blocksBefore} blocks of each chain or more go before, so that its journal is full`,
        `heap is measured right after a garbage collection; the growth is that of the trend from warm-up to end; its bound is ${mostSwingMib} MiB, for headers that are dropped all at once, and ${mostBytesPerBlock} bytes a block`,
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

/** @param blocks that all samples are of. */
function memoryFacts(seen: readonly Sample[], blocks: number): Fact[] {
  const warm = seen.slice(Math.floor(warmUpShare * seen.length))
  const first = warm[0]!
  const last = warm.at(-1)!
  const growth = trend(warm.map(({ heap }) => heap))
  const warmBlocks = (blocks * (warm.length - 1)) / seen.length
  return [
    {
      name: 'heap and buffers after warm-up',
      value: mib(first.heap),
      unit: 'MiB',
    },
    { name: 'at the end', value: mib(last.heap), unit: 'MiB' },
    {
      name: 'growth since warm-up',
      value: mib(growth),
      unit: 'MiB',
      atMost: mostSwingMib + mib(mostBytesPerBlock * warmBlocks),
    },
    {
      name: 'growth a block',
      value: Math.round(growth / warmBlocks),
      unit: 'bytes',
    },
    { name: 'RSS after warm-up', value: mib(first.rss), unit: 'MiB' },
    { name: 'RSS at the end', value: mib(last.rss), unit: 'MiB' },
    {
      name: 'growth of RSS since warm-up',
      value: mib(trend(warm.map(({ rss }) => rss))),
      unit: 'MiB',
      atMost: mostRssGrowthMib,
    },
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mib(bytes: number): number {
  return Number((bytes / mebibyte).toFixed(1))
}

function soonest(followed: readonly SoakChain[]): SoakChain {
  return followed.reduce((a, b) => (b.nextMs < a.nextMs ? b : a))
}
