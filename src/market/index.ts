export type { Chain, FeeModel } from './chain.ts'
export type { Dex, DexProtocol, Untradable } from './dex.ts'
export {
  MarketConflictError,
  MarketFileError,
  MarketInvalidError,
  PoolUnknownError,
  TokenAmbiguousError,
  TokenUnknownError,
} from './errors.ts'
export type {
  Decision,
  DecisionCount,
  DecisionStage,
  Ending,
  ExecutionStore,
  Intent,
  KeptTransaction,
  MinedTransaction,
  Trade,
} from './executionStore.ts'
export type { FamilyShares } from './generate/drawVenue.ts'
export {
  type GenerateOptions,
  generateMarket,
  type MarketShape,
  marketShapes,
} from './generate/generateMarket.ts'
export type { Lender, LenderProtocol, LoanTerms } from './lender.ts'
export { Market, type MarketHeader } from './market.ts'
export type { MarketBlock, MarketGrowth, PoolChange } from './marketBlock.ts'
export {
  createMarket,
  MarketBuilder,
  type MarketOptions,
} from './marketBuilder.ts'
export {
  marketLines,
  parseMarketLines,
  readMarketFile,
  writeMarketFile,
} from './marketFile.ts'
export type { Cycle, Hop, Opportunity } from './opportunity.ts'
export type {
  DropReason,
  Execution,
  GasPrice,
  Loan,
  NotSent,
  Outcome,
  PendingTransaction,
  Plan,
  PlanRejection,
  PlanResult,
  PlanTerms,
  ProfitAndCost,
  Revert,
  Simulation,
  Submission,
  SucceededSimulation,
} from './plan.ts'
export type { Pool, PoolIdentity } from './pool.ts'
export { checkedPool, familyNames, searchedFamilyNames } from './pools/index.ts'
export {
  parseQuotesLines,
  type QuotesFile,
  type RecordedQuote,
  readQuotesFile,
} from './quotesFile.ts'
export type {
  Breaker,
  BreakerState,
  EndedTrade,
  InFlightTrade,
  RiskAccount,
  RiskStore,
  StoredBreaker,
} from './risk.ts'
export { stateHash } from './stateHash.ts'
export type { SignedTransaction, Submitter } from './submitter.ts'
export { cleanSymbol } from './symbol.ts'
export type { Token } from './token.ts'
