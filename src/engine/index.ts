export { createEngine, type EngineOptions } from './createEngine.ts'
export type {
  Engine,
  EngineBase,
  EngineCycle,
  EngineGraph,
  EnginePool,
  EngineScan,
  EngineScanOptions,
  QuoteOptions,
  SwapQuote,
} from './engine.ts'
export {
  EngineCapacityError,
  EngineUnavailableError,
  PoolInvalidError,
  ScanOptionError,
  SwapRevertsError,
} from './errors.ts'
export type { ExactMath, SwapStep } from './exactMath.ts'
export type {
  ConcentratedState,
  ConstantProductState,
  PoolFamily,
  PoolState,
  QuotedFamily,
  QuotedState,
  SolidlyStableState,
  SolidlyVolatileState,
  StableState,
  WeightedState,
} from './poolState.ts'
export { isSearched } from './poolState.ts'
export { createReferenceEngine } from './reference/engine.ts'
export { createWasmEngine } from './wasm/engine.ts'
