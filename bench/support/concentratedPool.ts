import type { ConcentratedState } from '../../src/engine/poolState.ts'
import { getSqrtRatioAtTick } from '../../src/engine/reference/tickMath.ts'
import { createRandom } from './random.ts'

const tickSpacing = 10
const maxTick = 887_272

/**
 * A concentrated pool at a price of 1 with so many positions, most of them
 * near the price: what a busy pool of a stable pair looks like.
 */
export function generateConcentratedPool(positions: number): ConcentratedState {
  const random = createRandom(23)
  const netAt = new Map<number, bigint>()
  let liquidity = 0n
  const add = (lower: number, upper: number, amount: bigint): void => {
    netAt.set(lower, (netAt.get(lower) ?? 0n) + amount)
    netAt.set(upper, (netAt.get(upper) ?? 0n) - amount)
    if (lower <= 0 && upper > 0) liquidity += amount
  }
  add(-880_000, 880_000, 10n ** 18n)
  for (let i = 1; i < positions; i++) {
    const middle = Math.round((random() + random() - 1) * 400)
    const half = 1 + Math.floor(random() ** 2 * 200)
    add(
      (middle - half) * tickSpacing,
      (middle + half) * tickSpacing,
      BigInt(Math.floor(10 ** (18 + 3 * random()))),
    )
  }
  return {
    family: 'concentrated',
    feePips: 500,
    tickSpacing,
    sqrtPriceX96: getSqrtRatioAtTick(0),
    tick: 0,
    liquidity,
    ticks: [...netAt].filter(([, net]) => net !== 0n).sort(([a], [b]) => a - b),
    knownTicks: [-maxTick, maxTick],
  }
}
