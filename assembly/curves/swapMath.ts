// One step of a concentrated swap: Uniswap v3-core SwapMath.computeSwapStep.
//
// Within a step the liquidity is constant. The step ends at the target price
// or where the remaining amount is used up. The pool is protected throughout:
// what it takes is rounded up, what it pays is rounded down.

import * as u256 from '../math/uint256'
import {
  approximateAmount0Delta,
  approximateAmount1Delta,
} from './rangeAmounts'
import {
  getAmount0DeltaRoundingDown,
  getAmount0DeltaRoundingUp,
  getAmount1DeltaRoundingDown,
  getAmount1DeltaRoundingUp,
  getNextSqrtPriceFromInput,
  getNextSqrtPriceFromOutput,
} from './sqrtPriceMath'

const PIPS: u32 = 1000000

// Whether the amount reaches the target is first asked in f64, good to 2^-49:
// the exact amount as far as the target is computed only where the answer is
// yes or too close to call.
const REACHED = 1
const CLOSE = 0
const SHORT = -1
const CLOSENESS: f64 = 1e-12
/** Both exact amounts are rounded by less than one. */
const ROUNDING: f64 = 2

// The outcome of the last step.
export const sqrtPriceNext = memory.data(32, 16)
export const stepAmountIn = memory.data(32, 16)
export const stepAmountOut = memory.data(32, 16)
export const stepFee = memory.data(32, 16)

const lessFee = memory.data(32, 16)

/** A step with a given input; false where the contract reverts. */
export function computeSwapStepExactIn(
  current: usize,
  target: usize,
  liquidity: usize,
  remaining: usize,
  feePips: u32,
): bool {
  const zeroForOne = !u256.lessThan(current, target)
  const reach = compare(
    u256.approximate(remaining) * (<f64>(PIPS - feePips) / <f64>PIPS),
    zeroForOne
      ? approximateAmount0Delta(target, current, liquidity)
      : approximateAmount1Delta(current, target, liquidity),
  )
  if (reach != REACHED) u256.mulDiv32(lessFee, remaining, PIPS - feePips, PIPS)
  if (
    reach != SHORT &&
    !amountInBetween(stepAmountIn, current, target, liquidity, zeroForOne)
  )
    return false
  const reached =
    reach == REACHED || (reach == CLOSE && !u256.lessThan(lessFee, stepAmountIn))
  if (reached) u256.copy(sqrtPriceNext, target)
  else if (!getNextSqrtPriceFromInput(sqrtPriceNext, current, liquidity, lessFee, zeroForOne))
    return false

  const max = reached || u256.equals(sqrtPriceNext, target)
  if (
    (!max || reach == SHORT) &&
    !amountInBetween(stepAmountIn, current, sqrtPriceNext, liquidity, zeroForOne)
  )
    return false
  if (!amountOutBetween(stepAmountOut, current, sqrtPriceNext, liquidity, zeroForOne))
    return false
  if (max) return takeFeeOf(feePips)
  // The target was not reached: the pool keeps what is left of the input as fee.
  u256.sub(stepFee, remaining, stepAmountIn)
  return true
}

/** A step for a given output; false where the contract reverts. */
export function computeSwapStepExactOut(
  current: usize,
  target: usize,
  liquidity: usize,
  remaining: usize,
  feePips: u32,
): bool {
  const zeroForOne = !u256.lessThan(current, target)
  const reach = compare(
    u256.approximate(remaining),
    zeroForOne
      ? approximateAmount1Delta(target, current, liquidity)
      : approximateAmount0Delta(current, target, liquidity),
  )
  if (
    reach != SHORT &&
    !amountOutBetween(stepAmountOut, current, target, liquidity, zeroForOne)
  )
    return false
  const reached =
    reach == REACHED || (reach == CLOSE && !u256.lessThan(remaining, stepAmountOut))
  if (reached) u256.copy(sqrtPriceNext, target)
  else if (!getNextSqrtPriceFromOutput(sqrtPriceNext, current, liquidity, remaining, zeroForOne))
    return false

  const max = reached || u256.equals(sqrtPriceNext, target)
  if (!amountInBetween(stepAmountIn, current, sqrtPriceNext, liquidity, zeroForOne)) return false
  if (
    (!max || reach == SHORT) &&
    !amountOutBetween(stepAmountOut, current, sqrtPriceNext, liquidity, zeroForOne)
  )
    return false
  // The price was rounded past the output asked for: pay no more than that.
  if (u256.lessThan(remaining, stepAmountOut)) u256.copy(stepAmountOut, remaining)
  return takeFeeOf(feePips)
}

/** Whether `have` reaches `need`: REACHED, CLOSE or SHORT; NaN is too close to call. */
// @ts-ignore: decorator
@inline
function compare(have: f64, need: f64): i32 {
  const margin = need * CLOSENESS + ROUNDING
  if (have > need + margin) return REACHED
  return have < need - margin ? SHORT : CLOSE
}

/** stepFee = the fee on stepAmountIn, rounded up. */
function takeFeeOf(feePips: u32): bool {
  return !u256.mulDiv32RoundingUp(stepFee, stepAmountIn, feePips, PIPS - feePips)
}

// @ts-ignore: decorator
@inline
function amountInBetween(out: usize, from: usize, to: usize, liquidity: usize, zeroForOne: bool): bool {
  return zeroForOne
    ? getAmount0DeltaRoundingUp(out, to, from, liquidity)
    : getAmount1DeltaRoundingUp(out, from, to, liquidity)
}

// @ts-ignore: decorator
@inline
function amountOutBetween(out: usize, from: usize, to: usize, liquidity: usize, zeroForOne: bool): bool {
  return zeroForOne
    ? getAmount1DeltaRoundingDown(out, to, from, liquidity)
    : getAmount0DeltaRoundingDown(out, from, to, liquidity)
}
