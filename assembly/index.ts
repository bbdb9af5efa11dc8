export { reserve, resize } from './memory'
export {
  lastQuoteEnd,
  poolWritten,
  poolsPointer,
  quoteBatch,
  quoteExactIn,
  quoteExactOut,
  ticksPointer,
} from './market'
export {
  computeSwapStepExactIn,
  computeSwapStepExactOut,
  exchangePointer,
  getAmount0DeltaRoundingDown,
  getAmount0DeltaRoundingUp,
  getAmount1DeltaRoundingDown,
  getAmount1DeltaRoundingUp,
  getAmountIn,
  getAmountOut,
  getNextSqrtPriceFromInput,
  getNextSqrtPriceFromOutput,
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
  mulDiv,
  swapStepBatch,
} from './math/exports'
export {
  changedCyclesCovered,
  changedPoolsPointer,
  cyclesCovered,
  hitsFound,
  prepareSearch,
  searchChanged,
  searchMarket,
  searchMarketPlainly,
  survivorsDropped,
  unitWorthPointer,
} from './search/search'
export { bestInputBatch } from './search/bestInput'
export { resultsPointer, settle } from './search/settle'
