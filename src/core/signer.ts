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

/** An account that signs texts as wallets do (EIP-191, version 0x45). */
export type MessageSigner = {
  readonly address: Hex
  /** 65 bytes: r, s, v. */
  signMessage(text: string): Promise<Hex>
}
