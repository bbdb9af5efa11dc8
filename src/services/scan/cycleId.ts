import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'
import type { Hop } from '../../market/opportunity.ts'

const idDigits = 16

/**
 * A short name of a cycle, the same wherever it starts: the head of the keccak
 * of its pools and directions, from the pool of the lowest address on.
 */
export function cycleId(hops: readonly Hop[]): Hex {
  const steps = hops.map(
    ({ pool, zeroForOne }) =>
      `${pool.address.toLowerCase()}:${zeroForOne ? 0 : 1}`,
  )
  const first = steps.reduce(
    (least, step, i) => (step < steps[least]! ? i : least),
    0,
  )
  const turned = [...steps.slice(first), ...steps.slice(0, first)]
  return keccakText(turned.join(' ')).slice(0, 2 + idDigits) as Hex
}
