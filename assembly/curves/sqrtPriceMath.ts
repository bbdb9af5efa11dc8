// Prices and amounts of a range of liquidity: Uniswap v3-core SqrtPriceMath.
//
//   token0 between prices a < b:  L·(b - a)/(a·b)
//   token1 between prices a < b:  L·(b - a)
//
// Prices are square roots in Q96. Pointers to u256; functions return false
// where the contract reverts. Every rounding favours the pool: what enters is
// rounded up, what leaves is rounded down, and the price moves no further than
// the exact amount would move it.

import * as u256 from '../math/uint256'

const LIQUIDITY_SHIFT_LIMIT_BITS = 160

const difference = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)
const product = memory.data(32, 16)
const quotient = memory.data(32, 16)

/** out = token0 between two prices, a ≤ b, rounded up. */
export function getAmount0DeltaRoundingUp(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (u256.isZero(a)) return false
  u256.shiftLeft96(numerator, liquidity)
  u256.sub(difference, b, a)
  if (u256.mulDivRoundingUp(out, numerator, difference, b)) return false
  u256.divRoundingUp(out, out, a)
  return true
}

/** out = token0 between two prices, a ≤ b, rounded down. */
export function getAmount0DeltaRoundingDown(out: usize, a: usize, b: usize, liquidity: usize): bool {
  if (u256.isZero(a)) return false
  u256.shiftLeft96(numerator, liquidity)
  u256.sub(difference, b, a)
  if (u256.mulDiv(out, numerator, difference, b)) return false
  u256.div(out, out, a)
  return true
}

/** out = token1 between two prices, a ≤ b, rounded up. */
export function getAmount1DeltaRoundingUp(out: usize, a: usize, b: usize, liquidity: usize): bool {
  u256.sub(difference, b, a)
  return !u256.mulShift96RoundingUp(out, liquidity, difference)
}

/** out = token1 between two prices, a ≤ b, rounded down. */
export function getAmount1DeltaRoundingDown(out: usize, a: usize, b: usize, liquidity: usize): bool {
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
  if (u256.mul(product, amount, sqrtPrice)) return false
  if (!u256.lessThan(product, numerator)) return false
  u256.sub(denominator, numerator, product)
  if (u256.mulDivRoundingUp(out, numerator, sqrtPrice, denominator)) return false
  return !u256.exceedsBits(out, 160)
}

/** P + amount/L, rounded down. */
function addAmount1(out: usize, sqrtPrice: usize, liquidity: usize, amount: usize): bool {
  if (u256.exceedsBits(amount, LIQUIDITY_SHIFT_LIMIT_BITS)) {
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
  if (u256.exceedsBits(amount, LIQUIDITY_SHIFT_LIMIT_BITS)) {
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
