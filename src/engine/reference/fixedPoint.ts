import { pow } from './logExpMath.ts'
import { add, div, mul, sub } from './uint256.ts'

/**
 * Balancer's FixedPoint: unsigned numbers with 18 decimals, each function named
 * after its rounding. Overflows revert as in the contract.
 */

/** 1 with 18 decimals. */
export const one: bigint = 10n ** 18n

/** LogExpMath may be off by 1e-14 of its result. */
const maxPowRelativeError = 10_000n

/** floor(a·b). @throws SwapRevertsError on an overflow. */
export function mulDown(a: bigint, b: bigint): bigint {
  return mul(a, b) / one
}

/** ceil(a·b). @throws SwapRevertsError on an overflow. */
export function mulUp(a: bigint, b: bigint): bigint {
  const product = mul(a, b)
  return product === 0n ? 0n : (product - 1n) / one + 1n
}

/** floor(a / b). @throws SwapRevertsError on an overflow or where b is 0. */
export function divDown(a: bigint, b: bigint): bigint {
  return div(mul(a, one), b)
}

/** ceil(a / b). @throws SwapRevertsError on an overflow or where b is 0. */
export function divUp(a: bigint, b: bigint): bigint {
  return divIntegersUp(mul(a, one), b)
}

/** ceil(a / b) of plain integers: Math.divUp. @throws SwapRevertsError where b is 0. */
export function divIntegersUp(a: bigint, b: bigint): bigint {
  return a === 0n ? div(a, b) : div(a - 1n, b) + 1n
}

/** 1 - x, or 0 where x is above 1. */
export function complement(x: bigint): bigint {
  return x < one ? one - x : 0n
}

/**
 * x^y, never below the true value: the error of LogExpMath goes to the pool.
 * Exponents 1, 2 and 4 are multiplied out.
 * @throws SwapRevertsError where LogExpMath reverts.
 */
export function powUp(x: bigint, y: bigint): bigint {
  if (y === one) return x
  if (y === 2n * one) return mulUp(x, x)
  if (y === 4n * one) {
    const square = mulUp(x, x)
    return mulUp(square, square)
  }
  return powUpByLogarithm(x, y)
}

/** {@link powUp} of the pools of 2021, which multiply no exponent out. */
export function powUpByLogarithm(x: bigint, y: bigint): bigint {
  const raw = pow(x, y)
  return add(raw, add(mulUp(raw, maxPowRelativeError), 1n))
}

/** What is left of an input after the fee, which rounds up. */
export function subtractFee(amount: bigint, fee: bigint): bigint {
  return sub(amount, mulUp(amount, fee))
}

/** The input that leaves `amount` after the fee, rounded up. */
export function addFee(amount: bigint, fee: bigint): bigint {
  return divUp(amount, complement(fee))
}
