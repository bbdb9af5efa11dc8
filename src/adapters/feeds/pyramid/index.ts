export {
  type FetchedMarket,
  type FetchOptions,
  type FetchProgress,
  fetchMarket,
  fetchMarkets,
} from './fetchMarket.ts'
export type { Discovery } from './findPools.ts'
export type { LeftOut } from './found.ts'
export type { PyramidJournal } from './journal.ts'
export { canonicalMulticall3 } from './multicall.ts'
export {
  type FieldDifference,
  type MarketComparison,
  type PoolDifference,
  type RereadOptions,
  rereadMarket,
} from './rereadMarket.ts'
