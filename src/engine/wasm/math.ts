import { STATUS_OK } from '../../../assembly/layout.ts'
import { SwapRevertsError } from '../errors.ts'
import type { ExactMath, SwapStep } from '../exactMath.ts'
import type { Exchange } from './exchange.ts'
import type { Kernel } from './instantiate.ts'

const uint256Limit = 1n << 256n
const minSqrtRatio = 4295128739n
const maxSqrtRatio = 1461446703485210103287273052203988822378723970342n

/** The exact formulas, run by the kernel. */
export function createMath(kernel: Kernel, exchange: Exchange): ExactMath {
  /** Leaves the arguments in the exchange, runs, and hands out the first result. */
  function run(
    name: string,
    call: () => number,
    ...inputs: readonly bigint[]
  ): bigint {
    for (const [slot, value] of inputs.entries())
      exchange.write(slot, checked(name, value))
    if (call() !== STATUS_OK) throw reverts(name, inputs)
    return exchange.read(4)
  }

  return {
    getAmountOut: (amountIn, reserveIn, reserveOut, feePips) =>
      run(
        'getAmountOut',
        () => kernel.getAmountOut(feePips),
        amountIn,
        reserveIn,
        reserveOut,
      ),
    getAmountIn: (amountOut, reserveIn, reserveOut, feePips) =>
      run(
        'getAmountIn',
        () => kernel.getAmountIn(feePips),
        amountOut,
        reserveIn,
        reserveOut,
      ),
    getSqrtRatioAtTick: (tick) =>
      run('getSqrtRatioAtTick', () => kernel.getSqrtRatioAtTick(tick)),
    getTickAtSqrtRatio(sqrtPriceX96) {
      if (sqrtPriceX96 < minSqrtRatio || sqrtPriceX96 >= maxSqrtRatio)
        throw reverts('getTickAtSqrtRatio', [sqrtPriceX96])
      exchange.write(0, sqrtPriceX96)
      return kernel.getTickAtSqrtRatio()
    },
    getAmount0DeltaRoundingUp: (a, b, liquidity) =>
      run(
        'getAmount0Delta',
        () => kernel.getAmount0DeltaRoundingUp(),
        a,
        b,
        liquidity,
      ),
    getAmount0DeltaRoundingDown: (a, b, liquidity) =>
      run(
        'getAmount0Delta',
        () => kernel.getAmount0DeltaRoundingDown(),
        a,
        b,
        liquidity,
      ),
    getAmount1DeltaRoundingUp: (a, b, liquidity) =>
      run(
        'getAmount1Delta',
        () => kernel.getAmount1DeltaRoundingUp(),
        a,
        b,
        liquidity,
      ),
    getAmount1DeltaRoundingDown: (a, b, liquidity) =>
      run(
        'getAmount1Delta',
        () => kernel.getAmount1DeltaRoundingDown(),
        a,
        b,
        liquidity,
      ),
    getNextSqrtPriceFromInput: (price, liquidity, amountIn, zeroForOne) =>
      run(
        'getNextSqrtPriceFromInput',
        () => kernel.getNextSqrtPriceFromInput(zeroForOne),
        price,
        liquidity,
        amountIn,
      ),
    getNextSqrtPriceFromOutput: (price, liquidity, amountOut, zeroForOne) =>
      run(
        'getNextSqrtPriceFromOutput',
        () => kernel.getNextSqrtPriceFromOutput(zeroForOne),
        price,
        liquidity,
        amountOut,
      ),
    computeSwapStep(price, target, liquidity, amountRemaining, feePips) {
      const exactIn = amountRemaining >= 0n
      const sqrtPriceNextX96 = run(
        'computeSwapStep',
        () =>
          exactIn
            ? kernel.computeSwapStepExactIn(feePips)
            : kernel.computeSwapStepExactOut(feePips),
        price,
        target,
        liquidity,
        exactIn ? amountRemaining : -amountRemaining,
      )
      return {
        sqrtPriceNextX96,
        amountIn: exchange.read(5),
        amountOut: exchange.read(6),
        feeAmount: exchange.read(7),
      } satisfies SwapStep
    },
    mulDiv: (a, b, denominator) =>
      run('mulDiv', () => kernel.mulDiv(), a, b, denominator),
  }
}

function checked(name: string, value: bigint): bigint {
  if (value < 0n || value >= uint256Limit)
    throw new SwapRevertsError(`${name}: ${value} is not a uint256`, {
      facts: { value },
    })
  return value
}

function reverts(name: string, inputs: readonly bigint[]): SwapRevertsError {
  return new SwapRevertsError(`${name} reverts on ${inputs.join(', ')}`, {
    facts: { function: name, inputs },
  })
}
