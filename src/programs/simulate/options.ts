import type { Hex } from '../../core/hex.ts'
import type { Market } from '../../market/market.ts'

/** What a simulation is asked for. */
export type SimulateOptions = {
  /** Blocks to trade. */
  readonly blocks: number
  /** Of all draws: the same options and seed give the same run. */
  readonly seed: number
  readonly pools: number
  readonly tokens: number
  /** Others that run the same scanner and race for the same opportunities. */
  readonly competitors: number
  /** Trades on a copy of a live chain instead of a generated market. */
  readonly fork?: ForkOptions
  /** New or empty folder that the blocks and their logs are recorded in. */
  readonly record?: string
  /** SQLite file of the ledger; without it the ledger dies with the run. */
  readonly db?: string
}

/** Which live chain, at which block, and its pools. */
export type ForkOptions = {
  /** Of a node with the state of that block. */
  readonly url: string
  readonly blockNumber: number
  /** The pools to trade; their state is read from the node. */
  readonly market: Market
}

/** What a run tells while it goes. */
export type SimulateObserver = {
  /** A step of the set-up begins. */
  onSetUp?(step: string): void
  /** A block is over. */
  onBlock?(report: BlockReport): void
}

/** What happened in one block. Amounts in wei of the native coin. */
export type BlockReport = {
  /** From 1. */
  readonly index: number
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly poolsChanged: number
  /** Opportunities weighed before the block. */
  readonly found: number
  readonly sent: number
  readonly landed: number
  readonly reverted: number
  readonly netProfit: bigint
  readonly gas: bigint
  /** Since the first block. */
  readonly totals: {
    readonly found: number
    readonly sent: number
    readonly landed: number
    readonly reverted: number
    readonly netProfit: bigint
    readonly gas: bigint
  }
}

/** Without arguments: half a minute at most, and real profit. */
export const simulateDefaults = {
  blocks: 100,
  seed: 42,
  pools: 60,
  tokens: 12,
  competitors: 2,
} as const
