export {
  type Discovery,
  type FetchedMarket,
  type FetchOptions,
  type FetchProgress,
  fetchMarket,
  type LeftOut,
  type MarketComparison,
  type PyramidJournal,
  type RereadOptions,
  rereadMarket,
} from './pyramid/index.ts'
export {
  createHeadFeed,
  createRpcPool,
  type HeadFeedOptions,
  type RateLimit,
  type RpcHealth,
  type RpcPool,
  type RpcPoolOptions,
  type RpcPoolUrl,
} from './rpc/index.ts'
export {
  type AppliedEvent,
  type BlockSync,
  type BlockSyncOptions,
  createBlockSync,
  type ResyncEvent,
  type ResyncReason,
  type RevertedEvent,
  type SyncEvent,
  type SyncTarget,
} from './sync/index.ts'
