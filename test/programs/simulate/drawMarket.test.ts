import { describe, expect, it } from 'vitest'
import { MarketInvalidError } from '../../../src/market/errors.ts'
import { marketLines } from '../../../src/market/marketFile.ts'
import type { Pool } from '../../../src/market/pool.ts'
import { drawMarket } from '../../../src/programs/simulate/drawMarket.ts'

describe('drawMarket', () => {
  const market = drawMarket({ pools: 200, tokens: 16, seed: 7 })

  it('default: so many pools, of DEXs whose contracts are there', () => {
    expect(market.pools).toHaveLength(200)
    expect([...new Set(market.pools.map(({ dex }) => dex))].sort()).toEqual([
      'pancakeswap-v3',
      'sushiswap-v2',
      'uniswap-v2',
      'uniswap-v3',
      'uniswap-v4',
    ])
  })

  it('behavior: a factory makes no second pool of a pair and fee', () => {
    const names = market.pools.map((pool) =>
      [...pool.tokens, pool.dex, feeOf(pool)].join(),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('behavior: fees and spacings are those the factories know', () => {
    const known = new Set(
      market.pools.map((pool) =>
        pool.family === 'concentrated'
          ? `${pool.dex} ${pool.feePips} ${pool.tickSpacing}`
          : `${pool.dex} ${feeOf(pool)}`,
      ),
    )
    expect(known).toContain('pancakeswap-v3 2500 50')
    expect(known).not.toContain('uniswap-v3 2500 50')
    expect(known).not.toContain('pancakeswap-v3 3000 60')
    for (const pool of market.pools) {
      if (pool.family !== 'concentrated') continue
      for (const [tick] of pool.ticks)
        expect(Math.abs(tick % pool.tickSpacing)).toBe(0)
      const inForce = pool.ticks
        .filter(([tick]) => tick <= pool.tick)
        .reduce((sum, [, net]) => sum + net, 0n)
      expect(pool.liquidity).toBe(inForce)
      expect(pool.liquidity).toBeGreaterThan(0n)
    }
  })

  it('behavior: the same seed gives the same market, another seed another', () => {
    const lines = (seed: number): string =>
      [...marketLines(drawMarket({ pools: 40, tokens: 8, seed }))].join('\n')
    expect(lines(3)).toBe(lines(3))
    expect(lines(3)).not.toBe(lines(4))
  })

  it('error: more pools than the pairs can have', () => {
    expect(() => drawMarket({ pools: 100, tokens: 3, seed: 1 })).toThrow(
      MarketInvalidError,
    )
  })
})

function feeOf(pool: Pool): number | undefined {
  return 'feePips' in pool ? pool.feePips : undefined
}
