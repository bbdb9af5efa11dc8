import type { BlockHeader } from '../../../core/headFeed.ts'
import type { MarketBlock } from '../../../market/marketBlock.ts'
import type { Pool } from '../../../market/pool.ts'
import type { BlockPlace } from './chainTail.ts'

/** What became of the market; told after it happened. */
export type SyncEvent = AppliedEvent | RevertedEvent | ResyncEvent

/** A whole block was applied. */
export type AppliedEvent = {
  readonly kind: 'applied'
  readonly block: MarketBlock
  readonly header: BlockHeader
  readonly changedPools: readonly Pool[]
  /** Blocks that are known to follow: 0 where the market is at the chain's head. */
  readonly behind: number
}

/** The market's last block was taken back: a reorg replaced it. */
export type RevertedEvent = {
  readonly kind: 'reverted'
  readonly block: BlockPlace
  /** Those it had changed, as they are again. */
  readonly changedPools: readonly Pool[]
}

/** The market cannot be followed any further: it must be read anew. The last event. */
export type ResyncEvent = {
  readonly kind: 'resync'
  readonly reason: ResyncReason
  /** One sentence with the facts. */
  readonly detail: string
  readonly cause?: unknown
}

/** `deep-reorg`: more blocks were replaced than are kept. `conflict`: a block does not fit the market. */
export type ResyncReason = 'deep-reorg' | 'conflict'
