import { exp, ln } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'
import type { Market } from '../../market/market.ts'
import type { Pool } from '../../market/pool.ts'

/** What a user wants to trade. */
export type UserSwap = {
  readonly pool: Pool
  /** Selling the pool's token0. */
  readonly zeroForOne: boolean
  /** Base units of the token sold. */
  readonly amountIn: bigint
  /** Wei above the base fee: its place in the block. */
  readonly maxPriorityFeePerGas: bigint
}

/** How much the users trade. */
export type SwapHabits = {
  /** Expected number of swaps a block. */
  readonly swapsPerBlock: number
}

/** Median share of a pool's depth, and the deviation of its logarithm. */
const medianShare = 0.001
const shareDeviation = 1.3
/** Now and then somebody sells a lot at once. */
const largeTrades = 0.03
const largeTradeFactor = 30
/** Nobody sells more of a pool's depth than this. */
const mostShare = 0.2
/** Users go where the depth is, though not all: weight = depth ^ 0.6. */
const depthExponent = 0.6
/** Median tip, wei, and the deviation of its logarithm. */
const medianTipWei = 1e8
const tipDeviation = 1
/** No block takes more. */
const mostSwaps = 64

/**
 * Draws what the users of one block trade, by the market as it stands: log-normal
 * shares of the depth, mostly in deep pools, now and then a large one.
 */
export function drawSwaps(
  market: Market,
  weights: readonly number[],
  habits: SwapHabits,
  random: SeededRandom,
): UserSwap[] {
  const count = drawPoisson(habits.swapsPerBlock, random)
  return Array.from({ length: count }, () => {
    const pool = market.pools[drawIndex(weights, random)]!
    const zeroForOne = random.next() < 0.5
    const share = drawShare(random)
    const tip = medianTipWei * exp(tipDeviation * random.gauss())
    return {
      pool,
      zeroForOne,
      amountIn: approximatePart(
        approximateDepth(pool)[zeroForOne ? 0 : 1],
        share,
      ),
      maxPriorityFeePerGas: BigInt(Math.floor(tip)),
    }
  }).filter(({ amountIn }) => amountIn > 0n)
}

/** How often each pool is traded, relative to the others. `approximateRate` prices a base unit of a token; where it gives 0 nobody trades. */
export function swapWeights(
  market: Market,
  approximateRate: (token: string) => number,
): number[] {
  return market.pools.map((pool) => {
    const [depth0] = approximateDepth(pool)
    const value = depth0 * approximateRate(pool.tokens[0])
    return value > 0 ? exp(depthExponent * ln(value)) : 0
  })
}

/** What a pool holds round its price, in base units: the reserves that x·y = k would need for the same price impact. */
export function approximateDepth(pool: Pool): readonly [number, number] {
  switch (pool.family) {
    case 'concentrated': {
      const sqrtPrice = Number(pool.sqrtPriceX96) / 2 ** 96
      const liquidity = Number(pool.liquidity)
      return [liquidity / sqrtPrice, liquidity * sqrtPrice]
    }
    case 'stable': {
      const [place0, place1] = pool.pair
      return [Number(pool.balances[place0]), Number(pool.balances[place1])]
    }
    default:
      return [Number(pool.reserves[0]), Number(pool.reserves[1])]
  }
}

function drawShare(random: SeededRandom): number {
  const isLarge = random.next() < largeTrades
  const share = medianShare * exp(shareDeviation * random.gauss())
  return Math.min(mostShare, isLarge ? share * largeTradeFactor : share)
}

/** Knuth: how many exponential waits fit into one block. */
function drawPoisson(expected: number, random: SeededRandom): number {
  const floor = exp(-expected)
  let product = random.next()
  let count = 0
  while (product > floor && count < mostSwaps) {
    product *= random.next()
    count++
  }
  return count
}

function drawIndex(weights: readonly number[], random: SeededRandom): number {
  let x = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  const drawn = weights.findIndex((weight) => {
    x -= weight
    return x < 0
  })
  return drawn < 0 ? weights.findLastIndex((weight) => weight > 0) : drawn
}

/** Whole base units; what is beyond 53 bits of a number is zeros. */
function approximatePart(depth: number, share: number): bigint {
  return BigInt(Math.floor(depth * share))
}
