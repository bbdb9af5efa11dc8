import type { ConstantProductState } from '../poolState.ts'
import { directed, feeFraction } from './constantProduct.ts'

/** One constant-product swap of a route. */
export type ConstantProductHop = {
  readonly state: ConstantProductState
  readonly zeroForOne: boolean
}

/**
 * The best integer input of a cycle of constant-product pools when nothing is
 * rounded, 0 where none gains. A swap is out = A·x / (B + C·x); two of them
 * compose to the same form, and out - x is greatest at x = (√(A·B) - B) / C.
 */
export function closedFormInput(hops: readonly ConstantProductHop[]): bigint {
  let [A, B, C] = [1n, 1n, 0n]
  for (const { state, zeroForOne } of hops) {
    const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
    const [kept, whole] = feeFraction(state.feePips)
    C = whole * reserveIn * C + kept * A
    B = whole * reserveIn * B
    A = kept * reserveOut * A
  }
  if (A <= B || C === 0n) return 0n
  const x = (sqrt(A * B) - B) / C
  // f(x + 1) > f(x) for f(x) = A·x / (B + C·x) - x, multiplied out.
  const isNextBetter = A * B > (B + C * x) * (B + C * x + C)
  return isNextBetter ? x + 1n : x
}

/** floor(√n), by Newton's method from above. */
export function sqrt(n: bigint): bigint {
  if (n < 2n) return n
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1)
  while (true) {
    const next = (root + n / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
