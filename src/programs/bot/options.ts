import type {
  BlockSyncOptions,
  GrowthOptions,
} from '../../adapters/feeds/sync/index.ts'
import type { Miss } from '../../adapters/relays/index.ts'
import type { HeadFeed } from '../../core/headFeed.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { Chain } from '../../market/chain.ts'
import type { Dex } from '../../market/dex.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import type { Market } from '../../market/market.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import type { ExecutionOptions } from '../../services/execute/executionOptions.ts'
import type { Risk } from '../../services/risk/createRisk.ts'
import type { ScanOptions } from '../../services/scan/scan.ts'
import type { EndedTrade } from './finalityWatch.ts'

/** What {@link runChainBot} is given. */
export type ChainBotOptions = {
  /** As the configuration calls the chain. */
  readonly name: string
  readonly chain: Pick<Chain, 'chainId' | 'blockTimeMs'> &
    Partial<Pick<Chain, 'multicall' | 'finalityBlocks'>>
  /** The pools to begin with; where they are too old to be led on by logs, their states are read anew. */
  readonly openMarket: () => Promise<Market>
  readonly rpc: Rpc
  /** A new feed of heads each time. */
  readonly openHeads: () => HeadFeed
  /** Those of the market's pools. */
  readonly dexes: readonly Dex[]
  /** How opportunities become transactions; undefined where the chain is only watched. */
  readonly execution:
    | Omit<ExecutionOptions, 'rpc' | 'dexes' | 'store' | 'ledger'>
    | undefined
  /** Of the same ledger. */
  readonly risk: Risk
  readonly store: ExecutionStore
  readonly ledger: string
  /** Has pools that are made join the market; undefined where it keeps to its own. */
  readonly growth?: GrowthOptions | undefined
  /** How the logs of blocks are read, and whether they are proven: as of a block sync. */
  readonly logs?: BlockSyncOptions['logs']
  readonly provesLogs?: boolean
  readonly scan?: Pick<ScanOptions, 'baseTokens' | 'maxHops'>
  /** Whether transactions are sent. Otherwise all is done but that: nothing is signed. */
  readonly isLive: boolean
  /** Waited before the first restart, doubled each time, up to half a minute. Default 250 ms. */
  readonly backoffMs?: number
  /** Longest wait for transactions in flight when asked to stop. Default two block times, 15 seconds at most. */
  readonly stopMs?: number
}

/** What a chain's bot tells while it runs. What an observer throws ends the chain's run. */
export type BotObserver = {
  /** The ledgers are this bot's alone: the chains are begun with. */
  onBegun?(): void
  onBlock?(report: ChainBlockReport): void
  /** A transaction's end is known, and why it earned nothing where it did not and the chain tells. */
  onOutcome?(
    chain: string,
    outcome: Outcome,
    pending: PendingTransaction,
    miss: Miss | undefined,
  ): void
  /** What was told of a transaction is taken back: a reorg has undone it. Its new end is told by `onOutcome`. */
  onReopened?(chain: string, ended: EndedTrade): void
  /** Something failed that the run goes on after; never a secret in it. */
  onFault?(chain: string, message: string): void
  /** Something that is no fault but explains what comes next. */
  onNotice?(chain: string, message: string): void
  /** The feeds are begun anew. */
  onRestart?(chain: string, restarts: number, waitMs: number): void
}

/** How long each stage of a block took, in milliseconds; `total` from the head's arrival to the last decision. */
export type StageTimes = {
  /** From the head's arrival until its logs are there and found whole, and whatever else came between. */
  readonly read: number
  /** Decoding the logs and moving the market and the engine. */
  readonly apply: number
  readonly scan: number
  readonly plan: number
  readonly judge: number
  readonly simulate: number
  readonly submit: number
  readonly total: number
}

/** In the order in which they come. */
export const stages: readonly Exclude<keyof StageTimes, 'total'>[] = [
  'read',
  'apply',
  'scan',
  'plan',
  'judge',
  'simulate',
  'submit',
]

/** What a block led to. */
export type ChainBlockReport = {
  readonly chain: string
  readonly blockNumber: number
  readonly blockHash: Hex
  /** Pools changed since the last search. */
  readonly poolsChanged: number
  /** Opportunities weighed. */
  readonly found: number
  /** Those not sent, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly sent: number
  /** Would have been sent, were it no dry run. */
  readonly wouldSend: number
  /** Best expected net profit of what was or would have been sent, in wei; undefined where there is none. */
  readonly bestNetProfit: bigint | undefined
  readonly latencyMs: StageTimes
}

/** What became of a chain's run. Amounts in wei of the native coin. */
export type ChainSummary = {
  readonly chain: string
  readonly chainId: number
  readonly isLive: boolean
  readonly blocks: number
  readonly lastBlock: number | undefined
  readonly found: number
  readonly skipped: Readonly<Record<string, number>>
  readonly wouldSend: number
  readonly sent: number
  readonly landed: number
  /** Of those landed: profit equal to the prediction, to the last base unit. */
  readonly asPredicted: number
  readonly reverted: number
  readonly dropped: number
  /** Why those reverted and dropped missed, as far as the chain tells. */
  readonly missed: Readonly<Partial<Record<Miss['kind'], number>>>
  /** In flight at the end: open in the ledger, settled at the next start. */
  readonly open: number
  readonly netProfit: bigint
  readonly gas: bigint
  readonly faults: number
  readonly restarts: number
  /** Half of the blocks, and 95 of 100, took at most so long; undefined without a block. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | undefined
  /** Why the run ended before it was asked to. */
  readonly endedBy: string | undefined
}
