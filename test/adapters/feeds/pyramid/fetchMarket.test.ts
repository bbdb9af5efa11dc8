import { beforeAll, describe, expect, it } from 'vitest'
import {
  type FetchOptions,
  fetchMarket,
} from '../../../../src/adapters/feeds/pyramid/index.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import {
  generateMarket,
  type Market,
  type Pool,
} from '../../../../src/market/index.ts'
import type { World } from '../../../../src/programs/simulate/world/world.ts'
import { compareSwaps, marketWith, worldOf } from '../../../support/world.ts'

const dexNames = [
  'uniswap-v3',
  'pancakeswap-v3',
  'uniswap-v4',
  'algebra-v1',
  'algebra-integral',
]

/** A market of every protocol the pyramid reads and that has genuine contracts. */
function marketOfAll(): Market {
  const market = generateMarket({
    pools: 24,
    tokens: 8,
    seed: 11,
    families: { constantProduct: 1, concentrated: 2 },
  })
  let next = 0
  const pools = market.pools.map((pool): Pool => {
    if (pool.family !== 'concentrated') return pool
    const dex = dexNames[next++ % dexNames.length]!
    return { ...pool, dex }
  })
  return marketWith(market, pools)
}

let world: World
const optionsOf = (): FetchOptions => ({
  rpc: world.chain,
  dexes: world.dexes,
  multicall3: world.multicall3,
  wrappedNative: world.wrappedNative,
  tickWords: Number.POSITIVE_INFINITY,
})

beforeAll(async () => {
  world = await worldOf(marketOfAll())
  await compareSwaps(world, 24, createSeededRandom(3))
})

describe('fetchMarket', () => {
  it('default: equals what the contracts tell one by one', async () => {
    const truth = await world.readMarket()
    const { market, leftOut } = await fetchMarket(optionsOf())
    expect(leftOut).toEqual([])
    expect(new Set(market.pools.map(({ dex }) => dex)).size).toBeGreaterThan(5)
    expect(market.blockHash).toBe(truth.blockHash)
    expect(market.pools.length).toBe(truth.pools.length)
    for (const pool of truth.pools)
      expect(market.pool(pool.address)).toEqual(pool)
  })
})
