import type { Hex } from './hex.ts'
import type { Log } from './rpc.ts'

/** What a chain tells of a block before its transactions are read. */
export type BlockHeader = {
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly parentHash: Hex
  /** Seconds since 1970, as the block says. */
  readonly timestamp: number
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFeePerGas?: bigint
  /** Bloom filter of the block's logs, 256 bytes; undefined where the node leaves it out. */
  readonly logsBloom?: Hex
}

/** Blocks that came to the chain's head: one, or several where some were missed or a reorg replaced them. */
export type NewHeads = {
  /** Rising, each the parent of the next; the last is the chain's head. */
  readonly headers: readonly [BlockHeader, ...BlockHeader[]]
  /**
   * Whether the parent of the first was told before: not being the last told,
   * it is the common ancestor of a reorg. False for the first ever, and where
   * more blocks were missed than the feed fills.
   */
  readonly connected: boolean
}

/** A log a node pushed: a hint, never a whole block's; may come twice or out of order. */
export type PushedLog = Log & {
  readonly blockNumber: number
  readonly blockHash: Hex
  /** A reorg took it back. */
  readonly removed: boolean
}

/** How a feed hears of heads: pushed, by asking again and again, or not at all. */
export type HeadFeedState = 'connecting' | 'live' | 'polling' | 'closed'

/** Who hears of heads; what it throws or rejects with goes to `onFault`. */
export type HeadListener = {
  /** Called for one change of head at a time, in order: awaited before the next. */
  onHeads(heads: NewHeads): void | Promise<void>
  onLog?(log: PushedLog): void
  onState?(state: HeadFeedState, reason: string): void
  /** An error the feed lives on with; never holds a URL's key. */
  onFault?(error: unknown): void
}

/** Tells of new heads until it is closed. */
export type HeadFeed = {
  /** Begins, once; the first head told is the chain's at that time. */
  start(listener: HeadListener): void
  readonly state: HeadFeedState
  close(): void
}
