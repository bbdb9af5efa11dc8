import type { QuoteOptions, SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { ConcentratedState } from '../poolState.ts'
import { leastInput } from './leastInput.ts'
import { computeSwapStep } from './swapMath.ts'
import {
  type NextTick,
  nextInitializedTick,
  nextInitializedTickWithinOneWord,
} from './tickBitmap.ts'
import {
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from './tickMath.ts'
import { toUint } from './uint256.ts'

/**
 * Liquidity in tick ranges: the swap loop of UniswapV3Pool, shared by
 * Uniswap V4, PancakeSwap V3, Algebra and Slipstream. Amounts are base units.
 */

const maxInt256 = (1n << 255n) - 1n

/**
 * Sells `amountIn` to the pool; it takes less where the price limit or the end
 * of the known ticks comes first.
 * @throws SwapRevertsError on a zero amount, a price limit on the wrong side, or where the contract's math reverts.
 */
export function quoteExactIn(
  state: ConcentratedState,
  zeroForOne: boolean,
  amountIn: bigint,
  options: QuoteOptions = {},
): SwapQuote {
  requireAmount(amountIn)
  const swap = runSwap(state, zeroForOne, amountIn, options)
  return {
    amountIn: amountIn - swap.amountRemaining,
    amountOut: swap.amountCalculated,
    end: swap.end,
  }
}

/**
 * Buys `amountOut` from the pool; it pays less where the price limit or the end
 * of the known ticks comes first.
 * @throws SwapRevertsError as {@link quoteExactIn}.
 */
export function quoteExactOut(
  state: ConcentratedState,
  zeroForOne: boolean,
  amountOut: bigint,
  options: QuoteOptions = {},
): SwapQuote {
  requireAmount(amountOut)
  const swap = runSwap(state, zeroForOne, -amountOut, options)
  return {
    amountIn: swap.amountCalculated,
    amountOut: amountOut + swap.amountRemaining,
    end: swap.end,
  }
}

/**
 * The least input that fills and pays `amountOut`. An exact-out swap rounds
 * at other places than an exact-in swap, so its input is only the first guess.
 * @throws SwapRevertsError where no input fills.
 */
export function leastAmountIn(
  state: ConcentratedState,
  zeroForOne: boolean,
  amountOut: bigint,
): bigint {
  const guess = quoteExactOut(state, zeroForOne, amountOut)
  const amountIn = leastInput(
    (input) => quoteExactIn(state, zeroForOne, input).amountOut >= amountOut,
    guess.amountIn,
  )
  if (quoteExactIn(state, zeroForOne, amountIn).end !== 'filled') {
    throw new SwapRevertsError('the known liquidity cannot pay this output')
  }
  return amountIn
}

/** Where a swap in one direction can trade first. */
export type FirstRange = {
  readonly sqrtPriceX96: bigint
  readonly liquidity: bigint
}

/**
 * The price and liquidity that the first unit of a swap meets: those of the
 * pool, or of the next range with liquidity. Undefined where nothing known is
 * left in this direction.
 */
export function firstRange(
  state: ConcentratedState,
  zeroForOne: boolean,
): FirstRange | undefined {
  const limit = stopOf(state, zeroForOne, endOfScale(zeroForOne))
  let { tick, sqrtPriceX96, liquidity } = state
  while (isBefore(sqrtPriceX96, limit.sqrtPriceX96, zeroForOne)) {
    const next = nextInitializedTick(state.ticks, tick, zeroForOne)
    const border = next && getSqrtRatioAtTick(next.tick)
    const hasRoom =
      border === undefined || isBefore(sqrtPriceX96, border, zeroForOne)
    if (liquidity > 0n && hasRoom) return { sqrtPriceX96, liquidity }
    if (next === undefined || border === undefined) return undefined
    const crossed = liquidity + signedNet(next.liquidityNet!, zeroForOne)
    // A contract in such a state reverts: there is nothing to trade behind it.
    if (crossed < 0n || crossed >> 128n !== 0n) return undefined
    liquidity = crossed
    sqrtPriceX96 = border
    tick = zeroForOne ? next.tick - 1 : next.tick
  }
  return undefined
}

type Swap = {
  /** Left of the amount asked for: positive input, negative output. */
  amountRemaining: bigint
  /** The other side: what went out, or what came in with its fee. */
  amountCalculated: bigint
  end: SwapQuote['end']
}

function runSwap(
  state: ConcentratedState,
  zeroForOne: boolean,
  amountSpecified: bigint,
  options: QuoteOptions,
): Swap {
  const { ticks, tickSpacing, feePips } = state
  const limit = stopOf(
    state,
    zeroForOne,
    requirePriceLimit(state, zeroForOne, options),
  )
  const exactInput = amountSpecified > 0n
  let { tick, sqrtPriceX96, liquidity } = state
  let amountRemaining = amountSpecified
  let amountCalculated = 0n

  while (
    amountRemaining !== 0n &&
    isBefore(sqrtPriceX96, limit.sqrtPriceX96, zeroForOne)
  ) {
    const next = clampToScale(
      // Without liquidity a step moves no amount, so it rounds nothing and the
      // words up to the next initialised tick may be passed at once. A list of
      // ticks has no words.
      liquidity === 0n || state.tickSearch === 'list'
        ? nextInitializedTick(ticks, tick, zeroForOne)
        : nextInitializedTickWithinOneWord(
            ticks,
            tick,
            tickSpacing,
            zeroForOne,
          ),
      zeroForOne,
    )
    const sqrtPriceNextX96 = getSqrtRatioAtTick(next.tick)
    const isLimitFirst = isBefore(
      limit.sqrtPriceX96,
      sqrtPriceNextX96,
      zeroForOne,
    )
    const sqrtPriceStartX96 = sqrtPriceX96
    const step = computeSwapStep(
      sqrtPriceX96,
      isLimitFirst ? limit.sqrtPriceX96 : sqrtPriceNextX96,
      liquidity,
      amountRemaining,
      feePips,
    )
    sqrtPriceX96 = step.sqrtPriceNextX96
    const amountIn = step.amountIn + step.feeAmount
    if (exactInput) {
      amountRemaining -= amountIn
      amountCalculated += step.amountOut
    } else {
      amountRemaining += step.amountOut
      amountCalculated += amountIn
    }

    if (isLimitFirst && sqrtPriceX96 === limit.sqrtPriceX96) {
      // The contract knows nothing of our known ticks and would have stepped
      // past them: what filled exactly here would not round so on chain.
      if (limit.isEndOfKnown) {
        return { amountRemaining, amountCalculated, end: 'knownTicks' }
      }
    } else if (sqrtPriceX96 === sqrtPriceNextX96) {
      if (next.liquidityNet !== undefined) {
        liquidity = addDelta(
          liquidity,
          signedNet(next.liquidityNet, zeroForOne),
        )
      }
      tick = zeroForOne ? next.tick - 1 : next.tick
    } else if (sqrtPriceX96 !== sqrtPriceStartX96) {
      tick = getTickAtSqrtRatio(sqrtPriceX96)
    }
  }

  const end =
    amountRemaining === 0n
      ? 'filled'
      : limit.isEndOfKnown
        ? 'knownTicks'
        : 'priceLimit'
  return { amountRemaining, amountCalculated, end }
}

type Stop = {
  readonly sqrtPriceX96: bigint
  /** The known ticks end here, before the price limit. */
  readonly isEndOfKnown: boolean
}

/** Where the swap must stop: the price limit, or nearer where the known ticks end. */
function stopOf(
  state: ConcentratedState,
  zeroForOne: boolean,
  priceLimit: bigint,
): Stop {
  const endOfKnown = sqrtPriceAtEndOfKnown(state, zeroForOne)
  return endOfKnown !== undefined &&
    isBefore(endOfKnown, priceLimit, zeroForOne)
    ? { sqrtPriceX96: endOfKnown, isEndOfKnown: true }
    : { sqrtPriceX96: priceLimit, isEndOfKnown: false }
}

/** Undefined where the known ticks reach the last usable one: no tick is missing behind it. */
function sqrtPriceAtEndOfKnown(
  { knownTicks, tickSpacing }: ConcentratedState,
  zeroForOne: boolean,
): bigint | undefined {
  const end = knownTicks[zeroForOne ? 0 : 1]
  const lastUsable = Math.floor(maxTick / tickSpacing) * tickSpacing
  const isWhole = zeroForOne ? end <= -lastUsable : end >= lastUsable
  return isWhole ? undefined : getSqrtRatioAtTick(end)
}

/** The last price a swap may ask for. */
function endOfScale(zeroForOne: boolean): bigint {
  return zeroForOne ? minSqrtRatio + 1n : maxSqrtRatio - 1n
}

/** Whether price a comes before b when the swap moves the price its way. */
function isBefore(a: bigint, b: bigint, zeroForOne: boolean): boolean {
  return zeroForOne ? a > b : a < b
}

/** The bitmap knows no ends: the price scale does. */
function clampToScale(next: NextTick | undefined, lte: boolean): NextTick {
  if (next !== undefined && next.tick >= minTick && next.tick <= maxTick) {
    return next
  }
  return { tick: lte ? minTick : maxTick, liquidityNet: undefined }
}

function signedNet(liquidityNet: bigint, zeroForOne: boolean): bigint {
  return zeroForOne ? -liquidityNet : liquidityNet
}

/** LiquidityMath.addDelta: reverts 'LS' below zero, 'LA' above uint128. */
function addDelta(liquidity: bigint, delta: bigint): bigint {
  return toUint(liquidity + delta, 128)
}

function requireAmount(amount: bigint): void {
  if (amount <= 0n || amount > maxInt256) {
    throw new SwapRevertsError('a swap needs an amount above zero, in int256', {
      facts: { amount },
    })
  }
}

function requirePriceLimit(
  { sqrtPriceX96 }: ConcentratedState,
  zeroForOne: boolean,
  { sqrtPriceLimitX96 = endOfScale(zeroForOne) }: QuoteOptions,
): bigint {
  const isAhead = isBefore(sqrtPriceX96, sqrtPriceLimitX96, zeroForOne)
  if (
    !isAhead ||
    sqrtPriceLimitX96 <= minSqrtRatio ||
    sqrtPriceLimitX96 >= maxSqrtRatio
  ) {
    throw new SwapRevertsError('the price limit is passed or off the scale', {
      facts: { sqrtPriceLimitX96, sqrtPriceX96 },
    })
  }
  return sqrtPriceLimitX96
}
