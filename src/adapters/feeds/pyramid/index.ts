export type { Discovery } from './dex/findPools.ts'
export { fetchMarket } from './fetchMarket.ts'
export { fetchMarkets, type TakeMarket } from './fetchMarkets.ts'
export type {
  FetchedMarket,
  FetchOptions,
  FetchProgress,
  TokenCheckOptions,
} from './fetchOptions.ts'
export type { LeftOut } from './found.ts'
export { canonicalMulticall3 } from './lane/multicall.ts'
export {
  type RefreshedMarket,
  type RefreshOptions,
  refreshMarket,
} from './refreshMarket.ts'
export {
  type FieldDifference,
  type MarketComparison,
  type PoolDifference,
  type RereadOptions,
  rereadMarket,
} from './rereadMarket.ts'
export type { PyramidJournal } from './shard/journal.ts'
export type {
  OpenTokenTrials,
  SwapKind,
  TokenFindings,
  TokenTrial,
  TokenTrials,
  TokenVerdict,
  TrialHop,
  TrialSetting,
} from './tokenTrials.ts'
export { type NewTokensOptions, tryNewTokens } from './tryNewTokens.ts'
