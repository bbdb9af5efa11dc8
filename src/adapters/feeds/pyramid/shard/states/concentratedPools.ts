import type { Hex } from '../../../../../core/hex.ts'
import { maxTick, minTick } from '../../../../../engine/reference/tickMath.ts'
import type {
  FoundPool,
  PoolReading,
  PoolsToRead,
  TickWindow,
} from '../../found.ts'
import type { CallReader } from '../../lane/callReader.ts'
import { wordAt } from '../../lane/words.ts'
import type { Head, MakeTickSource, TickSource } from './tickSource.ts'

const bitsInWord = 256
/** Node 0 of Algebra's tree begins at word -3466: ceil(887272 / 256). */
const treeOffset = 3466

/**
 * Pools with ticks: the price first, then the words of the bitmap that the
 * window names, then each tick that has a bit. `knownTicks` says how far the
 * words reached; beyond it nothing is invented.
 */
export async function readConcentratedPools(
  reader: CallReader,
  { dex, pools, windowOf }: PoolsToRead,
  makeSource: MakeTickSource,
): Promise<readonly PoolReading[]> {
  const drafts = await readHeads(reader, pools, (pool) => makeSource(dex, pool))
  const alive = drafts.filter((draft) => draft.head !== undefined)
  await planWords(reader, alive, windowOf)
  const plain = await readThroughLens(reader, alive)
  await readBitmaps(reader, plain)
  await readTicks(reader, plain)
  return drafts.map((draft): PoolReading => {
    const { pool, head, ticks, knownTicks, reason } = draft
    if (reason !== undefined || head === undefined)
      return { reason: reason ?? 'the pool does not answer' }
    const { ticksPerBit: _, treeRoot: __, ...state } = head
    return {
      address: pool.address,
      dex: dex.name,
      tokens: pool.tokens,
      family: 'concentrated',
      ...state,
      ticks,
      knownTicks,
    }
  })
}

/** A pool on the way from its price to its ticks. */
type Draft = {
  readonly pool: FoundPool
  readonly source: TickSource
  head: Head | undefined
  words: readonly number[]
  knownTicks: readonly [number, number]
  marked: readonly number[]
  ticks: readonly (readonly [number, bigint])[]
  /** Why it is kept out. */
  reason: string | undefined
}

async function readHeads(
  reader: CallReader,
  pools: readonly FoundPool[],
  sourceOf: (pool: FoundPool) => TickSource,
): Promise<readonly Draft[]> {
  const sources = pools.map(sourceOf)
  const answers = await readEach(reader, sources, ({ headCalls }) => headCalls)
  return pools.map((pool, i) => {
    const source = sources[i]!
    const head = source.head(answers[i]!)
    return {
      pool,
      source,
      head: typeof head === 'string' ? undefined : head,
      words: [],
      knownTicks: [minTick, maxTick],
      marked: [],
      ticks: [],
      reason: typeof head === 'string' ? head : undefined,
    }
  })
}

/** Chooses the words to read, and says how far they reach. */
async function planWords(
  reader: CallReader,
  drafts: readonly Draft[],
  windowOf: (pool: FoundPool) => TickWindow,
): Promise<void> {
  for (const draft of drafts) {
    const { head, pool, source } = draft
    // A tree tells which words of the whole scale have ticks.
    if (source.treeCall && head!.treeRoot !== undefined) continue
    const [first, last] = wordRange(head!, windowOf(pool))
    draft.words = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    const ticksInWord = bitsInWord * head!.ticksPerBit
    draft.knownTicks = [
      Math.max(first * ticksInWord, minTick),
      // The next word may begin with a tick: what ends before it is known.
      Math.min((last + 1) * ticksInWord - head!.ticksPerBit, maxTick),
    ]
    const [lowest, highest] = wordRange(head!, { range: [minTick, maxTick] })
    draft.knownTicks = [
      first === lowest ? minTick : draft.knownTicks[0],
      last === highest ? maxTick : draft.knownTicks[1],
    ]
  }
  await readTrees(
    reader,
    drafts.filter(
      ({ source, head }) => source.treeCall && head!.treeRoot !== undefined,
    ),
  )
}

async function readTrees(
  reader: CallReader,
  drafts: readonly Draft[],
): Promise<void> {
  const nodes = drafts.map(({ head }) => bitsOf(head!.treeRoot!))
  const answers = await readEach(reader, drafts, ({ source }, i) =>
    nodes[i]!.map((node) => source.treeCall!(node)),
  )
  for (const [i, draft] of drafts.entries()) {
    const words: number[] = []
    for (const [j, node] of nodes[i]!.entries()) {
      const bits = wordAt(answers[i]![j], 0)
      if (bits === undefined) draft.reason = 'the pool does not tell its ticks'
      for (const bit of bitsOf(bits ?? 0n))
        words.push(node * bitsInWord + bit - treeOffset)
    }
    draft.words = words
  }
}

/** Reads bitmap and ticks in one; returns the pools that are to be read in the plain way. */
async function readThroughLens(
  reader: CallReader,
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  const readable = drafts.filter(
    ({ source, words }) => source.isLensReadable && words.length > 0,
  )
  const lens = readable.length > 0 ? await reader.lens() : undefined
  if (!lens) return drafts
  const lists = await lens.ticks(
    readable.map(({ pool, words, head }) => ({
      pool: pool.address,
      words: [words[0]!, words.at(-1)!],
      ticksPerBit: head!.ticksPerBit,
    })),
  )
  const read = new Set<Draft>()
  for (const [i, draft] of readable.entries()) {
    const ticks = lists[i]
    if (!ticks) continue
    draft.ticks = ticks
    read.add(draft)
  }
  return drafts.filter((draft) => !read.has(draft))
}

async function readBitmaps(
  reader: CallReader,
  drafts: readonly Draft[],
): Promise<void> {
  const answers = await readEach(reader, drafts, ({ source, words }) =>
    words.map((word) => source.bitmapCall(word)),
  )
  for (const [i, draft] of drafts.entries()) {
    const marked: number[] = []
    for (const [j, word] of draft.words.entries()) {
      const bits = wordAt(answers[i]![j], 0)
      if (bits === undefined) draft.reason = 'the pool does not tell its ticks'
      for (const bit of bitsOf(bits ?? 0n))
        marked.push((word * bitsInWord + bit) * draft.head!.ticksPerBit)
    }
    draft.marked = marked
  }
}

async function readTicks(
  reader: CallReader,
  drafts: readonly Draft[],
): Promise<void> {
  const answers = await readEach(reader, drafts, ({ source, marked }) =>
    marked.map((tick) => source.tickCall(tick)),
  )
  for (const [i, draft] of drafts.entries()) {
    const ticks: (readonly [number, bigint])[] = []
    for (const [j, tick] of draft.marked.entries()) {
      const info = draft.source.tickOf(answers[i]![j])
      if (!info) draft.reason = 'the pool does not tell its ticks'
      else if (info.liquidityGross !== 0n) ticks.push([tick, info.liquidityNet])
    }
    draft.ticks = ticks
  }
}

/** The words, first and last, that a window opens on: the price's is among them. */
function wordRange(
  { tick, ticksPerBit }: Head,
  window: TickWindow,
): readonly [number, number] {
  const wordOf = (at: number): number =>
    Math.floor(Math.floor(at / ticksPerBit) / bitsInWord)
  const [lowest, highest] = [
    // Towards zero: a bit stands for a multiple of the spacing within the scale.
    Math.floor(Math.ceil(minTick / ticksPerBit) / bitsInWord),
    wordOf(maxTick),
  ]
  const within = (at: number): number => Math.max(lowest, Math.min(highest, at))
  const here = within(wordOf(tick))
  if ('range' in window) {
    const [low, high] = window.range
    return [
      Math.min(here, within(wordOf(low))),
      Math.max(here, within(wordOf(high))),
    ]
  }
  const words =
    'words' in window
      ? window.words
      : Math.ceil(window.ticks / (bitsInWord * ticksPerBit))
  const count = Math.max(1, words)
  if (count >= highest - lowest + 1) return [lowest, highest]
  const first = within(here - Math.floor(count / 2))
  const last = within(first + count - 1)
  return [Math.max(lowest, last - count + 1), last]
}

/** The places of the bits of a word, rising. */
function bitsOf(bits: bigint): readonly number[] {
  const places: number[] = []
  const digits = bits.toString(2)
  for (let i = digits.length - 1; i >= 0; i--)
    if (digits[i] === '1') places.push(digits.length - 1 - i)
  return places
}

/** The answers to the calls of each item, read together. */
async function readEach<Item>(
  reader: CallReader,
  items: readonly Item[],
  callsOf: (item: Item, index: number) => TickSource['headCalls'],
): Promise<readonly (readonly (Hex | undefined)[])[]> {
  const calls = items.map(callsOf)
  const answers = await reader.read(calls.flat())
  let at = 0
  return calls.map(({ length }) => {
    at += length
    return answers.slice(at - length, at)
  })
}
