/** Under which name a chain's trades are kept; those of dry runs apart. */
export function ledgerOfChain(chainId: number, isLive: boolean): string {
  return isLive ? `chain-${chainId}` : `chain-${chainId}-dry-run`
}
