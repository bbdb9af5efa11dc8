import type { Hex } from '../core/hex.ts'

/** A signed transaction on its way. */
export type SignedTransaction = {
  readonly hash: Hex
  readonly raw: Hex
  readonly firstBlock: number
  readonly lastBlock: number
}

/** Where signed transactions go: a node's public pool, a private relay, a builder. */
export type Submitter = {
  /** For the ledger: `public-rpc`. */
  readonly name: string
  /** @throws RpcError where it refuses. */
  submit(transaction: SignedTransaction): Promise<void>
}
