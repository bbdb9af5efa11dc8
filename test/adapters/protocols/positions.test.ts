import { describe, expect, it } from 'vitest'
import {
  type Position,
  positionsOf,
} from '../../../src/adapters/protocols/positions.ts'
import type { ConcentratedState } from '../../../src/engine/index.ts'
import { generateMarket } from '../../../src/market/index.ts'

/** The tick list and the liquidity in force that positions make, as a pool adds them up. */
function added(
  positions: readonly Position[],
  tick: number,
): Pick<ConcentratedState, 'liquidity' | 'ticks'> {
  const nets = new Map<number, bigint>()
  let liquidity = 0n
  for (const { tickLower, tickUpper, liquidity: amount } of positions) {
    expect(amount).toBeGreaterThan(0n)
    expect(tickLower).toBeLessThan(tickUpper)
    nets.set(tickLower, (nets.get(tickLower) ?? 0n) + amount)
    nets.set(tickUpper, (nets.get(tickUpper) ?? 0n) - amount)
    if (tickLower <= tick && tick < tickUpper) liquidity += amount
  }
  return { liquidity, ticks: [...nets].sort(([a], [b]) => a - b) }
}

const base = {
  family: 'concentrated',
  feePips: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 1n << 96n,
  tick: 0,
  knownTicks: [-887272, 887272],
} as const

describe('positionsOf', () => {
  it('default: 300 generated pools get back their ticks and liquidity', () => {
    const { pools } = generateMarket({
      pools: 300,
      seed: 11,
      families: { concentrated: 1 },
    })
    let count = 0
    for (const pool of pools) {
      if (pool.family !== 'concentrated') continue
      const { ticks, liquidity } = added(positionsOf(pool), pool.tick)
      expect(ticks).toEqual(pool.ticks)
      expect(liquidity).toBe(pool.liquidity)
      count++
    }
    expect(count).toBe(300)
  })

  it('liquidity from and to beyond the list reaches the ends of the scale', () => {
    const ticks = [
      [-60, -5n],
      [60, 7n],
    ] as const
    const state = { ...base, liquidity: 10n, ticks }
    expect(added(positionsOf(state), 0)).toEqual({
      liquidity: 10n,
      ticks: [[-887220, 15n], ...ticks, [887220, -17n]],
    })
  })

  it('an empty pool has none', () => {
    expect(positionsOf({ ...base, liquidity: 0n, ticks: [] })).toEqual([])
  })
})
