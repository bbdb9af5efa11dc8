import type { Hex } from '../core/hex.ts'
import type { Token } from './token.ts'

/**
 * What a chain charges for a transaction: gas alone (EIP-1559), and on a rollup
 * for posting its calldata on Ethereum too: in wei beside the gas (OP Stack), or
 * as gas of the transaction (Arbitrum).
 */
export type FeeModel = 'eip1559' | 'opStack' | 'arbitrum'

/** A chain: a file of data. What differs between chains and is not read from them. */
export type Chain = {
  /** One word in lower case, as a configuration names it: `base`. */
  readonly name: string
  readonly chainId: number
  /** Symbol of the native coin; it has 18 decimals. */
  readonly nativeCoin: string
  /** The ERC-20 that wraps the native coin; undefined where each chain of this id has its own. */
  readonly wrappedNative: Token | undefined
  /** Where cycles begin and end, the wrapped native coin first. */
  readonly baseTokens: readonly Token[]
  /** Multicall3, that reads many contracts at one block. */
  readonly multicall: Hex
  /** Between two blocks, about; where the chain has no steady pace, its usual one. */
  readonly blockTimeMs: number
  readonly feeModel: FeeModel
  /** Most gas that is asked for in one transaction. */
  readonly maxTransactionGas: bigint
  /** Blocks on top of one after which a reorg is no longer expected: profit counts as real. */
  readonly finalityBlocks: number
  /** Waiting transactions can be seen by everybody: what is sent through a node can be outbid. */
  readonly hasPublicMempool: boolean
  /** Names of the relays that are used where a configuration names none; none means through the node. */
  readonly relays: readonly string[]
}
