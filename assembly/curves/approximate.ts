// Every family in f64, for the screen and for sizing. Never decides an amount.
//
// Around any input x a pool is out(x + d) = out + r·d/(1 + n·d): r is the
// marginal rate there, fee included, n the curvature. For x·y = k that is the
// whole curve, for a concentrated pool the current tick range; other curves it
// touches to second order.
//
// `bound` is a curvature nowhere above the true one: from zero, with it, the
// formula is never below the curve, so the search may rule out by profit.

import {
  FAMILY_CONCENTRATED,
  FAMILY_SOLIDLY_STABLE,
  POOL_APPROXIMATE_KNOWN_HIGH,
  POOL_APPROXIMATE_KNOWN_LOW,
  POOL_APPROXIMATE_LIQUIDITY,
  POOL_APPROXIMATE_SQRT_PRICE,
  POOL_BOUND0,
  POOL_BOUND1,
  POOL_FAMILY,
  POOL_FEE_PIPS,
  POOL_LIQUIDITY,
  POOL_RATE0,
  POOL_RATE1,
  POOL_RESERVE0,
  POOL_RESERVE1,
  POOL_SCALE0,
  POOL_SCALE1,
  POOL_SQRT_PRICE,
  POOL_TICK,
  POOL_TICK_COUNT,
  STATUS_OK,
  STATUS_REVERTS,
  TICK_APPROXIMATE_NET,
  TICK_APPROXIMATE_SQRT,
  TICK_INDEX,
  TICK_LIQUIDITY_NET,
  TICK_SQRT_RATIO,
} from '../layout'
import * as u256 from '../math/uint256'
import { cursorAt, hasTick, knownEnd, tickRecord } from './concentrated'
import { approximateGamma } from './fee'
import * as solidlyStable from './solidlyStable'
import { getSqrtRatioAtTick } from './tickMath'

const TWO_64: f64 = 18446744073709551616.0
const TWO_96: f64 = 79228162514264337593543950336.0
const NEWTON_STEPS = 32
/** 2^-40: far above the rounding of some hundred sums. */
const CRUMB: f64 = 9.094947017729282e-13

const ratio = memory.data(32, 16)

// The pool at the input last asked for.
export let approximateOut: f64 = 0
export let approximateRate: f64 = 0
export let approximateCurvature: f64 = 0
/** Part of the input that the known liquidity cannot take. */
export let approximateExcess: f64 = 0

/** Evaluates a pool at an input in base units. */
export function approximateSwap(pool: usize, zeroForOne: bool, input: f64): void {
  const family = load<u32>(pool + POOL_FAMILY)
  approximateExcess = 0
  if (family == FAMILY_CONCENTRATED) walkRanges(pool, zeroForOne, input)
  else if (family == FAMILY_SOLIDLY_STABLE) followStable(pool, zeroForOne, input)
  else {
    const record = pool + (zeroForOne ? POOL_RATE0 : POOL_RATE1)
    alongPiece(load<f64>(record), load<f64>(record, 8), input)
  }
}

/** Whether (r, n) at zero is not the whole curve. */
// @ts-ignore: decorator
@inline
export function isCurved(pool: usize): bool {
  return load<i32>(pool + POOL_FAMILY) >= FAMILY_SOLIDLY_STABLE
}

/** Computes (r, n) and the bounds kept beside a pool's state, after each change of it. */
export function refreshRates(pool: usize): i32 {
  const family = load<u32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONCENTRATED) {
    refreshConcentrated(pool)
  } else if (family == FAMILY_SOLIDLY_STABLE) {
    if (!solidlyStable.prepare(pool)) return STATUS_REVERTS
    refreshDirection(pool, true)
    refreshDirection(pool, false)
  } else {
    const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
    const x = u256.approximate(pool + POOL_RESERVE0)
    const y = u256.approximate(pool + POOL_RESERVE1)
    store<f64>(pool + POOL_RATE0, (gamma * y) / x)
    store<f64>(pool + POOL_RATE0, gamma / x, 8)
    store<f64>(pool + POOL_RATE1, (gamma * x) / y)
    store<f64>(pool + POOL_RATE1, gamma / y, 8)
    store<f64>(pool + POOL_BOUND0, gamma / x)
    store<f64>(pool + POOL_BOUND1, gamma / y)
  }
  return STATUS_OK
}

/** Computes what is kept beside a concentrated pool's ticks, after each change of them. */
export function refreshTicks(pool: usize): void {
  const count = load<i32>(pool + POOL_TICK_COUNT)
  for (let i = 0; i < count; i++) {
    const record = tickRecord(pool, i)
    getSqrtRatioAtTick(ratio, load<i32>(record + TICK_INDEX))
    store<u64>(record + TICK_SQRT_RATIO, u256.word(ratio, 0))
    store<u64>(record + TICK_SQRT_RATIO, u256.word(ratio, 1), 8)
    store<u64>(record + TICK_SQRT_RATIO, u256.word(ratio, 2), 16)
    store<f64>(record + TICK_APPROXIMATE_SQRT, u256.approximate(ratio) / TWO_96)
    store<f64>(record + TICK_APPROXIMATE_NET, approximateSigned(record + TICK_LIQUIDITY_NET))
  }
  getSqrtRatioAtTick(ratio, knownEnd(pool, true))
  store<f64>(pool + POOL_APPROXIMATE_KNOWN_LOW, u256.approximate(ratio) / TWO_96)
  getSqrtRatioAtTick(ratio, knownEnd(pool, false))
  store<f64>(pool + POOL_APPROXIMATE_KNOWN_HIGH, u256.approximate(ratio) / TWO_96)
}

/** f64 of an i128, by its size: the low word of a small negative number is a huge one. */
function approximateSigned(p: usize): f64 {
  const low = load<u64>(p)
  const high = load<i64>(p, 8)
  if (high >= 0) return <f64>low + <f64>high * TWO_64
  const size: u64 = ~low + 1
  return -(<f64>size + <f64>(~high + i64(size == 0)) * TWO_64)
}

/** One Möbius piece: rate r and curvature n at its start. */
// @ts-ignore: decorator
@inline
function alongPiece(r: f64, n: f64, input: f64): void {
  const q = 1 / (1 + n * input)
  approximateOut = r * input * q
  approximateRate = r * q * q
  approximateCurvature = n * q
}

/**
 * Liquidity behind a tick. Sums in f64 leave a crumb where nothing is left; in
 * a range without end it would take any input. `most`: the largest so far.
 */
// @ts-ignore: decorator
@inline
export function behindTick(liquidity: f64, net: f64, most: f64): f64 {
  const sum = liquidity + net
  return abs(sum) > most * CRUMB ? sum : 0
}

/** A concentrated pool: one piece a tick range, price and liquidity walked along. */
function walkRanges(pool: usize, zeroForOne: bool, input: f64): void {
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  const last = load<f64>(
    pool + (zeroForOne ? POOL_APPROXIMATE_KNOWN_LOW : POOL_APPROXIMATE_KNOWN_HIGH),
  )
  let s = load<f64>(pool + POOL_APPROXIMATE_SQRT_PRICE)
  let liquidity = load<f64>(pool + POOL_APPROXIMATE_LIQUIDITY)
  let most = liquidity
  let cursor = cursorAt(pool, load<i32>(pool + POOL_TICK), zeroForOne)
  let rest = input * gamma
  let out: f64 = 0
  for (;;) {
    const inside = hasTick(pool, cursor)
    const record = tickRecord(pool, cursor)
    const border = inside ? load<f64>(record + TICK_APPROXIMATE_SQRT) : last
    if (liquidity > 0) {
      const capacity = zeroForOne
        ? liquidity * (1 / border - 1 / s)
        : liquidity * (border - s)
      if (rest <= capacity) break
      rest -= capacity
      out += zeroForOne
        ? liquidity * (s - border)
        : liquidity * (1 / s - 1 / border)
    }
    if (!inside) {
      approximateOut = out
      approximateRate = 0
      approximateCurvature = 0
      approximateExcess = rest / gamma
      return
    }
    const net = load<f64>(record + TICK_APPROXIMATE_NET)
    most = max(most, liquidity)
    liquidity = behindTick(liquidity, zeroForOne ? -net : net, most)
    s = border
    cursor += zeroForOne ? -1 : 1
  }
  // token0 in: r = s², n = s/L. token1 in: r = 1/s², n = 1/(L·s).
  const r = zeroForOne ? s * s : 1 / (s * s)
  const n = zeroForOne ? s / liquidity : 1 / (liquidity * s)
  alongPiece(r, n, rest)
  approximateOut += out
  approximateRate *= gamma
  approximateCurvature *= gamma
}

/**
 * Stable pair: x³y + y³x = k in whole tokens, u sold for v. Written in
 * differences, so that a small v loses no digits:
 *
 *   v·(x³ + x·(3·y0² - 3·y0·v + v²)) = u·(y0·(3·x0² + 3·x0·u + u²) + y0³)
 *
 * v by Newton, the piece by the curve's two derivatives.
 */
function followStable(pool: usize, zeroForOne: bool, input: f64): void {
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  const unitIn = u256.approximate(pool + (zeroForOne ? POOL_SCALE0 : POOL_SCALE1))
  const unitOut = u256.approximate(pool + (zeroForOne ? POOL_SCALE1 : POOL_SCALE0))
  const x0 = u256.approximate(pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)) / unitIn
  const y0 = u256.approximate(pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)) / unitOut
  const u = (input * gamma) / unitIn
  const x = x0 + u
  const cube = x * x * x
  const given = u * (y0 * (3 * x0 * x0 + 3 * x0 * u + u * u) + y0 * y0 * y0)
  let v: f64 = 0
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const y = y0 - v
    const excess = v * (cube + x * (3 * y0 * y0 - 3 * y0 * v + v * v)) - given
    const step = excess / (cube + 3 * x * y * y)
    v -= step
    if (abs(step) <= 1e-16 * abs(v)) break
  }
  const y = y0 - v
  const fy = cube + 3 * x * y * y
  const slope = (3 * x * x * y + y * y * y) / fy
  // out'' = (Fxx - 2·Fxy·slope + Fyy·slope²)/Fy, Fxx = Fyy = 6xy, Fxy = 3(x² + y²).
  const bend = (6 * x * y * (1 + slope * slope) - 6 * (x * x + y * y) * slope) / fy
  approximateOut = v * unitOut
  approximateRate = (gamma * slope * unitOut) / unitIn
  approximateCurvature = (gamma * abs(bend)) / (2 * slope * unitIn)
}

/** About the input for which a stable pair pays `amountOut`: the curve is the same for the other token, put back. */
export function approximateStableInput(pool: usize, zeroForOne: bool, amountOut: usize): f64 {
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  followStable(pool, !zeroForOne, -u256.approximate(amountOut) / gamma)
  return -approximateOut / gamma
}

function refreshConcentrated(pool: usize): void {
  store<f64>(
    pool + POOL_APPROXIMATE_SQRT_PRICE,
    u256.approximate(pool + POOL_SQRT_PRICE) / TWO_96,
  )
  store<f64>(
    pool + POOL_APPROXIMATE_LIQUIDITY,
    u256.approximate(pool + POOL_LIQUIDITY),
  )
  refreshDirection(pool, true)
  refreshDirection(pool, false)
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  const s = load<f64>(pool + POOL_APPROXIMATE_SQRT_PRICE)
  store<f64>(pool + POOL_BOUND0, (gamma * s) / mostLiquidity(pool, true))
  store<f64>(pool + POOL_BOUND1, gamma / (s * mostLiquidity(pool, false)))
}

/** (r, n) at zero; the bound of a curve without a better one is 0. */
function refreshDirection(pool: usize, zeroForOne: bool): void {
  approximateExcess = 0
  approximateSwap(pool, zeroForOne, 0)
  const record = pool + (zeroForOne ? POOL_RATE0 : POOL_RATE1)
  store<f64>(record, approximateRate)
  store<f64>(record, approximateCurvature, 8)
  store<f64>(pool + (zeroForOne ? POOL_BOUND0 : POOL_BOUND1), 0)
}

/** The most liquidity a swap in this direction could meet: bounds the curvature from below. */
function mostLiquidity(pool: usize, zeroForOne: bool): f64 {
  let liquidity = load<f64>(pool + POOL_APPROXIMATE_LIQUIDITY)
  let most = liquidity
  let cursor = cursorAt(pool, load<i32>(pool + POOL_TICK), zeroForOne)
  while (hasTick(pool, cursor)) {
    const net = load<f64>(tickRecord(pool, cursor) + TICK_APPROXIMATE_NET)
    liquidity += zeroForOne ? -net : net
    most = max(most, liquidity)
    cursor += zeroForOne ? -1 : 1
  }
  return most
}
