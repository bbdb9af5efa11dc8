import { expect, it } from 'vitest'
import type { Market } from '../../../src/market/market.ts'
import { createMarket } from '../../../src/market/marketBuilder.ts'
import type { Pool } from '../../../src/market/pool.ts'
import { compareMarkets } from '../../../src/programs/simulate/compareMarkets.ts'
import { drawMarket } from '../../../src/programs/simulate/drawMarket.ts'

const market = drawMarket({ pools: 12, tokens: 6, seed: 2 })
const concentrated = market.pools.find(
  (pool) => pool.family === 'concentrated',
)!
const pair = market.pools.find((pool) => pool.family === 'constantProduct')!

it('default: equal markets have no differences; the block of a pool is none', () => {
  expect(compareMarkets(market, market)).toEqual([])
  const later = changed(pair, { blockNumber: 77 })
  expect(compareMarkets(market, later)).toEqual([])
})

it('behavior: one wei is told, with both values', () => {
  const [reserve0, reserve1] = pair.reserves
  const differences = compareMarkets(
    market,
    changed(pair, { reserves: [reserve0, reserve1 + 1n] }),
  )
  expect(differences).toHaveLength(1)
  expect(differences[0]).toContain(pair.address)
  expect(differences[0]).toContain(`"${reserve1}"`)
  expect(differences[0]).toContain(`"${reserve1 + 1n}"`)
})

it('behavior: a tick is told', () => {
  const [[tick0, net0], [tick1, net1], ...rest] = concentrated.ticks as [
    readonly [number, bigint],
    readonly [number, bigint],
  ]
  // Both below the price: the liquidity in force stays.
  expect(tick1).toBeLessThan(concentrated.tick)
  const ticks = [[tick0, net0 - 1n], [tick1, net1 + 1n], ...rest] as const
  const differences = compareMarkets(market, changed(concentrated, { ticks }))
  expect(differences).toHaveLength(1)
  expect(differences[0]).toContain('ticks')
})

function changed<P extends Pool>(pool: P, fields: Partial<P>): Market {
  const { chainId, blockNumber, tokens } = market
  return createMarket({
    chainId,
    blockNumber,
    tokens,
    pools: market.pools.map((one) =>
      one === pool ? ({ ...one, ...fields } as Pool) : one,
    ),
  })
}
