// Liquidity in tick ranges: Uniswap V3 and V4, PancakeSwap V3, Algebra,
// Slipstream. The loop of UniswapV3Pool.swap on the ticks that are known.
//
// The contract finds the next initialised tick one 256-tick word of its bitmap
// at a time and makes a step at each word's border even where no tick is
// initialised. Each step rounds, so the borders decide the last wei: this walk
// stops at the same ones. Only words without liquidity are passed in one go,
// as nothing is exchanged and nothing rounded there. Algebra keeps its ticks in
// a list without words: such a pool's record has a spacing of 0.

import {
  END_FILLED,
  END_KNOWN_TICKS,
  END_PRICE_LIMIT,
  POOL_FEE_PIPS,
  POOL_FIRST_TICK,
  POOL_KNOWN_HIGH,
  POOL_KNOWN_LOW,
  POOL_LIQUIDITY,
  POOL_SQRT_PRICE,
  POOL_TICK,
  POOL_TICK_COUNT,
  POOL_TICK_SPACING,
  STATUS_OK,
  STATUS_REVERTS,
  TICK_INDEX,
  TICK_LIQUIDITY_NET,
  TICK_SQRT_RATIO,
  TICK_STRIDE,
} from '../layout'
import * as u256 from '../math/uint256'
import { ticksRegion } from '../memory'
import {
  computeSwapStepExactIn,
  computeSwapStepExactOut,
  sqrtPriceNext,
  stepAmountIn,
  stepAmountOut,
  stepFee,
} from './swapMath'
import { getSqrtRatioAtTick, MAX_TICK, MIN_TICK } from './tickMath'

const WORD_BITS = 8
const WORD_LAST = 255

const price = memory.data(32, 16)
const liquidity = memory.data(32, 16)
const remaining = memory.data(32, 16)
/** What the pool pays for an input so far, or takes for an output. */
const calculated = memory.data(32, 16)
const bound = memory.data(32, 16)
const nextPrice = memory.data(32, 16)
const scratch = memory.data(32, 16)

/** How the last swap ended: an END code. */
export let end: i32 = END_FILLED

/**
 * Swaps `amount` (an input if exactIn, else an output) and leaves in amountIn
 * and amountOut what the pool takes and pays. `limit`: the price to stop at.
 */
export function swap(
  amountIn: usize,
  amountOut: usize,
  pool: usize,
  zeroForOne: bool,
  exactIn: bool,
  amount: usize,
  limit: usize,
): i32 {
  if (u256.isZero(amount) || isNegative(amount))
    return STATUS_REVERTS
  u256.copy(price, pool + POOL_SQRT_PRICE)
  u256.copy(liquidity, pool + POOL_LIQUIDITY)
  u256.copy(remaining, amount)
  u256.set64(calculated, 0)
  if (!limitIsAllowed(limit, zeroForOne)) return STATUS_REVERTS
  const knownEnds = boundByKnownTicks(pool, zeroForOne, limit)
  let reachedEnd = false
  const feePips = load<u32>(pool + POOL_FEE_PIPS)
  const spacing = load<i32>(pool + POOL_TICK_SPACING)
  let tick = load<i32>(pool + POOL_TICK)
  let cursor = cursorAt(pool, tick, zeroForOne)
  let border = zeroForOne ? i32.MAX_VALUE : i32.MIN_VALUE

  while (!u256.isZero(remaining) && isBefore(price, bound, zeroForOne)) {
    const ticked = initialisedTick(pool, cursor)
    // The word's border stays until the tick is past it.
    if (zeroForOne) {
      if (tick < border) border = wordLow(tick, spacing)
    } else if (tick >= border) border = wordHigh(tick, spacing)
    const next = zeroForOne
      ? max(ticked, u256.isZero(liquidity) ? MIN_TICK : border)
      : min(ticked, u256.isZero(liquidity) ? MAX_TICK : border)
    const initialised = next == ticked && hasTick(pool, cursor)
    if (initialised) loadSqrtRatio(nextPrice, tickRecord(pool, cursor))
    else getSqrtRatioAtTick(nextPrice, next)
    const target = isBefore(nextPrice, bound, zeroForOne) ? nextPrice : bound

    const stepped = exactIn
      ? computeSwapStepExactIn(price, target, liquidity, remaining, feePips)
      : computeSwapStepExactOut(price, target, liquidity, remaining, feePips)
    if (!stepped || !settleStep(exactIn)) return STATUS_REVERTS
    u256.copy(price, sqrtPriceNext)
    // The contract knows nothing of our known ticks and would have stepped past
    // them: what filled exactly here would not round so on chain.
    if (knownEnds && target == bound && u256.equals(price, bound)) {
      reachedEnd = !u256.equals(bound, nextPrice)
      if (reachedEnd) break
    }

    if (u256.equals(price, nextPrice)) {
      if (initialised) {
        if (!cross(tickRecord(pool, cursor), zeroForOne)) return STATUS_REVERTS
        cursor += zeroForOne ? -1 : 1
      }
      tick = zeroForOne ? next - 1 : next
    }
  }

  if (u256.isZero(remaining) && !reachedEnd) end = END_FILLED
  else end = knownEnds ? END_KNOWN_TICKS : END_PRICE_LIMIT
  u256.sub(exactIn ? amountIn : amountOut, amount, remaining)
  u256.copy(exactIn ? amountOut : amountIn, calculated)
  return STATUS_OK
}

/** Index of the tick the swap meets first: the last at or below the current one, or the first above it. */
export function cursorAt(pool: usize, tick: i32, zeroForOne: bool): i32 {
  let low = 0
  let high = load<i32>(pool + POOL_TICK_COUNT)
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<i32>(tickRecord(pool, middle) + TICK_INDEX) <= tick) low = middle + 1
    else high = middle
  }
  return zeroForOne ? low - 1 : low
}

// @ts-ignore: decorator
@inline
export function hasTick(pool: usize, cursor: i32): bool {
  return <u32>cursor < load<u32>(pool + POOL_TICK_COUNT)
}

// @ts-ignore: decorator
@inline
export function tickRecord(pool: usize, cursor: i32): usize {
  return ticksRegion + <usize>(load<i32>(pool + POOL_FIRST_TICK) + cursor) * TICK_STRIDE
}

/** The tick at the cursor, or the end of the scale past the last one. */
// @ts-ignore: decorator
@inline
function initialisedTick(pool: usize, cursor: i32): i32 {
  if (hasTick(pool, cursor)) return load<i32>(tickRecord(pool, cursor) + TICK_INDEX)
  return cursor < 0 ? MIN_TICK : MAX_TICK
}

/** out = the ratio kept in a tick record, in three words. */
// @ts-ignore: decorator
@inline
function loadSqrtRatio(out: usize, record: usize): void {
  const ratio = record + TICK_SQRT_RATIO
  u256.setWords(out, load<u64>(ratio), load<u64>(ratio, 8), load<u64>(ratio, 16), 0)
}

/** Lowest tick of the bitmap word that holds `tick`; a spacing of 0 says that there are no words. */
// @ts-ignore: decorator
@inline
function wordLow(tick: i32, spacing: i32): i32 {
  if (!spacing) return MIN_TICK
  const compressed = floorDivide(tick, spacing)
  return max((compressed >> WORD_BITS << WORD_BITS) * spacing, MIN_TICK)
}

/** Highest tick of the bitmap word that holds the tick after `tick`. */
// @ts-ignore: decorator
@inline
function wordHigh(tick: i32, spacing: i32): i32 {
  if (!spacing) return MAX_TICK
  const compressed = floorDivide(tick, spacing) + 1
  return min(((compressed >> WORD_BITS << WORD_BITS) + WORD_LAST) * spacing, MAX_TICK)
}

// @ts-ignore: decorator
@inline
function floorDivide(a: i32, b: i32): i32 {
  const quotient = a / b
  return a < 0 && quotient * b != a ? quotient - 1 : quotient
}

/** Whether a swap at price a has still to move to reach b. */
// @ts-ignore: decorator
@inline
function isBefore(a: usize, b: usize, zeroForOne: bool): bool {
  return zeroForOne ? u256.lessThan(b, a) : u256.lessThan(a, b)
}

/** V3's 'SPL': a limit lies ahead of the price and inside the price scale. */
function limitIsAllowed(limit: usize, zeroForOne: bool): bool {
  if (!isBefore(price, limit, zeroForOne)) return false
  getSqrtRatioAtTick(scratch, zeroForOne ? MIN_TICK : MAX_TICK)
  return isBefore(limit, scratch, zeroForOne)
}

/** bound = the nearer of the limit and the end of the known ticks; returns whether that is the latter. */
function boundByKnownTicks(pool: usize, zeroForOne: bool, limit: usize): bool {
  u256.copy(bound, limit)
  getSqrtRatioAtTick(scratch, knownEnd(pool, zeroForOne))
  if (!isBefore(scratch, limit, zeroForOne)) return false
  u256.copy(bound, scratch)
  return true
}

/** The tick where a swap has to stop; that of the whole scale where the known ticks reach the last usable one. */
export function knownEnd(pool: usize, zeroForOne: bool): i32 {
  const spacing = load<i32>(pool + POOL_TICK_SPACING)
  const lastUsable = spacing ? (MAX_TICK / spacing) * spacing : MAX_TICK
  if (zeroForOne) {
    const low = load<i32>(pool + POOL_KNOWN_LOW)
    return low <= -lastUsable ? MIN_TICK : low
  }
  const high = load<i32>(pool + POOL_KNOWN_HIGH)
  return high >= lastUsable ? MAX_TICK : high
}

/** Books the last step; false where int256 overflows. */
function settleStep(exactIn: bool): bool {
  if (
    u256.fitsTwoWords(stepFee, 127) &&
    u256.fitsTwoWords(stepAmountIn, 127) &&
    u256.fitsTwoWords(stepAmountOut, 127) &&
    u256.fitsTwoWords(remaining, 127) &&
    u256.fitsTwoWords(calculated, 127)
  ) {
    settleInWords(exactIn)
    return true
  }
  if (u256.add(stepFee, stepFee, stepAmountIn)) return false
  if (isNegative(stepFee) || isNegative(stepAmountOut)) return false
  u256.sub(remaining, remaining, exactIn ? stepFee : stepAmountOut)
  u256.add(calculated, calculated, exactIn ? stepAmountOut : stepFee)
  return !isNegative(calculated)
}

/**
 * The same for numbers below 2^127, whose sum may fill a third word of what was
 * calculated. A step never uses more than remains.
 */
// @ts-ignore: decorator
@inline
function settleInWords(exactIn: bool): void {
  const fee0 = u256.word(stepFee, 0)
  const in0 = fee0 + u256.word(stepAmountIn, 0)
  const in1 = u256.word(stepFee, 1) + u256.word(stepAmountIn, 1) + u64(in0 < fee0)
  const out0 = u256.word(stepAmountOut, 0)
  const out1 = u256.word(stepAmountOut, 1)
  const used0 = exactIn ? in0 : out0
  const used1 = exactIn ? in1 : out1
  const gained0 = exactIn ? out0 : in0
  const gained1 = exactIn ? out1 : in1
  const rest0 = u256.word(remaining, 0)
  const rest1 = u256.word(remaining, 1) - used1 - u64(rest0 < used0)
  u256.setWords(remaining, rest0 - used0, rest1, 0, 0)
  const sum0 = u256.word(calculated, 0) + gained0
  const sum1 = u256.word(calculated, 1) + gained1
  const high = sum1 + u64(sum0 < gained0)
  const carry = u64(sum1 < gained1) | u64(high < sum1)
  u256.setWords(calculated, sum0, high, carry, 0)
}

/** Whether int256 has no room for it. */
// @ts-ignore: decorator
@inline
function isNegative(amount: usize): bool {
  return <i64>u256.word(amount, 3) < 0
}

/** Adds a tick's liquidity, signed by the direction it is crossed in; false where it leaves uint128. */
function cross(record: usize, zeroForOne: bool): bool {
  const n0 = load<u64>(record + TICK_LIQUIDITY_NET)
  const n1 = load<u64>(record + TICK_LIQUIDITY_NET, 8)
  const sign = <i64>n1 >> 63
  const l0 = u256.word(liquidity, 0)
  const l1 = u256.word(liquidity, 1)
  let carry: i64
  if (zeroForOne) {
    const borrow0 = u64(l0 < n0)
    const high = l1 - n1
    carry = i64(l1 < n1) | i64(high < borrow0)
    u256.setWords(liquidity, l0 - n0, high - borrow0, 0, 0)
  } else {
    const low = l0 + n0
    const carry0 = u64(low < n0)
    const sum = l1 + n1
    const high = sum + carry0
    carry = i64(sum < n1) | i64(high < carry0)
    u256.setWords(liquidity, low, high, 0, 0)
  }
  // A third word would hold the carry less 1 where the net is negative.
  return carry + sign == 0
}
