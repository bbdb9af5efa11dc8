import type { Lender } from '../../market/lender.ts'

/** Writes the chain into each line of its list. */
export function onChain(
  chainId: number,
  lenders: readonly Omit<Lender, 'chainId'>[],
): readonly Lender[] {
  return lenders.map((lender) => ({ chainId, ...lender }))
}
