import type { Dex } from '../../market/dex.ts'

/** Writes the chain into each line of its list. */
export function onChain(
  chainId: number,
  dexes: readonly Omit<Dex, 'chainId'>[],
): readonly Dex[] {
  return dexes.map((dex) => ({ chainId, ...dex }))
}
