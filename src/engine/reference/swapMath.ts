import type { SwapStep } from '../exactMath.ts'
import { mulDiv, mulDivRoundingUp } from './fullMath.ts'
import {
  getAmount0DeltaRoundingDown,
  getAmount0DeltaRoundingUp,
  getAmount1DeltaRoundingDown,
  getAmount1DeltaRoundingUp,
  getNextSqrtPriceFromInput,
  getNextSqrtPriceFromOutput,
} from './sqrtPriceMath.ts'

/** Uniswap V3's SwapMath. */

const wholeFee = 1_000_000n

/**
 * One swap step towards a target price, which also tells the direction: the
 * price it ends at, what goes in without the fee, what goes out, and the fee.
 * `amountRemaining` is what is left to swap: positive input, negative output.
 * @throws SwapRevertsError where the contract's library reverts.
 */
export function computeSwapStep(
  sqrtPriceX96: bigint,
  sqrtPriceTargetX96: bigint,
  liquidity: bigint,
  amountRemaining: bigint,
  feePips: number,
): SwapStep {
  return amountRemaining >= 0n
    ? stepExactIn(
        sqrtPriceX96,
        sqrtPriceTargetX96,
        liquidity,
        amountRemaining,
        BigInt(feePips),
      )
    : stepExactOut(
        sqrtPriceX96,
        sqrtPriceTargetX96,
        liquidity,
        -amountRemaining,
        BigInt(feePips),
      )
}

function stepExactIn(
  price: bigint,
  target: bigint,
  liquidity: bigint,
  remaining: bigint,
  fee: bigint,
): SwapStep {
  const zeroForOne = price >= target
  // Rounds down: what is not worth a unit after the fee does not move the price.
  const remainingLessFee = mulDiv(remaining, wholeFee - fee, wholeFee)
  const amountInToTarget = inputBetween(price, target, liquidity, zeroForOne)
  const reached = remainingLessFee >= amountInToTarget
  const next = reached
    ? target
    : getNextSqrtPriceFromInput(price, liquidity, remainingLessFee, zeroForOne)
  // A step may land on its target by rounding without having had enough for it:
  // the contract then takes the target's input too.
  const max = next === target
  const amountIn = max
    ? amountInToTarget
    : inputBetween(price, next, liquidity, zeroForOne)
  return {
    sqrtPriceNextX96: next,
    amountIn,
    amountOut: outputBetween(price, next, liquidity, zeroForOne),
    // A step that stops short keeps all that is left as its fee: the rest
    // is the pool's.
    feeAmount: max ? feeOn(amountIn, fee) : remaining - amountIn,
  }
}

function stepExactOut(
  price: bigint,
  target: bigint,
  liquidity: bigint,
  remaining: bigint,
  fee: bigint,
): SwapStep {
  const zeroForOne = price >= target
  const amountOutToTarget = outputBetween(price, target, liquidity, zeroForOne)
  const next =
    remaining >= amountOutToTarget
      ? target
      : getNextSqrtPriceFromOutput(price, liquidity, remaining, zeroForOne)
  const amountIn = inputBetween(price, next, liquidity, zeroForOne)
  const amountOut =
    next === target
      ? amountOutToTarget
      : outputBetween(price, next, liquidity, zeroForOne)
  return {
    sqrtPriceNextX96: next,
    amountIn,
    // The price was rounded past the target, so the output may be a unit too many.
    amountOut: amountOut > remaining ? remaining : amountOut,
    feeAmount: feeOn(amountIn, fee),
  }
}

/** What must come in to move the price, rounded up for the pool. */
function inputBetween(
  price: bigint,
  next: bigint,
  liquidity: bigint,
  zeroForOne: boolean,
): bigint {
  return zeroForOne
    ? getAmount0DeltaRoundingUp(next, price, liquidity)
    : getAmount1DeltaRoundingUp(price, next, liquidity)
}

/** What goes out when the price moves, rounded down for the pool. */
function outputBetween(
  price: bigint,
  next: bigint,
  liquidity: bigint,
  zeroForOne: boolean,
): bigint {
  return zeroForOne
    ? getAmount1DeltaRoundingDown(next, price, liquidity)
    : getAmount0DeltaRoundingDown(price, next, liquidity)
}

/** The fee on top of an input that has none yet, rounded up for the pool. */
function feeOn(amountIn: bigint, fee: bigint): bigint {
  return mulDivRoundingUp(amountIn, fee, wholeFee - fee)
}
