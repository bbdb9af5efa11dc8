import type { Rpc } from '../../core/rpc.ts'
import type { Signer } from '../../core/signer.ts'
import type { Dex } from '../../market/dex.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import type { Lender } from '../../market/lender.ts'
import type { Submitter } from '../../market/submitter.ts'
import type { GasPricePolicy } from './gasPrice.ts'
import type { L1DataFee } from './l1DataFee.ts'
import type { KnownBlock } from './outcome.ts'
import type { HopAmounts, TipPolicy } from './settings.ts'

/** How opportunities become transactions. */
export type ExecutionOptions = {
  readonly rpc: Rpc
  /** Address of the executor contract. */
  readonly executor: string
  /** Account that sends; an operator of the executor. Without it plans can only be simulated. */
  readonly signer?: Signer
  /** Whose plans are simulated where there is no signer. */
  readonly operator?: string
  /** Default: all known on the chain. */
  readonly dexes?: readonly Dex[]
  /** Default: all known on the chain. */
  readonly lenders?: readonly Lender[]
  /** Default: one in memory, which forgets what is long past. */
  readonly store?: ExecutionStore
  /** Where rows of the store belong. Default: the chain's; a chain that dies with its process takes a new one each time. */
  readonly ledger?: string
  /** Default: the node's public pool. */
  readonly submitter?: Submitter
  /** Paid out of the profit where that is in the wrapped native coin. Default: none. */
  readonly tip?: Partial<TipPolicy>
  readonly gasPrice?: GasPricePolicy
  /** Blocks after the opportunity's in which a plan may run. Default 3. */
  readonly windowBlocks?: number
  /** Seconds after the latest block in which a plan may run. Default 120. */
  readonly deadlineSeconds?: number
  /** Least net profit that is worth sending for, in wei of the native coin. Default 0. */
  readonly minNetProfit?: bigint
  /** Default `exact`. */
  readonly hopAmounts?: HopAmounts
  /** Trade with what the executor owns where that is enough: cheaper than a loan. Default false. */
  readonly usesOwnFunds?: boolean
  /** Seconds from block to block: plans are simulated at the time of the next one. Default 1. */
  readonly blockSeconds?: number
  /** The chain's latest block, where a feed tells it; where it is undefined the node is asked. */
  readonly latestBlock?: () => KnownBlock | undefined
  /** Default: as the chain charges for data. */
  readonly l1DataFee?: L1DataFee
  /** Blocks that must lie on a transaction's before it is settled. Default 0. */
  readonly confirmations?: number
  /** Milliseconds between two looks for an outcome. Default 500. */
  readonly pollMs?: number
}
