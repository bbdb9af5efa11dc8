import type { SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { SolidlyVolatileState } from '../poolState.ts'
import { directed, requireAmount, requireReserves } from './constantProduct.ts'
import { divRoundingUp } from './fullMath.ts'
import { add, div, mul, toUint } from './uint256.ts'

/**
 * x·y = k with the fee taken off the input first: the volatile pools of
 * Velodrome V2 and Aerodrome (Pool.sol). Amounts are base units.
 */

/**
 * Sells `amountIn` to the pool: Pool.getAmountOut. Rounds down, for the pool.
 * @throws SwapRevertsError on an overflow, and where Pool.swap refuses what
 * getAmountOut still answers: a zero amount, an empty reserve.
 */
export function quoteExactIn(
  state: SolidlyVolatileState,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  requireAmount(amountIn)
  requireReserves(reserveIn, reserveOut)
  const counted = takeFee(amountIn, state.feePips)
  const amountOut = div(mul(counted, reserveOut), add(reserveIn, counted))
  return { amountIn, amountOut, end: 'filled' }
}

/**
 * Buys `amountOut` from the pool: the least input that pays it. The contract
 * has no such function; this is the exact inverse of its getAmountOut.
 * @throws SwapRevertsError on a zero amount, one the reserve cannot pay, or an overflow.
 */
export function quoteExactOut(
  state: SolidlyVolatileState,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  requirePayable(amountOut, reserveOut)
  // floor(c·Rout / (Rin + c)) >= out  <=>  c >= out·Rin / (Rout - out)
  const counted = divRoundingUp(amountOut * reserveIn, reserveOut - amountOut)
  const amountIn = undoFee(counted, state.feePips)
  return { ...quoteExactIn(state, zeroForOne, amountIn), amountOut }
}

/**
 * What is left of an input when the fee is off: in - floor(in × fee). The
 * contract counts in 1/10,000; finer fees, which only forks may have, in pips.
 */
export function takeFee(amountIn: bigint, feePips: number): bigint {
  const [fee, whole] = fraction(feePips)
  return amountIn - mul(amountIn, fee) / whole
}

/**
 * The least input that leaves `counted` when the fee is off.
 * @throws SwapRevertsError when the fee takes all.
 */
export function undoFee(counted: bigint, feePips: number): bigint {
  if (counted <= 0n) return 0n
  const [fee, whole] = fraction(feePips)
  // in - floor(in·f) = ceil(in·(1 - f)) >= c  <=>  in·(1 - f) > c - 1
  return toUint(div((counted - 1n) * whole, whole - fee) + 1n, 256)
}

/** @throws SwapRevertsError on a zero amount or one the reserve cannot pay. */
export function requirePayable(amountOut: bigint, reserveOut: bigint): void {
  if (amountOut <= 0n || amountOut >= reserveOut) {
    throw new SwapRevertsError('the reserve cannot pay this output', {
      facts: { amountOut, reserveOut },
    })
  }
}

function fraction(feePips: number): readonly [bigint, bigint] {
  return feePips % 100 === 0
    ? [BigInt(feePips / 100), 10_000n]
    : [BigInt(feePips), 1_000_000n]
}
