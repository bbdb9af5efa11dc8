import { beforeAll, describe, expect, it } from 'vitest'
import type { ConcentratedState, Engine } from '../../../src/engine/index.ts'
import { computeSwapStep } from '../../../src/engine/reference/swapMath.ts'
import {
  getSqrtRatioAtTick,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../../src/engine/reference/tickMath.ts'
import type { Comparison } from '../../support/compare.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { engineMakers } from '../../support/engines.ts'
import { createEvm } from '../../support/evm.ts'
import {
  addUp,
  compareInBatches,
  fuzzCount,
  fuzzTimeoutMs,
  verdict,
} from '../../support/fuzz.ts'
import {
  askPool,
  createPool,
  deployUniswapV3,
  type GenuinePool,
  type Position,
  readState,
  type SwapQuestion,
  swap,
  type UniswapV3,
} from '../../support/uniswapV3.ts'

/**
 * Whole swaps in genuine UniswapV3Pool contracts. Each fee tier has two pools:
 * one with liquidity everywhere, one with gaps. Real swaps move their prices;
 * at each price the engines and the pool answer the same questions.
 */

const tiers = [
  { feePips: 100, tickSpacing: 1 },
  { feePips: 500, tickSpacing: 10 },
  { feePips: 3000, tickSpacing: 60 },
  { feePips: 10_000, tickSpacing: 200 },
] as const

const pricesPerPool = 48
const batchSize = 128
/** A whole swap takes a machine as long as ten calls of a library: half as many. */
const batches = Math.max(
  1,
  Math.round(fuzzCount / 2 / (2 * tiers.length * pricesPerPool * batchSize)),
)

let uniswap: [UniswapV3, UniswapV3]
const engines: Record<string, Engine> = {}

beforeAll(async () => {
  const evm = await createEvm()
  uniswap = [await deployUniswapV3(evm), await deployUniswapV3(evm)]
  for (const { name, create } of engineMakers) engines[name] = await create()
})

describe.each(tiers)(
  'pool of $feePips pips, spacing $tickSpacing',
  { timeout: fuzzTimeoutMs },
  (tier) => {
    it('liquidity everywhere: every swap equals ours, reverts included', async () => {
      expect(await compareSwaps(uniswap[0], tier, true)).toEqual([])
    })

    it('gaps without liquidity: every swap equals ours, reverts included', async () => {
      expect(await compareSwaps(uniswap[1], tier, false)).toEqual([])
    })
  },
)

type Tier = { readonly feePips: number; readonly tickSpacing: number }

async function compareSwaps(
  protocol: UniswapV3,
  { feePips, tickSpacing }: Tier,
  isWhole: boolean,
): Promise<readonly string[]> {
  const edges = createEdges(4000 + feePips + Number(isWhole))
  const center = edges.integer(-200_000, 200_000)
  const positions = somePositions(edges, center, tickSpacing, isWhole)
  const pool = await createPool(
    protocol,
    feePips,
    getSqrtRatioAtTick(center),
    positions,
  )
  const totals: Record<string, Comparison> = {}
  for (let price = 0; price < pricesPerPool; price++) {
    const state = await readState(protocol, pool)
    for (const engine of Object.values(engines)) {
      engine.load({ tokenCount: 2, pools: [{ tokens: [0, 1], state }] })
    }
    const compared = await compareInBatches(
      batches,
      () => Array.from({ length: batchSize }, () => someQuestion(edges, state)),
      (questions) => askPool(protocol, pool, questions),
      Object.fromEntries(
        Object.entries(engines).map(([name, engine]) => [
          name,
          (question: SwapQuestion) => answer(engine, question),
        ]),
      ),
    )
    for (const [name, comparison] of Object.entries(compared)) {
      totals[name] = addUp(totals[name], comparison)
    }
    await movePrice(protocol, pool, state, edges)
  }
  return verdict(totals)
}

function answer(engine: Engine, question: SwapQuestion): readonly bigint[] {
  const { zeroForOne, amountSpecified, sqrtPriceLimitX96 } = question
  const quote =
    amountSpecified < 0n
      ? engine.quoteExactOut(0, zeroForOne, -amountSpecified, {
          sqrtPriceLimitX96,
        })
      : engine.quoteExactIn(0, zeroForOne, amountSpecified, {
          sqrtPriceLimitX96,
        })
  const isSpent =
    amountSpecified < 0n
      ? quote.amountOut === -amountSpecified
      : quote.amountIn === amountSpecified
  if (isSpent !== (quote.end === 'filled')) {
    throw new Error(`${quote.end} does not fit ${quote.amountIn}`)
  }
  return [quote.amountIn, quote.amountOut]
}

/** Ranges that overlap, touch, are one spacing wide, and reach the ends of the scale. */
function somePositions(
  edges: Edges,
  center: number,
  spacing: number,
  isWhole: boolean,
): Position[] {
  const last = Math.floor(maxTick / spacing)
  const middle = Math.floor(center / spacing)
  const at = (lower: number, upper: number, bits: number): Position => ({
    tickLower: Math.max(-last, lower) * spacing,
    tickUpper: Math.min(last, upper) * spacing,
    liquidity: 1n + (edges.uint(bits) % 2n ** BigInt(bits)),
  })
  const around = Array.from({ length: 8 }, () => {
    const lower = middle + edges.integer(-300, 200)
    return at(lower, lower + edges.integer(1, 300), 80)
  })
  if (isWhole) {
    return [at(-last, last, 70), ...around, at(middle, middle + 1, 90)]
  }
  // Far islands: a swap crosses empty words to reach them.
  const far = [-1, 1].map((side) => {
    const lower = middle + side * edges.integer(700, 1200)
    return at(lower, lower + 1, 60)
  })
  return [
    at(-last, 1 - last, 50),
    at(last - 1, last, 50),
    at(middle + 256, middle + 257, 70),
    at(middle + 257, middle + 300, 70),
    ...around.slice(0, 4),
    ...far,
  ]
}

function someQuestion(edges: Edges, state: ConcentratedState): SwapQuestion {
  const zeroForOne = edges.integer(0, 1) === 1
  const amount = someAmount(edges, state, zeroForOne)
  return {
    zeroForOne,
    amountSpecified: edges.integer(0, 1) === 0 ? amount : -amount,
    sqrtPriceLimitX96: someLimit(edges, state, zeroForOne),
  }
}

/** Nothing, anything, or about what takes the price to a tick near by. */
function someAmount(
  edges: Edges,
  state: ConcentratedState,
  zeroForOne: boolean,
): bigint {
  if (edges.integer(0, 2) > 0) return edges.uint(edges.pick([40, 64, 100, 255]))
  const target = nearTickPrice(edges, state, zeroForOne)
  const wholeAmount = edges.pick([1n, -1n]) * (2n ** 255n - 1n)
  const step = computeSwapStep(
    state.sqrtPriceX96,
    target,
    state.liquidity,
    wholeAmount,
    state.feePips,
  )
  return edges.near(
    edges.pick([step.amountIn + step.feeAmount, step.amountIn, step.amountOut]),
    255,
  )
}

/**
 * Mostly within a few words of the bitmap, for the pool must walk every one of
 * them; sometimes the end of the scale; sometimes a limit that reverts.
 */
function someLimit(
  edges: Edges,
  state: ConcentratedState,
  zeroForOne: boolean,
): bigint {
  const wordsToEnd = (2 * maxTick) / (256 * state.tickSpacing)
  if (edges.integer(0, Math.ceil(wordsToEnd)) === 0) {
    return zeroForOne ? minSqrtRatio + 1n : maxSqrtRatio - 1n
  }
  if (edges.integer(0, 15) === 0) {
    return edges.pick([
      state.sqrtPriceX96,
      edges.near(state.sqrtPriceX96, 160),
      minSqrtRatio,
      maxSqrtRatio,
      0n,
      2n ** 160n - 1n,
      nearTickPrice(edges, state, !zeroForOne),
    ])
  }
  return nearTickPrice(edges, state, zeroForOne)
}

/** A price within a few words, at or next to a tick's own. */
function nearTickPrice(
  edges: Edges,
  { tick, tickSpacing, ticks }: ConcentratedState,
  zeroForOne: boolean,
): bigint {
  const words = edges.pick([0, 0, 1, 1, 5])
  const distance = edges.integer(0, 256 * words + 20) * tickSpacing
  const target = edges.pick([
    tick + (zeroForOne ? -distance : distance),
    Math.floor(tick / tickSpacing) * tickSpacing +
      (zeroForOne ? -distance : distance),
    edges.pick(
      ticks.filter(([t]) => Math.abs(t - tick) < 1500 * tickSpacing),
    )?.[0] ?? tick,
  ])
  const onScale = Math.max(minTick, Math.min(maxTick, target))
  return edges.near(getSqrtRatioAtTick(onScale), 160)
}

/** A real swap to a price near by, often exactly a tick's. */
async function movePrice(
  protocol: UniswapV3,
  pool: GenuinePool,
  state: ConcentratedState,
  edges: Edges,
): Promise<void> {
  const [tick] = edges.pick(
    state.ticks.filter(
      ([t]) => Math.abs(t - state.tick) < 1500 * state.tickSpacing,
    ),
  ) ?? [state.tick]
  const sqrtPriceLimitX96 = edges.pick([
    getSqrtRatioAtTick(tick),
    edges.near(getSqrtRatioAtTick(tick), 160),
    getSqrtRatioAtTick(tick + edges.integer(-200, 200)),
  ])
  if (sqrtPriceLimitX96 === state.sqrtPriceX96) return
  await swap(protocol, pool, {
    zeroForOne: sqrtPriceLimitX96 < state.sqrtPriceX96,
    amountSpecified: 2n ** 200n,
    sqrtPriceLimitX96,
  })
}
