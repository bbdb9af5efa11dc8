import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { drawMarket } from '../../../src/programs/simulate/drawMarket.ts'
import {
  approximateDepth,
  drawSwaps,
  swapWeights,
  type UserSwap,
} from '../../../src/programs/simulate/drawSwaps.ts'

const market = drawMarket({ pools: 40, tokens: 8, seed: 3 })
const native = market.wrappedNative!.address
/** Tokens other than the native coin have no price here. */
const weights = swapWeights(market, (token) => (token === native ? 1 : 0))

describe('drawSwaps', () => {
  const swaps = drawMany(11)

  it('default: about as many as expected, in both directions', () => {
    expect(swaps.length).toBeGreaterThan(2500)
    expect(swaps.length).toBeLessThan(3500)
    const selling0 = swaps.filter(({ zeroForOne }) => zeroForOne).length
    expect(selling0 / swaps.length).toBeGreaterThan(0.4)
    expect(selling0 / swaps.length).toBeLessThan(0.6)
  })

  it('behavior: shares of the depth are small in the middle and now and then large', () => {
    const shares = swaps.map(share).sort((a, b) => a - b)
    const median = shares[shares.length >> 1]!
    expect(median).toBeGreaterThan(0.0005)
    expect(median).toBeLessThan(0.002)
    expect(shares.at(-1)!).toBeGreaterThan(0.05)
    expect(shares.at(-1)!).toBeLessThan(0.2000001)
  })

  it('behavior: deep pools are traded more, those without a price never', () => {
    const counts = market.pools.map(
      (pool) => swaps.filter((swap) => swap.pool === pool).length,
    )
    for (const [i, weight] of weights.entries())
      if (weight === 0) expect(counts[i]).toBe(0)
    const deepest = weights.indexOf(Math.max(...weights))
    expect(counts[deepest]).toBe(Math.max(...counts))
  })

  it('behavior: the same seed draws the same, another seed another', () => {
    expect(drawMany(11)).toEqual(swaps)
    expect(drawMany(12)).not.toEqual(swaps)
  })
})

function drawMany(seed: number): UserSwap[] {
  const random = createSeededRandom(seed)
  return Array.from({ length: 500 }, () =>
    drawSwaps(market, weights, { swapsPerBlock: 6 }, random),
  ).flat()
}

function share({ pool, zeroForOne, amountIn }: UserSwap): number {
  return Number(amountIn) / approximateDepth(pool)[zeroForOne ? 0 : 1]
}
