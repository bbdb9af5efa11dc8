import { SwapRevertsError } from '../errors.ts'

/**
 * Solidity's checked uint256: the same results, and a revert where SafeMath or
 * the checks of Solidity 0.8 revert.
 */

export const maxUint256: bigint = 2n ** 256n - 1n

/** a + b. @throws SwapRevertsError above 2^256 - 1. */
export function add(a: bigint, b: bigint): bigint {
  return toUint(a + b, 256)
}

/** a - b. @throws SwapRevertsError below 0. */
export function sub(a: bigint, b: bigint): bigint {
  if (b > a) throw new SwapRevertsError(`${a} - ${b} is below zero`)
  return a - b
}

/** a × b. @throws SwapRevertsError above 2^256 - 1. */
export function mul(a: bigint, b: bigint): bigint {
  return toUint(a * b, 256)
}

/** floor(a / b). @throws SwapRevertsError when b is 0. */
export function div(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new SwapRevertsError(`${a} is divided by zero`)
  return a / b
}

/** The value itself. @throws SwapRevertsError when it needs more bits. */
export function toUint(value: bigint, bits: number): bigint {
  if (value >> BigInt(bits) !== 0n) {
    throw new SwapRevertsError(`a value does not fit uint${bits}`, {
      facts: { value },
    })
  }
  return value
}
