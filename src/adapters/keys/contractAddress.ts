import type { Hex } from '../../core/hex.ts'

/** Where a contract comes to lie that an account deploys with this nonce: CREATE's keccak256(rlp([deployer, nonce])). */
export async function contractAddress(
  deployer: Hex,
  nonce: number,
): Promise<Hex> {
  const { getCreateAddress } = await import('ethers')
  return getCreateAddress({ from: deployer, nonce }) as Hex
}
