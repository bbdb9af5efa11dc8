// x³y + y³x = k on amounts scaled to 18 decimals: Solidly's stable pairs.
//
// Source: Aerodrome and Velodrome V2, Pool: _k, _f, _d, _get_y and
// _getAmountOut, in the order of their operations, with the same truncations.
// Arithmetic is checked as Solidity 0.8 checks it: an overflow reverts.

import {
  POOL_DECIMALS0,
  POOL_DECIMALS1,
  POOL_FEE_PIPS,
  POOL_RESERVE0,
  POOL_RESERVE1,
  POOL_SCALE0,
  POOL_SCALE1,
  STATUS_OK,
  STATUS_REVERTS,
} from '../layout'
import * as u256 from '../math/uint256'
import { addFee, takeFee } from './solidlyVolatile'

const ITERATIONS = 255
const MOST_GUESSED: f64 = 1e77
/** About how far a guess in f64 is off. */
const GUESS_ERROR: f64 = 1e-14

const wad = memory.data(32, 16)
const three = memory.data(32, 16)
const afterFee = memory.data(32, 16)
const x = memory.data(32, 16)
const y = memory.data(32, 16)
const k = memory.data(32, 16)
const reserveOutScaled = memory.data(32, 16)
const f = memory.data(32, 16)
const slope = memory.data(32, 16)
const step = memory.data(32, 16)
const t0 = memory.data(32, 16)
const t1 = memory.data(32, 16)
const t2 = memory.data(32, 16)
const t3 = memory.data(32, 16)
const t4 = memory.data(32, 16)
const t5 = memory.data(32, 16)
const given = memory.data(32, 16)
const wanted = memory.data(32, 16)
const stride = memory.data(32, 16)
const accepted = memory.data(32, 16)
const low = memory.data(32, 16)
const high = memory.data(32, 16)
const middle = memory.data(32, 16)

/** Set where checked arithmetic overflowed; the swap then reverts. */
let failed: bool = false

/** Writes 10^decimals of both tokens into the pool record; false where a power exceeds 256 bits. */
export function prepare(pool: usize): bool {
  return (
    powerOfTen(pool + POOL_SCALE0, load<u32>(pool + POOL_DECIMALS0)) &&
    powerOfTen(pool + POOL_SCALE1, load<u32>(pool + POOL_DECIMALS1))
  )
}

/** The pair's getAmountOut on a pool record. */
export function getAmountOut(
  out: usize,
  pool: usize,
  zeroForOne: bool,
  amountIn: usize,
): i32 {
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  const scaleIn = pool + (zeroForOne ? POOL_SCALE0 : POOL_SCALE1)
  const scaleOut = pool + (zeroForOne ? POOL_SCALE1 : POOL_SCALE0)
  const feePips = load<u32>(pool + POOL_FEE_PIPS)
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return STATUS_REVERTS
  if (u256.isZero(amountIn)) return STATUS_REVERTS
  u256.set64(wad, 1000000000000000000)
  u256.set64(three, 3)
  failed = takeFee(afterFee, amountIn, feePips)
  toWad(x, reserveIn, scaleIn)
  toWad(reserveOutScaled, reserveOut, scaleOut)
  invariant(k, x, reserveOutScaled)
  toWad(t0, afterFee, scaleIn)
  checkedAdd(x, x, t0)
  if (failed || !solveY(pool)) return STATUS_REVERTS
  checkedSub(t0, reserveOutScaled, y)
  checkedMul(t0, t0, scaleOut)
  if (failed) return STATUS_REVERTS
  u256.div(out, t0, wad)
  return STATUS_OK
}

/**
 * The least amountIn whose getAmountOut is at least amountOut, by exact trials:
 * strides grow away from `guess` until they enclose it, then halve. With few
 * decimals the contract reverts on single inputs amid others that work, with
 * any on very large ones: those are not enough. Where rounding makes the curve
 * waver it is an input that is enough while one unit less is not.
 */
export function leastAmountIn(
  out: usize,
  pool: usize,
  zeroForOne: bool,
  amountOut: usize,
  guess: f64,
): i32 {
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  if (u256.isZero(amountOut) || !u256.lessThan(amountOut, reserveOut)) return STATUS_REVERTS
  u256.copy(wanted, amountOut)
  const about: f64 = guess >= 1 && guess < MOST_GUESSED ? guess : 1
  u256.fromApproximate(high, about)
  u256.fromApproximate(stride, max(about * GUESS_ERROR, 1))
  u256.set64(low, 0)
  if (isEnough(pool, zeroForOne, high)) {
    while (u256.lessThan(stride, high)) {
      u256.sub(middle, high, stride)
      if (!isEnough(pool, zeroForOne, middle)) {
        u256.copy(low, middle)
        break
      }
      u256.copy(high, middle)
      u256.add(stride, stride, stride)
    }
  } else if (!growToEnough(pool, zeroForOne)) return STATUS_REVERTS
  for (;;) {
    u256.sub(middle, high, low)
    if (u256.bitLength(middle) <= 1) break
    u256.halve(middle)
    u256.add(middle, middle, low)
    if (isEnough(pool, zeroForOne, middle)) u256.copy(high, middle)
    else u256.copy(low, middle)
  }
  u256.copy(out, high)
  return STATUS_OK
}

/**
 * Raises high by growing strides until it is enough, low behind it. Where a
 * stride leaps from too little to what the contract reverts on, bisects between.
 */
function growToEnough(pool: usize, zeroForOne: bool): bool {
  u256.set64(accepted, 0)
  do {
    if (!reverted) u256.copy(accepted, high)
    u256.copy(low, high)
    if (u256.add(high, high, stride)) return bisectToEnough(pool, zeroForOne)
    u256.add(stride, stride, stride)
  } while (!isEnough(pool, zeroForOne, high))
  return true
}

/** The same between the largest input that was too little and one that is too much; false where none is enough. */
function bisectToEnough(pool: usize, zeroForOne: bool): bool {
  u256.copy(high, low)
  u256.copy(low, accepted)
  let enough = false
  while (!enough) {
    u256.sub(middle, high, low)
    if (u256.bitLength(middle) <= 1) break
    u256.halve(middle)
    u256.add(middle, middle, low)
    enough = isEnough(pool, zeroForOne, middle)
    if (enough || reverted) u256.copy(high, middle)
    else u256.copy(low, middle)
  }
  return enough
}

/** Whether the last input asked about made the contract revert. */
let reverted: bool = false

/** Whether the pool takes an input and pays what is wanted. */
function isEnough(pool: usize, zeroForOne: bool, amountIn: usize): bool {
  reverted = getAmountOut(given, pool, zeroForOne, amountIn) != STATUS_OK
  return !reverted && !u256.lessThan(given, wanted)
}

/**
 * y = the least other balance that keeps the invariant k once this one is x:
 * Newton's method as the contract runs it. False where it reverts.
 */
function solveY(pool: usize): bool {
  u256.copy(y, reserveOutScaled)
  for (let i = 0; i < ITERATIONS; i++) {
    invariant(f, x, y)
    derivative(slope, x, y)
    if (failed || u256.isZero(slope)) return false
    const below = u256.lessThan(f, k)
    if (below) u256.sub(step, k, f)
    else u256.sub(step, f, k)
    checkedMul(step, step, wad)
    if (failed) return false
    u256.div(step, step, slope)
    if (u256.isZero(step)) {
      // Converged, or the truncation of the step hid the last unit.
      if (u256.equals(f, k)) return true
      if (below) {
        u256.add64(t2, y, 1)
        rescaledInvariant(t3, pool, x, t2)
        if (failed) return false
        if (u256.lessThan(k, t3)) {
          u256.copy(y, t2)
          return true
        }
      } else {
        if (u256.sub64(t2, y, 1)) return false
        invariant(t3, x, t2)
        if (failed) return false
        if (u256.lessThan(t3, k)) return true
      }
      u256.set64(step, 1)
    }
    if (below) checkedAdd(y, y, step)
    else checkedSub(y, y, step)
    if (failed) return false
  }
  return false
}

/** out = a·b·(a² + b²) in 18 decimals: the contract's _f. */
function invariant(out: usize, a: usize, b: usize): void {
  checkedMul(t0, a, a)
  u256.div(t0, t0, wad)
  checkedMul(t1, b, b)
  u256.div(t1, t1, wad)
  checkedAdd(t1, t0, t1)
  checkedMul(t0, a, b)
  u256.div(t0, t0, wad)
  checkedMul(t0, t0, t1)
  u256.div(out, t0, wad)
}

/**
 * The contract's _k, which _get_y calls with balances that are scaled already:
 * it scales them a second time, by token0's and token1's decimals whichever
 * was sold. Kept, as it decides the last unit where decimals are not 18.
 */
function rescaledInvariant(out: usize, pool: usize, a: usize, b: usize): void {
  toWad(t4, a, pool + POOL_SCALE0)
  toWad(t5, b, pool + POOL_SCALE1)
  invariant(out, t4, t5)
}

/** out = 3·a·b² + a³ in 18 decimals: the contract's _d. */
function derivative(out: usize, a: usize, b: usize): void {
  checkedMul(t0, b, b)
  u256.div(t0, t0, wad)
  checkedMul(t1, three, a)
  checkedMul(t0, t1, t0)
  u256.div(t0, t0, wad)
  checkedMul(t1, a, a)
  u256.div(t1, t1, wad)
  checkedMul(t1, t1, a)
  u256.div(t1, t1, wad)
  checkedAdd(out, t0, t1)
}

/** out = amount in 18 decimals, rounded down. */
function toWad(out: usize, amount: usize, scale: usize): void {
  checkedMul(out, amount, wad)
  u256.div(out, out, scale)
}

function checkedMul(out: usize, a: usize, b: usize): void {
  if (u256.mul(out, a, b)) failed = true
}

function checkedAdd(out: usize, a: usize, b: usize): void {
  if (u256.add(out, a, b)) failed = true
}

function checkedSub(out: usize, a: usize, b: usize): void {
  if (u256.sub(out, a, b)) failed = true
}

function powerOfTen(out: usize, exponent: u32): bool {
  u256.set64(out, 1)
  for (let i: u32 = 0; i < exponent; i++)
    if (u256.mul32(out, out, 10)) return false
  return true
}
