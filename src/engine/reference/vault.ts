import { SwapRevertsError } from '../errors.ts'

/** Balancer V2's Vault keeps a balance in 112 bits. @throws SwapRevertsError above. */
export function requireVaultBalance(balance: bigint): void {
  if (balance >> 112n !== 0n) {
    throw new SwapRevertsError('a balance does not fit the Vault', {
      facts: { balance },
    })
  }
}
