// What a range of liquidity holds between two prices a ≤ b, in registers:
//
//   token0  L·(b - a)·2^96/(a·b)        token1  L·(b - a)/2^96
//
// Only for the sizes below, which nearly all pools keep: nothing overflows
// there. sqrtPriceMath has the formulas for all sizes.

import {
  productErrors,
  rests,
  storeCertainQuotient,
  upper,
} from '../math/doubleDouble'
import { multiplyTwoWords } from '../math/product'
import { divideByFourWords, TOO_LARGE } from '../math/quotient'
import * as u256 from '../math/uint256'
import { multiplyHigh, toFloat2 } from '../math/word'

/** The price at tick 429,773. */
export const PRICE_BITS = 127
export const LIQUIDITY_BITS = 126

const LOW: u64 = 0xffffffff
const TWO_32: f64 = 4294967296.0
const TWO_64: f64 = 18446744073709551616.0
const TWO_96: f64 = 79228162514264337593543950336.0
const TWO_192: f64 = 6277101735386680763835789423207666416102355444464034512896.0

const product = memory.data(32, 16)
const denominator = memory.data(32, 16)

/** token0 between two prices, a ≤ b, off by less than 2^-49 of it; NaN where getAmount0Delta might revert. */
// @ts-ignore: decorator
@inline
export function approximateAmount0Delta(a: usize, b: usize, liquidity: usize): f64 {
  return (
    (approximateAmount1Delta(a, b, liquidity) * TWO_192) /
    (toFloat2(u256.word(a, 0), u256.word(a, 1)) *
      toFloat2(u256.word(b, 0), u256.word(b, 1)))
  )
}

/** token1 between two prices, a ≤ b, off by less than 2^-49 of it; NaN where getAmount1Delta might revert. */
// @ts-ignore: decorator
@inline
export function approximateAmount1Delta(a: usize, b: usize, liquidity: usize): f64 {
  if (
    !u256.fitsTwoWords(b, PRICE_BITS) ||
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS)
  )
    return NaN
  const a0 = u256.word(a, 0)
  const b0 = u256.word(b, 0)
  const move = toFloat2(b0 - a0, u256.word(b, 1) - u256.word(a, 1) - u64(b0 < a0))
  return (move * toFloat2(u256.word(liquidity, 0), u256.word(liquidity, 1))) / TWO_96
}

/** out = L·(b - a)·2^96/(a·b), rounded up or down, where 106 bits leave no doubt; else false. */
export function estimateAmount0(
  out: usize,
  a: usize,
  b: usize,
  liquidity: usize,
  up: bool,
): bool {
  if (
    !u256.fitsTwoWords(b, PRICE_BITS) ||
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS)
  )
    return false
  const a0 = u256.word(a, 0)
  const b0 = u256.word(b, 0)
  const move = i64x2(b0 - a0, u256.word(b, 1) - u256.word(a, 1) - u64(b0 < a0))
  // L and a in the lanes of x, b - a and b in those of y.
  const l = u256.lowWords(liquidity)
  const from = u256.lowWords(a)
  const to = u256.lowWords(b)
  const x01 = v128.shuffle<u32>(l, from, 0, 4, 1, 5)
  const x23 = v128.shuffle<u32>(l, from, 2, 6, 3, 7)
  const y01 = v128.shuffle<u32>(move, to, 0, 4, 1, 5)
  const y23 = v128.shuffle<u32>(move, to, 2, 6, 3, 7)
  const x0 = f64x2.convert_low_i32x4_u(x01)
  const x1 = limbs(upper(x01), TWO_32)
  const x2 = limbs(x23, TWO_64)
  const x3 = limbs(upper(x23), TWO_96)
  const y0 = f64x2.convert_low_i32x4_u(y01)
  const y1 = limbs(upper(y01), TWO_32)
  const y2 = limbs(y23, TWO_64)
  const y3 = limbs(upper(y23), TWO_96)
  const xs2 = f64x2.add(x3, x2)
  const xs1 = f64x2.add(xs2, x1)
  const x = f64x2.add(xs1, x0)
  const xRest = f64x2.add(f64x2.add(rests(x3, x2, xs2), rests(xs2, x1, xs1)), rests(xs1, x0, x))
  const ys2 = f64x2.add(y3, y2)
  const ys1 = f64x2.add(ys2, y1)
  const y = f64x2.add(ys1, y0)
  const yRest = f64x2.add(f64x2.add(rests(y3, y2, ys2), rests(ys2, y1, ys1)), rests(ys1, y0, y))

  // L·(b - a) and a·b, and the first over the second.
  const product = f64x2.mul(x, y)
  const productRest = f64x2.add(
    productErrors(x, y, product),
    f64x2.add(f64x2.mul(x, yRest), f64x2.mul(xRest, y)),
  )
  return storeCertainQuotient(
    out,
    f64x2.extract_lane(product, 0),
    f64x2.extract_lane(productRest, 0),
    f64x2.extract_lane(product, 1),
    f64x2.extract_lane(productRest, 1),
    TWO_96,
    up,
  )
}

/** The lower two of four 32-bit lanes, times a power of two. */
// @ts-ignore: decorator
@inline
function limbs(lanes: v128, unit: f64): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_u(lanes), f64x2.splat(unit))
}

/**
 * Divides L·(b - a)·2^96 by a·b. Solidity divides by b and then by a: rounding
 * the same way twice is rounding once.
 */
export function divideAmount0(a: usize, b: usize, liquidity: usize): i32 {
  if (
    !u256.fitsTwoWords(b, PRICE_BITS) ||
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS)
  )
    return TOO_LARGE
  const a0 = u256.word(a, 0)
  const a1 = u256.word(a, 1)
  const b0 = u256.word(b, 0)
  const b1 = u256.word(b, 1)
  multiplyTwoWords(denominator, a0, a1, b0, b1)
  const d2 = u256.word(denominator, 2)
  const d3 = u256.word(denominator, 3)
  if (!(d2 | d3)) return TOO_LARGE
  const l0 = u256.word(liquidity, 0)
  const l1 = u256.word(liquidity, 1)
  const move0 = b0 - a0
  const move1 = b1 - a1 - u64(b0 < a0)
  multiplyTwoWords(product, l0, l1, move0, move1)
  const p0 = u256.word(product, 0)
  const p1 = u256.word(product, 1)
  const p2 = u256.word(product, 2)
  const p3 = u256.word(product, 3)
  return divideByFourWords(
    0,
    p0 << 32,
    (p0 >> 32) | (p1 << 32),
    (p1 >> 32) | (p2 << 32),
    (p2 >> 32) | (p3 << 32),
    u256.word(denominator, 0),
    u256.word(denominator, 1),
    d2,
    d3,
    toFloat2(l0, l1) * toFloat2(move0, move1) * TWO_96,
  )
}

/** out = L·(b - a) >> 96, rounded up or down; false where they are too large for that. */
export function multiplyAmount1(
  out: usize,
  a: usize,
  b: usize,
  liquidity: usize,
  up: bool,
): bool {
  if (
    !u256.fitsTwoWords(b, PRICE_BITS) ||
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS)
  )
    return false
  const a0 = u256.word(a, 0)
  const b0 = u256.word(b, 0)
  const move0 = b0 - a0
  const move1 = u256.word(b, 1) - u256.word(a, 1) - u64(b0 < a0)
  const l0 = u256.word(liquidity, 0)
  const l1 = u256.word(liquidity, 1)
  // Four words of the product, as in multiplyTwoWords.
  const w0 = l0 * move0
  const crossA = l0 * move1
  const crossB = l1 * move0
  const partial = multiplyHigh(l0, move0) + crossA
  const w1 = partial + crossB
  const carry = u64(partial < crossA) + u64(w1 < crossB)
  const top = l1 * move1
  const sumA = multiplyHigh(l0, move1) + top
  const sumB = sumA + multiplyHigh(l1, move0)
  const w2 = sumB + carry
  const w3 =
    multiplyHigh(l1, move1) + u64(sumA < top) + u64(sumB < sumA) + u64(w2 < sumB)
  const one = u64(up) & u64(((w1 & LOW) | w0) != 0)
  const low = ((w1 >> 32) | (w2 << 32)) + one
  const carryLow = u64(low < one)
  const middle = ((w2 >> 32) | (w3 << 32)) + carryLow
  u256.setWords(out, low, middle, (w3 >> 32) + u64(middle < carryLow), 0)
  return true
}
