// Prices and amounts of a range of liquidity: Uniswap v3-core SqrtPriceMath.
//
//   token0 between prices a < b:  L·(b - a)/(a·b)
//   token1 between prices a < b:  L·(b - a)
//
// Prices are square roots in Q96. Pointers to u256; functions return false
// where the contract reverts. Every rounding favours the pool: what enters is
// rounded up, what leaves is rounded down, and the price moves no further than
// the exact amount would move it.

import {
  FLOOR_ONE,
  productError,
  productErrors,
  rest,
  rests,
  storeFloor,
  upper,
} from '../math/doubleDouble'
import { multiplyFourByTwoWords, multiplyTwoWords } from '../math/product'
import {
  divideByFourWords,
  divideByTwoWords,
  storeQuotient,
  storeQuotientRoundedUp,
  TOO_LARGE,
} from '../math/quotient'
import * as u256 from '../math/uint256'
import { toFloat2 } from '../math/word'

const LIQUIDITY_SHIFT_LIMIT_BITS = 160

// Below these sizes, which nearly all pools keep, a formula is one division in
// registers and nothing overflows: 2^127 is the price at tick 429,773.
const PRICE_BITS = 127
const LIQUIDITY_BITS = 126
const AMOUNT_BITS = 126
const LOW: u64 = 0xffffffff
const TWO_96: f64 = 79228162514264337593543950336.0
const TWO_192: f64 = 6277101735386680763835789423207666416102355444464034512896.0
const TWO_32: f64 = 4294967296.0
const TWO_64: f64 = 18446744073709551616.0
/** 2^-98: two conversions, two products and a division of 2^-102 to 2^-101 each. */
const RELATIVE_ERROR: f64 = 3.1554436208840472e-30

const difference = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)
const product = memory.data(32, 16)
const quotient = memory.data(32, 16)
const wide = memory.data(40, 16)

/** out = token0 between two prices, a ≤ b, rounded up. */
export function getAmount0DeltaRoundingUp(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (u256.isZero(a)) return false
  if (estimateAmount0(out, a, b, liquidity, FLOOR_ONE)) return true
  const remainder = divideAmount0(a, b, liquidity)
  if (remainder != TOO_LARGE) {
    storeQuotientRoundedUp(out, remainder)
    return true
  }
  u256.shiftLeft96(numerator, liquidity)
  u256.sub(difference, b, a)
  if (u256.mulDivRoundingUp(out, numerator, difference, b)) return false
  u256.divRoundingUp(out, out, a)
  return true
}

/** out = token0 between two prices, a ≤ b, rounded down. */
export function getAmount0DeltaRoundingDown(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (u256.isZero(a)) return false
  if (estimateAmount0(out, a, b, liquidity, 0)) return true
  if (divideAmount0(a, b, liquidity) != TOO_LARGE) {
    storeQuotient(out)
    return true
  }
  u256.shiftLeft96(numerator, liquidity)
  u256.sub(difference, b, a)
  if (u256.mulDiv(out, numerator, difference, b)) return false
  u256.div(out, out, a)
  return true
}

/** out = token1 between two prices, a ≤ b, rounded up. */
export function getAmount1DeltaRoundingUp(out: usize, a: usize, b: usize, liquidity: usize): bool {
  u256.sub(difference, b, a)
  if (multiplyAmount1(out, liquidity, LOW)) return true
  return !u256.mulShift96RoundingUp(out, liquidity, difference)
}

/** out = token1 between two prices, a ≤ b, rounded down. */
export function getAmount1DeltaRoundingDown(out: usize, a: usize, b: usize, liquidity: usize): bool {
  u256.sub(difference, b, a)
  if (multiplyAmount1(out, liquidity, 0)) return true
  return !u256.mulShift96(out, liquidity, difference)
}

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

/**
 * out = L·(b - a)·2^96/(a·b), rounded down after `added`/2^24, where its 106
 * bits leave no doubt about the whole units: half the cost of dividing
 * integers. False where they do.
 */
function estimateAmount0(out: usize, a: usize, b: usize, liquidity: usize, added: i64): bool {
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
  const x0 = limbs(x01, 1)
  const x1 = limbs(upper(x01), TWO_32)
  const x2 = limbs(x23, TWO_64)
  const x3 = limbs(upper(x23), TWO_96)
  const y0 = limbs(y01, 1)
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
  const n = f64x2.extract_lane(product, 0)
  const d = f64x2.extract_lane(product, 1)
  const inverse = 1 / d
  const quotient = n * inverse
  const back = quotient * d
  const more =
    (n - back - productError(quotient, d, back) +
      (f64x2.extract_lane(productRest, 0) - quotient * f64x2.extract_lane(productRest, 1))) *
    inverse
  const sum = quotient + more
  const whole = sum * TWO_96
  const part = rest(quotient, more, sum) * TWO_96

  return storeFloor(out, whole, part, whole * RELATIVE_ERROR, added)
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
function divideAmount0(a: usize, b: usize, liquidity: usize): i32 {
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

/**
 * out = L·difference >> 96, rounded up if `up` is LOW, down if it is 0; false
 * where they are too large for that.
 */
function multiplyAmount1(out: usize, liquidity: usize, up: u64): bool {
  if (
    !u256.fitsTwoWords(difference, PRICE_BITS) ||
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS)
  )
    return false
  multiplyTwoWords(
    wide,
    u256.word(liquidity, 0),
    u256.word(liquidity, 1),
    u256.word(difference, 0),
    u256.word(difference, 1),
  )
  const w1 = load<u64>(wide, 8)
  const w2 = load<u64>(wide, 16)
  const w3 = load<u64>(wide, 24)
  // The 32 fraction bits of w1, and one for all of w0.
  const fraction = (w1 & up) + (u64(load<u64>(wide) != 0) & up)
  const one = u64(fraction != 0)
  const low = ((w1 >> 32) | (w2 << 32)) + one
  const carry = u64(low < one)
  const middle = ((w2 >> 32) | (w3 << 32)) + carry
  u256.setWords(out, low, middle, (w3 >> 32) + u64(middle < carry), 0)
  return true
}

/** The price after an input: rounded so that the price moves less than the input pays for. */
export function getNextSqrtPriceFromInput(
  out: usize,
  sqrtPrice: usize,
  liquidity: usize,
  amountIn: usize,
  zeroForOne: bool,
): bool {
  if (u256.isZero(sqrtPrice) || u256.isZero(liquidity)) return false
  return zeroForOne
    ? addAmount0(out, sqrtPrice, liquidity, amountIn)
    : addAmount1(out, sqrtPrice, liquidity, amountIn)
}

/** The price after an output: rounded so that the price moves more than the output needs. */
export function getNextSqrtPriceFromOutput(
  out: usize,
  sqrtPrice: usize,
  liquidity: usize,
  amountOut: usize,
  zeroForOne: bool,
): bool {
  if (u256.isZero(sqrtPrice) || u256.isZero(liquidity)) return false
  return zeroForOne
    ? removeAmount1(out, sqrtPrice, liquidity, amountOut)
    : removeAmount0(out, sqrtPrice, liquidity, amountOut)
}

/** L·P/(L + amount·P), rounded up; where amount·P overflows, L/(L/P + amount). */
function addAmount0(out: usize, sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  if (u256.isZero(amount)) {
    u256.copy(out, sqrtPrice)
    return true
  }
  u256.shiftLeft96(numerator, liquidity)
  if (fitRegisters(sqrtPrice, liquidity, amount)) {
    multiplyByPrice(amount, sqrtPrice)
    u256.add(denominator, numerator, product)
    // P - floor(amount·P²/(L + amount·P)) is the quotient rounded up.
    if (divideMoveOfAmount0(sqrtPrice, amount) != TOO_LARGE) {
      storeQuotient(quotient)
      u256.sub(out, sqrtPrice, quotient)
      return true
    }
  }
  if (!u256.mul(product, amount, sqrtPrice)) {
    if (!u256.add(denominator, numerator, product))
      return !u256.mulDivRoundingUp(out, numerator, sqrtPrice, denominator)
  }
  u256.div(denominator, numerator, sqrtPrice)
  if (u256.add(denominator, denominator, amount)) return false
  u256.divRoundingUp(out, numerator, denominator)
  return true
}

/** L·P/(L - amount·P), rounded up. */
function removeAmount0(out: usize, sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  if (u256.isZero(amount)) {
    u256.copy(out, sqrtPrice)
    return true
  }
  u256.shiftLeft96(numerator, liquidity)
  const fits = fitRegisters(sqrtPrice, liquidity, amount)
  if (fits) multiplyByPrice(amount, sqrtPrice)
  else if (u256.mul(product, amount, sqrtPrice)) return false
  if (!u256.lessThan(product, numerator)) return false
  u256.sub(denominator, numerator, product)
  if (fits) {
    // P + ceil(amount·P²/(L - amount·P)), below 2^128.
    const remainder = divideMoveOfAmount0(sqrtPrice, amount)
    if (remainder != TOO_LARGE) {
      storeQuotientRoundedUp(quotient, remainder)
      u256.add(out, sqrtPrice, quotient)
      return true
    }
  }
  if (u256.mulDivRoundingUp(out, numerator, sqrtPrice, denominator)) return false
  return !u256.exceedsBits(out, 160)
}

// @ts-ignore: decorator
@inline
function fitRegisters(sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  return (
    u256.fitsTwoWords(sqrtPrice, PRICE_BITS) &&
    u256.fitsTwoWords(liquidity, LIQUIDITY_BITS) &&
    u256.fitsTwoWords(amount, AMOUNT_BITS)
  )
}

/** product = amount·P, below 2^253. */
// @ts-ignore: decorator
@inline
function multiplyByPrice(amount: usize, sqrtPrice: usize): void {
  multiplyTwoWords(
    product,
    u256.word(amount, 0),
    u256.word(amount, 1),
    u256.word(sqrtPrice, 0),
    u256.word(sqrtPrice, 1),
  )
}

/** Divides amount·P² by the denominator, product being amount·P: how far the price moves. */
function divideMoveOfAmount0(sqrtPrice: usize, amount: usize): i32 {
  const d2 = u256.word(denominator, 2)
  const d3 = u256.word(denominator, 3)
  if (!(d2 | d3)) return TOO_LARGE
  const p0 = u256.word(sqrtPrice, 0)
  const p1 = u256.word(sqrtPrice, 1)
  multiplyFourByTwoWords(wide, product, p0, p1)
  const price = toFloat2(p0, p1)
  const given = toFloat2(u256.word(amount, 0), u256.word(amount, 1))
  return divideByFourWords(
    load<u64>(wide),
    load<u64>(wide, 8),
    load<u64>(wide, 16),
    load<u64>(wide, 24),
    load<u64>(wide, 32),
    u256.word(denominator, 0),
    u256.word(denominator, 1),
    d2,
    d3,
    given * price * price,
  )
}

/** Divides amount·2^96 by L: how far the price moves. */
function divideMoveOfAmount1(liquidity: usize, amount: usize): i32 {
  if (
    !u256.fitsTwoWords(liquidity, LIQUIDITY_BITS) ||
    !u256.fitsTwoWords(amount, AMOUNT_BITS)
  )
    return TOO_LARGE
  const a0 = u256.word(amount, 0)
  const a1 = u256.word(amount, 1)
  return divideByTwoWords(
    0,
    a0 << 32,
    (a0 >> 32) | (a1 << 32),
    u256.word(liquidity, 0),
    u256.word(liquidity, 1),
    toFloat2(a0, a1) * TWO_96,
  )
}

/** P + amount/L, rounded down. */
function addAmount1(out: usize, sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  if (divideMoveOfAmount1(liquidity, amount) != TOO_LARGE) storeQuotient(quotient)
  else if (u256.exceedsBits(amount, LIQUIDITY_SHIFT_LIMIT_BITS)) {
    q96(product)
    if (u256.mulDiv(quotient, amount, product, liquidity)) return false
  } else {
    u256.shiftLeft96(product, amount)
    u256.div(quotient, product, liquidity)
  }
  if (u256.add(out, sqrtPrice, quotient)) return false
  return !u256.exceedsBits(out, 160)
}

/** P - amount/L, the subtrahend rounded up. */
function removeAmount1(out: usize, sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  const remainder = divideMoveOfAmount1(liquidity, amount)
  if (remainder != TOO_LARGE) storeQuotientRoundedUp(quotient, remainder)
  else if (u256.exceedsBits(amount, LIQUIDITY_SHIFT_LIMIT_BITS)) {
    q96(product)
    if (u256.mulDivRoundingUp(quotient, amount, product, liquidity)) return false
  } else {
    u256.shiftLeft96(product, amount)
    u256.divRoundingUp(quotient, product, liquidity)
  }
  if (!u256.lessThan(quotient, sqrtPrice)) return false
  u256.sub(out, sqrtPrice, quotient)
  return true
}

function q96(out: usize): void {
  u256.setWords(out, 0, 1 << 32, 0, 0)
}
