import type { Hex } from '../core/hex.ts'

/** A signed transaction on its way. */
export type SignedTransaction = {
  readonly hash: Hex
  readonly raw: Hex
  /**
   * One for each receiver of the tip, this one first, all of one nonce: at most
   * one of them is mined.
   */
  readonly versions: readonly SignedVersion[]
  readonly firstBlock: number
  readonly lastBlock: number
}

export type SignedVersion = {
  readonly hash: Hex
  readonly raw: Hex
  /** The zero address means `block.coinbase`. */
  readonly tipTo: Hex
}

/** Where signed transactions go: a node's public pool, a private relay, a builder. */
export type Submitter = {
  /** For the ledger: `public-rpc`. */
  readonly name: string
  /** Where those that get the transaction want its tip, each once; the zero address means `block.coinbase`. Left out: they do not care. */
  readonly tipTo?: readonly Hex[]
  /** Whether nobody has what it takes once the last block has passed: another of its nonce need not outbid it then. */
  readonly isPrivate?: boolean
  /** @throws RpcError where it refuses. */
  submit(transaction: SignedTransaction): Promise<void>
}
