import type { Hex } from '../../core/hex.ts'

/** How an embedded chain begins. */
export type EmbeddedChainOptions = {
  /** Default 31337. */
  readonly chainId?: number
  /** Accounts and their coins in wei. All of them send without a key. */
  readonly accounts?: readonly FundedAccount[]
  /** Whether each transaction makes a block at once. Default true; otherwise blocks are made by `mine`. */
  readonly automine?: boolean
  /** Default 30,000,000. */
  readonly blockGasLimit?: bigint
  /** Of the first block, in wei; later ones follow EIP-1559. Default 1 gwei. */
  readonly baseFeePerGas?: bigint
  /** Who is paid for blocks. */
  readonly coinbase?: Hex
  /** Unix seconds. Default 1,700,000,000; a fork goes on from its block's. */
  readonly genesisTimestamp?: number
  /** Seconds from block to block. Default 12. */
  readonly blockTime?: number
  /** Begins with the state of a live chain at this block; `chainId` should be that chain's. */
  readonly fork?: Fork
}

export type Fork = {
  readonly url: string
  readonly blockNumber: number
  /** Where the machine keeps a node's answers, by host and port. Default a folder of its own among the temporary ones. */
  readonly cacheFolder?: string
}

export type FundedAccount = { readonly address: Hex; readonly balance: bigint }
