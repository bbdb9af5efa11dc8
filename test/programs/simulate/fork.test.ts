import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../src/adapters/evm/embeddedChain.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { readWords } from '../../../src/programs/callWords.ts'
import {
  findBalanceSlot,
  setTokenBalance,
} from '../../../src/programs/dealTokens.ts'
import { seededAddress } from '../../../src/programs/simulate/arena.ts'
import { drawMarket } from '../../../src/programs/simulate/drawMarket.ts'
import {
  rangeOf,
  readPool,
} from '../../../src/programs/simulate/fork/readPool.ts'
import { simulate } from '../../../src/programs/simulate/simulate.ts'
import { createWorld } from '../../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../../src/programs/simulate/world/world.ts'
import { type HttpNode, serveChain } from './support/httpNode.ts'

let world: World
let node: HttpNode
let fork: EmbeddedChain
const user = seededAddress(1, 'user')

beforeAll(async () => {
  const chain = await createEmbeddedChain({ automine: false, chainId: 137 })
  const market = drawMarket({ pools: 24, tokens: 6, seed: 5 })
  world = await createWorld({ chain, market })
  node = await serveChain(chain)
  fork = await createEmbeddedChain({
    automine: false,
    chainId: 137,
    fork: { url: node.url, blockNumber: world.market.blockNumber },
  })
  // Calls run on blocks of this process.
  await fork.mine()
})
afterAll(() => node.close())

describe('readPool', () => {
  it('default: pools of a fork are those of its origin, inside the known ticks', async () => {
    let ticksSeen = 0
    for (const pool of world.market.pools) {
      if (pool.dex === 'uniswap-v4') continue
      const read = await readPool(fork, pool)
      if (pool.family !== 'concentrated') {
        expect({ ...read, blockNumber: 0 }).toEqual({ ...pool, blockNumber: 0 })
        continue
      }
      const [first, last] = rangeOf(read!)!
      const ticks = pool.ticks.filter(([t]) => t >= first && t <= last)
      expect(read).toEqual({ ...pool, ticks, knownTicks: [first, last] })
      expect(first).toBeLessThanOrEqual(Math.max(-887272, pool.tick - 5000))
      expect(last).toBeGreaterThanOrEqual(Math.min(887272, pool.tick + 5000))
      ticksSeen += ticks.length
    }
    expect(ticksSeen).toBeGreaterThan(20)
  })

  it('behavior: the range of the first reading stays', async () => {
    const pool = world.market.pools.find(
      ({ dex, family }) => dex === 'uniswap-v3' && family === 'concentrated',
    )!
    const read = await readPool(fork, pool)
    expect(await readPool(fork, read!, rangeOf(read!))).toEqual(read)
  })

  it('behavior: no contract, no pool', async () => {
    for (const pool of world.market.pools.slice(0, 8))
      expect(await readPool(fork, { ...pool, address: user })).toBeUndefined()
  })

  it('behavior: a contract of other tokens is another pool', async () => {
    const [first] = world.market.pools
    const other = world.market.pools.find(
      ({ tokens, dex }) =>
        tokens.join() !== first!.tokens.join() && dex === 'uniswap-v2',
    )!
    const { address } = other
    const pair = world.market.pools.find(
      ({ dex, tokens }) =>
        dex === 'uniswap-v2' && tokens.join() !== other.tokens.join(),
    )!
    expect(await readPool(fork, { ...pair, address })).toBeUndefined()
  })
})

describe('findBalanceSlot', () => {
  it('default: gives tokens to anybody, WETH9 too, and leaves the rest as it was', async () => {
    for (const { address } of world.market.tokens) {
      const before = await balanceOf(address, world.deployer)
      const slot = await findBalanceSlot(fork, address, user)
      expect(await balanceOf(address, user)).toBe(0n)
      await setTokenBalance(fork, address, slot!, user, 12345n)
      expect(await balanceOf(address, user)).toBe(12345n)
      expect(await balanceOf(address, world.deployer)).toBe(before)
    }
  })

  it('behavior: undefined where there is no such mapping', async () => {
    const [pool] = world.market.pools
    expect(await findBalanceSlot(fork, user, user)).toBeUndefined()
    expect(pool).toBeDefined()
  })
})

describe('simulate', () => {
  const options = { blocks: 8, seed: 1, pools: 0, tokens: 0, competitors: 1 }

  it('default: trades on a fork as on a chain of its own, the same each time', async () => {
    const { url } = node
    const { market } = world
    const { blockNumber } = market
    const forked = { ...options, fork: { url, blockNumber, market } }
    const { summary, leftOut } = await simulate(forked)
    expect(summary.chainId).toBe(137)
    expect(summary.pools + leftOut).toBe(market.pools.length)
    expect(leftOut).toBeGreaterThan(0)
    expect(summary.landed).toBeGreaterThan(0)
    expect(summary.money.netProfit).toBeGreaterThan(0n)
    expect(summary.predictions.equal).toBe(summary.predictions.uncontested)
    expect(summary.faults).toEqual([])
    expect(summary.stateChecks).toEqual({ done: 4, differences: [] })
    expect((await simulate(forked)).summary).toEqual(summary)
  })

  it('error: pools of a chain that has none of them', async () => {
    const { url } = node
    const market = drawMarket({ pools: 4, tokens: 4, seed: 1 })
    await expect(
      simulate({ ...options, fork: { url, blockNumber: 3, market } }),
    ).rejects.toThrow('none of the 4 pools is on the forked chain')
  })
})

async function balanceOf(token: Hex, account: Hex): Promise<bigint> {
  const words = await readWords(fork, token, 'balanceOf(address)', [account], 1)
  return words![0]!
}
