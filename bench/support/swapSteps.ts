import { getSqrtRatioAtTick } from '../../src/engine/reference/tickMath.ts'
import { createRandom } from './random.ts'

/** The arguments of SwapMath.computeSwapStep. */
export type SwapStepInput = {
  readonly sqrtPriceX96: bigint
  readonly sqrtPriceTargetX96: bigint
  readonly liquidity: bigint
  /** Positive: exact input, negative: exact output. */
  readonly amountRemaining: bigint
  readonly feePips: number
}

/** Fees that all contenders know. */
const fees = [100, 500, 10_000] as const

/**
 * Steps as swaps make them: prices of a common range, a target up to 600 ticks
 * away, half of them reaching it; three of four give the input.
 */
export function generateSwapSteps(count: number): SwapStepInput[] {
  const random = createRandom(17)
  return Array.from({ length: count }, () => {
    const tick = Math.floor((random() * 2 - 1) * 300_000)
    const distance = 1 + Math.floor(random() * 600)
    const zeroForOne = random() < 0.5
    const sqrtPriceX96 = getSqrtRatioAtTick(tick) + 1n
    const liquidity = BigInt(Math.floor(10 ** (14 + 10 * random())))
    const exactIn = random() < 0.75
    // What about a move of this many ticks takes or pays, in f64.
    const root = 1.0001 ** (tick / 2)
    const paysToken0 = zeroForOne === exactIn
    const share = (distance * 0.00005 * 2 * random()) / (paysToken0 ? root : 1)
    const amount =
      BigInt(Math.floor(Number(liquidity) * share * (paysToken0 ? 1 : root))) +
      1n
    return {
      sqrtPriceX96,
      sqrtPriceTargetX96: getSqrtRatioAtTick(
        zeroForOne ? tick - distance : tick + distance,
      ),
      liquidity,
      amountRemaining: exactIn ? amount : -amount,
      feePips: fees[Math.floor(random() * fees.length)]!,
    }
  })
}
