import { describe, expect, it } from 'vitest'
import {
  fetchMarket,
  rereadMarket,
} from '../../../../src/adapters/feeds/pyramid/index.ts'
import { generateMarket } from '../../../../src/market/index.ts'
import { balancerPools } from '../../../support/balancerPools.ts'
import { marketWith, worldOf } from '../../../support/world.ts'

describe('Balancer V2', () => {
  it('pools of two tokens are found and read; those of more are left out by name', async () => {
    const market = generateMarket({ pools: 3, tokens: 4 })
    const world = await worldOf(
      marketWith(market, balancerPools(market.tokens)),
    )
    const truth = await world.readMarket()
    const { chain: rpc, dexes, multicall3, wrappedNative } = world
    const options = { rpc, dexes, multicall3, wrappedNative }
    const { market: read, leftOut } = await fetchMarket(options)
    const ofTwo = truth.pools.filter(
      (pool) => (pool.poolTokens?.length ?? 2) === 2,
    )
    expect(ofTwo.length).toBeGreaterThan(0)
    expect(read.pools.length).toBe(ofTwo.length)
    for (const pool of ofTwo) expect(read.pool(pool.address)).toEqual(pool)
    expect(leftOut).toHaveLength(truth.pools.length - ofTwo.length)

    const all = await rereadMarket({ rpc, dexes, multicall3, market: truth })
    expect(all).toMatchObject({
      compared: truth.pools.length,
      differences: [],
    })
  })
})
