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
export type {
  ConcentratedState,
  ConstantProductState,
  PoolFamily,
  PoolState,
  SolidlyStableState,
  SolidlyVolatileState,
} from './poolState.ts'
