import { poolLensRuntimeBytecode } from '../../../../contracts/generated/poolLens.ts'
import type { Hex } from '../../../../core/hex.ts'
import { BatchSize } from './batchSize.ts'
import { inLanes } from './inLanes.ts'
import {
  answersIn,
  encodeCalls,
  encodeTicks,
  type LensCall,
  type LensTicks,
  type TickList,
  ticksIn,
} from './lensWords.ts'
import { mostAttempts, nodeFault, pause, waitMs } from './nodeFaults.ts'
import { callOf, word } from './words.ts'

/**
 * Reads through PoolLens, whose code each call brings along: a part of the bytes
 * that Multicall3 takes.
 */
export type Lens = {
  /** How many calls are right for a `read` now. */
  readonly callSize: BatchSize
  /**
   * What each call returns, cut to the words that were wanted; undefined where
   * it fails. Undefined as a whole where they cannot be read so.
   * @throws RpcError where the node is asked too often.
   */
  read(
    calls: readonly LensCall[],
  ): Promise<readonly (Hex | undefined)[] | undefined>
  /**
   * The ticks of pools; undefined where they cannot be read so, and are to be
   * read in the plain way: nothing is thrown for it.
   */
  ticks(pools: readonly LensTicks[]): Promise<readonly (TickList | undefined)[]>
}

/** Asks a call at the block, with code that is put in place for it. */
export type AskWithCode = (
  call: { readonly to: Hex; readonly data: Hex },
  overrides: object,
) => Promise<unknown>

/** Where the code is put for the time of a call: nobody has this address. */
const place: Hex = '0x00000000000000000000000000000000a9e81e25'
const overrides = { [place]: { code: poolLensRuntimeBytecode } }
/** A call costs the node about 10,000 gas. */
const startCalls = 500
const mostCalls = 2000
/** A word costs the node about 3,000 gas; many nodes give a call 50 million. */
const startWords = 4000
const mostWords = 10_000

/** Opens the lens; undefined where the node runs no code that a call brings along. */
export async function openLens(
  askWithCode: AskWithCode,
  signal: AbortSignal | undefined,
): Promise<Lens | undefined> {
  const ask = (data: Hex): Promise<unknown> =>
    askWithCode({ to: place, data }, overrides)
  if (!(await isReady(ask, signal))) return undefined
  const callSize = new BatchSize(startCalls, mostCalls)
  const size = new BatchSize(startWords, mostWords)

  const readTicks = async (
    pools: readonly LensTicks[],
    attempt = 0,
  ): Promise<readonly (TickList | undefined)[]> => {
    const weight = pools.reduce((sum, pool) => sum + wordsOf(pool), 0)
    try {
      const lists = ticksIn(await ask(encodeTicks(pools)), pools.length)
      if (!lists) return pools.map(() => undefined)
      size.answered(weight)
      return lists
    } catch (error) {
      const fault = nodeFault(error)
      if (fault === 'rate' || fault === 'silence')
        await pause(waitMs(attempt), signal)
      if (attempt >= mostAttempts) return pools.map(() => undefined)
      if (fault === 'rate') return await readTicks(pools, attempt + 1)
    }
    size.refused(weight)
    if (pools.length === 1) return [undefined]
    const half = Math.ceil(pools.length / 2)
    return [
      ...(await readTicks(pools.slice(0, half), attempt + 1)),
      ...(await readTicks(pools.slice(half), attempt + 1)),
    ]
  }

  return {
    callSize,
    async read(calls) {
      try {
        const answers = answersIn(await ask(encodeCalls(calls)), calls)
        if (answers) callSize.answered(calls.length)
        return answers
      } catch (error) {
        if (nodeFault(error) === 'rate') throw error
        callSize.refused(calls.length)
        return undefined
      }
    },
    ticks: (pools) => inLanes(pools, () => size.size, readTicks, wordsOf),
  }
}

/** Whatever the node has against it: there is the plain way. */
async function isReady(
  ask: (data: Hex) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (let attempt = 0; attempt <= mostAttempts; attempt++)
    try {
      return (await ask(callOf(place, 'ready()').data)) === `0x${word(1n)}`
    } catch (error) {
      const fault = nodeFault(error)
      if (fault !== 'rate' && fault !== 'silence') return false
      await pause(waitMs(attempt), signal)
    }
  return false
}

function wordsOf({ words: [first, last] }: LensTicks): number {
  return last - first + 1
}
