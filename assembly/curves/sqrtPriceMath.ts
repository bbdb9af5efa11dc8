// Prices and amounts of a range of liquidity: Uniswap v3-core SqrtPriceMath.
//
//   token0 between prices a < b:  L·(b - a)/(a·b)
//   token1 between prices a < b:  L·(b - a)
//
// Prices are square roots in Q96. Pointers to u256; functions return false
// where the contract reverts. Every rounding favours the pool: what enters is
// rounded up, what leaves is rounded down, and the price moves no further than
// the exact amount would move it.

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
import {
  divideAmount0,
  estimateAmount0,
  LIQUIDITY_BITS,
  multiplyAmount1,
  PRICE_BITS,
} from './rangeAmounts'

const LIQUIDITY_SHIFT_LIMIT_BITS = 160

const AMOUNT_BITS = 126
const TWO_96: f64 = 79228162514264337593543950336.0

const difference = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)
const product = memory.data(32, 16)
const quotient = memory.data(32, 16)
const wide = memory.data(40, 16)

/** out = token0 between two prices, a ≤ b, rounded up. */
export function getAmount0DeltaRoundingUp(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (u256.isZero(a)) return false
  if (estimateAmount0(out, a, b, liquidity, true)) return true
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
  if (estimateAmount0(out, a, b, liquidity, false)) return true
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
  if (multiplyAmount1(out, a, b, liquidity, true)) return true
  u256.sub(difference, b, a)
  return !u256.mulShift96RoundingUp(out, liquidity, difference)
}

/** out = token1 between two prices, a ≤ b, rounded down. */
export function getAmount1DeltaRoundingDown(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (multiplyAmount1(out, a, b, liquidity, false)) return true
  u256.sub(difference, b, a)
  return !u256.mulShift96(out, liquidity, difference)
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
  const l0 = u256.word(liquidity, 0)
  const l1 = u256.word(liquidity, 1)
  return divideByTwoWords(
    0,
    a0 << 32,
    (a0 >> 32) | (a1 << 32),
    l0,
    l1,
    toFloat2(a0, a1) * TWO_96,
    toFloat2(l0, l1),
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
