import type { Hex } from './hex.ts'

/** An EIP-1559 transaction before it is signed; amounts in wei. */
export type UnsignedTransaction = {
  readonly chainId: number
  readonly nonce: number
  /** Left out where a contract is deployed. */
  readonly to?: Hex
  readonly data: Hex
  readonly value: bigint
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** An account that signs. The key stays inside: nothing prints or returns it. */
export type Signer = {
  readonly address: Hex
  /** The signed transaction's bytes. */
  signTransaction(transaction: UnsignedTransaction): Promise<Hex>
}
