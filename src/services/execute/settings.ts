import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { Dex, DexProtocol } from '../../market/dex.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import type { GasPricePolicy } from './gasPrice.ts'
import type { L1DataFee } from './l1DataFee.ts'
import type { KnownLender } from './lenderTerms.ts'
import type { NextBlockCaller } from './nextBlockCaller.ts'
import type { KnownBlock } from './outcome.ts'

/** A DEX with the code that speaks to its pools. */
export type KnownDex = { readonly dex: Dex; readonly protocol: DexProtocol }

/** Who is paid for inclusion, out of the profit. */
export type TipPolicy = {
  /** Share of the profit in 1/10,000. */
  readonly bps: number
  /** The zero address means `block.coinbase`. */
  readonly to: Hex
}

/**
 * What a hop asks of its pool. `exact`: the amounts of the plan, or revert.
 * `computed`: whatever the pool gives when the transaction runs; the least
 * profit alone decides.
 */
export type HopAmounts = 'exact' | 'computed'

/** All that plans of one chain have in common; nothing left out. */
export type ExecutionSettings = {
  readonly rpc: Rpc
  readonly chainId: number
  readonly executor: Hex
  readonly operator: Hex
  /** Profit in this token can pay a tip. */
  readonly wrappedNative: Hex | undefined
  readonly dexes: ReadonlyMap<string, KnownDex>
  readonly lenders: readonly KnownLender[]
  /** Names of DEXes whose pairs were seen not to lend to the executor. */
  readonly dexesWithoutFlashSwap: Set<string>
  readonly tip: TipPolicy
  /** Where others want the tip that get the transaction too: each is sent a version of its own. */
  readonly otherTipReceivers: readonly Hex[]
  readonly gasPrice: GasPricePolicy
  readonly l1DataFee: L1DataFee
  readonly windowBlocks: number
  readonly deadlineSeconds: number
  /** Wei of the native coin. */
  readonly minNetProfit: bigint
  readonly hopAmounts: HopAmounts
  readonly usesOwnFunds: boolean
  /** Seconds from block to block; at least 1. */
  readonly blockSeconds: number
  readonly nextBlock: NextBlockCaller
  /** Undefined where it is not known without asking the node. */
  readonly latestBlock: () => KnownBlock | undefined
  readonly store: ExecutionStore
  readonly ledger: string
}
