// The exact formulas one by one, for TypeScript: arguments in the exchange's
// slots 0 to 3, results from slot 4 on. Each returns a STATUS code.

import * as constantProduct from '../curves/constantProduct'
import * as sqrtPriceMath from '../curves/sqrtPriceMath'
import * as swapMath from '../curves/swapMath'
import * as tickMath from '../curves/tickMath'
import {
  STATUS_OK,
  STATUS_REVERTS,
  STEP_EXACT_IN,
  STEP_FEE_PIPS,
  STEP_LIQUIDITY,
  STEP_REMAINING,
  STEP_RESULT_STRIDE,
  STEP_STRIDE,
  STEP_TARGET,
  U256_BYTES,
} from '../layout'
import * as u256 from './uint256'

const exchange = memory.data(256, 16)

// @ts-ignore: decorator
@inline
export function slot(index: i32): usize {
  return exchange + <usize>(index * U256_BYTES)
}

export function exchangePointer(): usize {
  return exchange
}

export function getAmountOut(feePips: u32): i32 {
  return constantProduct.getAmountOut(slot(4), slot(0), slot(1), slot(2), feePips)
}

export function getAmountIn(feePips: u32): i32 {
  return constantProduct.getAmountIn(slot(4), slot(0), slot(1), slot(2), feePips)
}

export function getSqrtRatioAtTick(tick: i32): i32 {
  if (tick < tickMath.MIN_TICK || tick > tickMath.MAX_TICK) return STATUS_REVERTS
  tickMath.getSqrtRatioAtTick(slot(4), tick)
  return STATUS_OK
}

/** The tick; slot 0 is within the price scale. */
export function getTickAtSqrtRatio(): i32 {
  return tickMath.getTickAtSqrtRatio(slot(0))
}

export function getAmount0DeltaRoundingUp(): i32 {
  order()
  return status(sqrtPriceMath.getAmount0DeltaRoundingUp(slot(4), slot(0), slot(1), slot(2)))
}

export function getAmount0DeltaRoundingDown(): i32 {
  order()
  return status(sqrtPriceMath.getAmount0DeltaRoundingDown(slot(4), slot(0), slot(1), slot(2)))
}

export function getAmount1DeltaRoundingUp(): i32 {
  order()
  return status(sqrtPriceMath.getAmount1DeltaRoundingUp(slot(4), slot(0), slot(1), slot(2)))
}

export function getAmount1DeltaRoundingDown(): i32 {
  order()
  return status(sqrtPriceMath.getAmount1DeltaRoundingDown(slot(4), slot(0), slot(1), slot(2)))
}

export function getNextSqrtPriceFromInput(zeroForOne: bool): i32 {
  return status(
    sqrtPriceMath.getNextSqrtPriceFromInput(slot(4), slot(0), slot(1), slot(2), zeroForOne),
  )
}

export function getNextSqrtPriceFromOutput(zeroForOne: bool): i32 {
  return status(
    sqrtPriceMath.getNextSqrtPriceFromOutput(slot(4), slot(0), slot(1), slot(2), zeroForOne),
  )
}

/** Slots: price, target, liquidity, remaining. Results: next price, in, out, fee. */
export function computeSwapStepExactIn(feePips: u32): i32 {
  return step(
    swapMath.computeSwapStepExactIn(slot(0), slot(1), slot(2), slot(3), feePips),
  )
}

export function computeSwapStepExactOut(feePips: u32): i32 {
  return step(
    swapMath.computeSwapStepExactOut(slot(0), slot(1), slot(2), slot(3), feePips),
  )
}

/**
 * Many steps: record i of `steps` to result i of `results`. Returns how many
 * revert, their results being left as they were.
 */
export function swapStepBatch(steps: usize, results: usize, count: i32): i32 {
  let reverted = 0
  for (let i = 0; i < count; i++) {
    const target = steps + STEP_TARGET
    const liquidity = steps + STEP_LIQUIDITY
    const remaining = steps + STEP_REMAINING
    const feePips = load<u32>(steps, STEP_FEE_PIPS)
    const done = load<u32>(steps, STEP_EXACT_IN)
      ? swapMath.computeSwapStepExactIn(steps, target, liquidity, remaining, feePips)
      : swapMath.computeSwapStepExactOut(steps, target, liquidity, remaining, feePips)
    if (done) storeStep(results)
    else reverted++
    steps += STEP_STRIDE
    results += STEP_RESULT_STRIDE
  }
  return reverted
}

export function mulDiv(): i32 {
  return u256.mulDiv(slot(4), slot(0), slot(1), slot(2)) ? STATUS_REVERTS : STATUS_OK
}

function step(done: bool): i32 {
  storeStep(slot(4))
  return status(done)
}

/** Next price, input, output and fee of the last step, one after the other. */
// @ts-ignore: decorator
@inline
function storeStep(out: usize): void {
  u256.copy(out, swapMath.sqrtPriceNext)
  u256.copy(out + U256_BYTES, swapMath.stepAmountIn)
  u256.copy(out + 2 * U256_BYTES, swapMath.stepAmountOut)
  u256.copy(out + 3 * U256_BYTES, swapMath.stepFee)
}

/** The lower price first. */
function order(): void {
  if (!u256.lessThan(slot(1), slot(0))) return
  u256.copy(slot(7), slot(0))
  u256.copy(slot(0), slot(1))
  u256.copy(slot(1), slot(7))
}

// @ts-ignore: decorator
@inline
function status(done: bool): i32 {
  return done ? STATUS_OK : STATUS_REVERTS
}
