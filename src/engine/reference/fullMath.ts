import { SwapRevertsError } from '../errors.ts'
import { div, toUint } from './uint256.ts'

/**
 * Uniswap V3's FullMath and UnsafeMath: the product has 512 bits, the result
 * must fit 256.
 */

/**
 * floor(a × b / denominator).
 * @throws SwapRevertsError when denominator is 0 or the result needs more than 256 bits.
 */
export function mulDiv(a: bigint, b: bigint, denominator: bigint): bigint {
  return toUint(div(a * b, denominator), 256)
}

/**
 * ceil(a × b / denominator).
 * @throws SwapRevertsError when denominator is 0 or the result needs more than 256 bits.
 */
export function mulDivRoundingUp(
  a: bigint,
  b: bigint,
  denominator: bigint,
): bigint {
  if (denominator === 0n) throw new SwapRevertsError('divided by zero')
  return toUint(divRoundingUp(a * b, denominator), 256)
}

/** ceil(a / b); b must not be 0, as in the contract, which does not check. */
export function divRoundingUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
