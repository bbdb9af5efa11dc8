import { SwapRevertsError } from '../errors.ts'
import { divRoundingUp, mulDiv, mulDivRoundingUp } from './fullMath.ts'
import { add, maxUint256, toUint } from './uint256.ts'

/**
 * Uniswap V3's SqrtPriceMath: amounts between two prices, and the price after
 * an amount. Prices are uint160, liquidity uint128, amounts uint256. Every
 * rounding favours the pool.
 */

const q96 = 1n << 96n
const maxUint160 = (1n << 160n) - 1n

/** L·2^96·(b - a) / (b·a), rounded up: token0 the pool must receive. @throws SwapRevertsError when a price is 0. */
export function getAmount0DeltaRoundingUp(
  a: bigint,
  b: bigint,
  liquidity: bigint,
): bigint {
  const [lower, upper] = requireOrdered(a, b)
  const product = mulDivRoundingUp(liquidity << 96n, upper - lower, upper)
  return divRoundingUp(product, lower)
}

/** L·2^96·(b - a) / (b·a), rounded down: token0 the pool may pay. @throws SwapRevertsError when a price is 0. */
export function getAmount0DeltaRoundingDown(
  a: bigint,
  b: bigint,
  liquidity: bigint,
): bigint {
  const [lower, upper] = requireOrdered(a, b)
  return mulDiv(liquidity << 96n, upper - lower, upper) / lower
}

/** L·(b - a) / 2^96, rounded up: token1 the pool must receive. */
export function getAmount1DeltaRoundingUp(
  a: bigint,
  b: bigint,
  liquidity: bigint,
): bigint {
  return mulDivRoundingUp(liquidity, a > b ? a - b : b - a, q96)
}

/** L·(b - a) / 2^96, rounded down: token1 the pool may pay. */
export function getAmount1DeltaRoundingDown(
  a: bigint,
  b: bigint,
  liquidity: bigint,
): bigint {
  return mulDiv(liquidity, a > b ? a - b : b - a, q96)
}

/**
 * The price after `amountIn` came in, fee already off. Rounds so that the
 * target price is not passed.
 * @throws SwapRevertsError when price or liquidity is 0, or the price overflows.
 */
export function getNextSqrtPriceFromInput(
  sqrtPriceX96: bigint,
  liquidity: bigint,
  amountIn: bigint,
  zeroForOne: boolean,
): bigint {
  requireLiquidity(sqrtPriceX96, liquidity)
  return zeroForOne
    ? addAmount0(sqrtPriceX96, liquidity, amountIn)
    : addAmount1(sqrtPriceX96, liquidity, amountIn)
}

/**
 * The price after `amountOut` went out. Rounds so that the target price is
 * passed.
 * @throws SwapRevertsError when price or liquidity is 0, or the pool cannot pay the amount.
 */
export function getNextSqrtPriceFromOutput(
  sqrtPriceX96: bigint,
  liquidity: bigint,
  amountOut: bigint,
  zeroForOne: boolean,
): bigint {
  requireLiquidity(sqrtPriceX96, liquidity)
  return zeroForOne
    ? removeAmount1(sqrtPriceX96, liquidity, amountOut)
    : removeAmount0(sqrtPriceX96, liquidity, amountOut)
}

/** L·√P / (L + amount·√P), rounded up: the price of token0 falls no further than paid for. */
function addAmount0(price: bigint, liquidity: bigint, amount: bigint): bigint {
  if (amount === 0n) return price
  const numerator = liquidity << 96n
  const denominator = numerator + amount * price
  if (amount * price <= maxUint256 && denominator <= maxUint256) {
    return mulDivRoundingUp(numerator, price, denominator)
  }
  // Where uint256 cannot hold amount·√P the contract computes L / (L/√P + amount),
  // which is less exact: the fall-back is part of the truth.
  return divRoundingUp(numerator, add(numerator / price, amount))
}

/** L·√P / (L - amount·√P), rounded up: the price of token0 rises at least as far as taken out. */
function removeAmount0(
  price: bigint,
  liquidity: bigint,
  amount: bigint,
): bigint {
  if (amount === 0n) return price
  const numerator = liquidity << 96n
  const product = amount * price
  if (product > maxUint256 || numerator <= product) {
    throw new SwapRevertsError('the liquidity cannot pay this much token0')
  }
  return toUint(mulDivRoundingUp(numerator, price, numerator - product), 160)
}

/** √P + amount / L, rounded down: the price of token0 rises no further than paid for. */
function addAmount1(price: bigint, liquidity: bigint, amount: bigint): bigint {
  const quotient =
    amount <= maxUint160
      ? (amount << 96n) / liquidity
      : mulDiv(amount, q96, liquidity)
  return toUint(add(price, quotient), 160)
}

/** √P - amount / L, rounded down: the price of token0 falls at least as far as taken out. */
function removeAmount1(
  price: bigint,
  liquidity: bigint,
  amount: bigint,
): bigint {
  const quotient =
    amount <= maxUint160
      ? divRoundingUp(amount << 96n, liquidity)
      : mulDivRoundingUp(amount, q96, liquidity)
  if (price <= quotient) {
    throw new SwapRevertsError('the liquidity cannot pay this much token1')
  }
  return price - quotient
}

function requireOrdered(a: bigint, b: bigint): readonly [bigint, bigint] {
  const [lower, upper] = a > b ? [b, a] : [a, b]
  if (lower <= 0n) throw new SwapRevertsError('a price is zero')
  return [lower, upper]
}

function requireLiquidity(sqrtPriceX96: bigint, liquidity: bigint): void {
  if (sqrtPriceX96 <= 0n || liquidity <= 0n) {
    throw new SwapRevertsError('there is no liquidity at this price')
  }
}
