import type { SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { ConstantProductState } from '../poolState.ts'
import { divRoundingUp } from './fullMath.ts'
import { add, div, mul, sub } from './uint256.ts'

/**
 * x·y = k with the fee inside the formula: UniswapV2Library of Uniswap's
 * v2-periphery and of its forks. Amounts are base units.
 */

/**
 * floor(in·γ·reserveOut / (reserveIn + in·γ)), γ = 1 - fee. Rounds down: the
 * pool keeps the fraction.
 * @throws SwapRevertsError on a zero amount or reserve, or an overflow.
 */
export function getAmountOut(
  amountIn: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
  feePips: number,
): bigint {
  requireAmount(amountIn)
  requireReserves(reserveIn, reserveOut)
  const [kept, whole] = feeFraction(feePips)
  const amountInWithFee = mul(amountIn, kept)
  const numerator = mul(amountInWithFee, reserveOut)
  const denominator = add(mul(reserveIn, whole), amountInWithFee)
  return div(numerator, denominator)
}

/**
 * floor(reserveIn·out / ((reserveOut - out)·γ)) + 1. Rounds up, and pays one
 * unit too much where the division is exact: the pool gains it.
 * @throws SwapRevertsError on a zero amount or reserve, an output the reserve
 * cannot pay, or an overflow.
 */
export function getAmountIn(
  amountOut: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
  feePips: number,
): bigint {
  requireAmount(amountOut)
  requireReserves(reserveIn, reserveOut)
  const [kept, whole] = feeFraction(feePips)
  const numerator = mul(mul(reserveIn, amountOut), whole)
  const denominator = mul(sub(reserveOut, amountOut), kept)
  return add(div(numerator, denominator), 1n)
}

/**
 * The least input that {@link getAmountOut} pays `amountOut` for: getAmountIn
 * without its last unit where the division is exact.
 * @throws SwapRevertsError on an output the reserve cannot pay.
 */
export function leastAmountIn(
  state: ConstantProductState,
  zeroForOne: boolean,
  amountOut: bigint,
): bigint {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  const [kept, whole] = feeFraction(state.feePips)
  const left = sub(reserveOut, amountOut) * kept
  if (left === 0n) {
    throw new SwapRevertsError('the reserve cannot pay this output')
  }
  return divRoundingUp(amountOut * reserveIn * whole, left)
}

/** Sells `amountIn` to the pool. @throws SwapRevertsError as {@link getAmountOut}. */
export function quoteExactIn(
  state: ConstantProductState,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  const amountOut = getAmountOut(amountIn, reserveIn, reserveOut, state.feePips)
  return { amountIn, amountOut, end: 'filled' }
}

/** Buys `amountOut` from the pool. @throws SwapRevertsError as {@link getAmountIn}. */
export function quoteExactOut(
  state: ConstantProductState,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  const amountIn = getAmountIn(amountOut, reserveIn, reserveOut, state.feePips)
  return { amountIn, amountOut, end: 'filled' }
}

/**
 * `[kept, whole]`: what the pool counts of every `whole` units that come in.
 * The contracts write 997/1000 or 9975/10000; the smallest of these
 * denominators is taken, because it decides where a product overflows.
 */
export function feeFraction(feePips: number): readonly [bigint, bigint] {
  const whole =
    feePips % 1000 === 0 ? 1000 : feePips % 100 === 0 ? 10_000 : 1_000_000
  return [BigInt(whole - (feePips * whole) / 1_000_000), BigInt(whole)]
}

/** `[in, out]` of a pair of values kept as `[of token0, of token1]`. */
export function directed<T>(
  pair: readonly [T, T],
  zeroForOne: boolean,
): readonly [T, T] {
  return zeroForOne ? pair : [pair[1], pair[0]]
}

/** @throws SwapRevertsError on an amount of nothing. */
export function requireAmount(amount: bigint): void {
  if (amount <= 0n) {
    throw new SwapRevertsError('a swap needs an amount above zero', {
      facts: { amount },
    })
  }
}

/** @throws SwapRevertsError when a side of the pool is empty. */
export function requireReserves(reserveIn: bigint, reserveOut: bigint): void {
  if (reserveIn <= 0n || reserveOut <= 0n) {
    throw new SwapRevertsError('the pool has no liquidity', {
      facts: { reserveIn, reserveOut },
    })
  }
}
