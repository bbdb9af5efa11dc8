import type { Hex } from '../../core/hex.ts'

/** Under which hash a chain lists a signed transaction: keccak-256 of its bytes. */
export async function transactionHash(raw: Hex): Promise<Hex> {
  const { keccak256 } = await import('ethers')
  return keccak256(raw) as Hex
}
