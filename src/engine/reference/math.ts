import type { ExactMath } from '../exactMath.ts'
import { getAmountIn, getAmountOut } from './constantProduct.ts'
import { mulDiv } from './fullMath.ts'
import {
  getAmount0DeltaRoundingDown,
  getAmount0DeltaRoundingUp,
  getAmount1DeltaRoundingDown,
  getAmount1DeltaRoundingUp,
  getNextSqrtPriceFromInput,
  getNextSqrtPriceFromOutput,
} from './sqrtPriceMath.ts'
import { computeSwapStep } from './swapMath.ts'
import { getSqrtRatioAtTick, getTickAtSqrtRatio } from './tickMath.ts'

/** The exact formulas in plain BigInt. */
export const referenceMath: ExactMath = {
  getAmountOut,
  getAmountIn,
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
  getAmount0DeltaRoundingUp,
  getAmount0DeltaRoundingDown,
  getAmount1DeltaRoundingUp,
  getAmount1DeltaRoundingDown,
  getNextSqrtPriceFromInput,
  getNextSqrtPriceFromOutput,
  computeSwapStep,
  mulDiv,
}
