import { describe, expect, it } from 'vitest'
import { lenderProtocols } from '../../../../src/adapters/lenders/index.ts'
import { publishedArtifact } from '../../../../src/adapters/protocols/artifact.ts'
import {
  erc20Artifact,
  readContract,
} from '../../../../src/adapters/protocols/index.ts'
import { multicall3 } from '../../../../src/adapters/protocols/multicall3.ts'
import type { LenderKind } from '../../../../src/contracts/calldata.ts'
import { zeroAddress } from '../../../../src/core/address.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import { getSqrtRatioAtTick } from '../../../../src/engine/reference/tickMath.ts'
import {
  createMarket,
  generateMarket,
  type Market,
  type Pool,
} from '../../../../src/market/index.ts'
import {
  balanceOf,
  compareSwaps,
  marketWith,
  receiptOf,
  trader,
  worldOf,
} from '../../../support/world.ts'

const generated = (seed = 7, pools = 16, tokens = 8): Market =>
  generateMarket({
    pools,
    tokens,
    seed,
    families: { constantProduct: 1, concentrated: 1 },
  })

describe('createWorld', () => {
  it('default: a generated market stands on the chain to the digit', async () => {
    const market = generated(7, 60, 12)
    const world = await worldOf(market)
    expect(world.deviations).toEqual([])
    expect(world.market.pools).toHaveLength(60)
    for (const [i, pool] of world.market.pools.entries()) {
      const asked = market.pools[i]!
      const { address: _, tokens: __, blockNumber: ___, ...state } = asked
      expect(pool).toMatchObject(state)
      for (const side of [0, 1] as const) {
        const { symbol, decimals } = market.token(asked.tokens[side])
        expect(world.market.token(pool.tokens[side])).toMatchObject({
          symbol,
          decimals,
        })
      }
    }
    expect(world.market.wrappedNative?.address).toBe(world.wrappedNative)
    const names = world.dexes.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('the same market makes the same blocks', async () => {
    const lenders = ['balancer-v2', 'uniswap-v4'] as const
    const [first, second] = [
      await worldOf(generated(), { lenders }),
      await worldOf(generated(), { lenders }),
    ]
    expect(second.market.blockHash).toBe(first.market.blockHash)
    expect(second.dexes).toEqual(first.dexes)
    const other = await worldOf(generated(8), { lenders })
    expect(other.market.blockHash).not.toBe(first.market.blockHash)
  })

  it('swaps over all protocols at once pay what was predicted', async () => {
    const world = await worldOf(generated())
    const swaps = await compareSwaps(world, 48, createSeededRandom(1))
    for (const { predicted, paid } of swaps) expect(paid).toBe(predicted)
  })

  it('a pool whose key is taken goes to a further factory, and the world says so', async () => {
    const market = generated()
    const twin = market.pools.find(({ dex }) => dex === 'uniswap-v3')!
    const address = '0x00000000000000000000000000000000000000aa'
    const { market: made, deviations } = await worldOf(
      marketWith(market, [twin, { ...twin, address }]),
    )
    expect(made.pools.map(({ dex }) => dex)).toEqual([
      'uniswap-v3',
      'uniswap-v3-2',
    ])
    expect(deviations.map(({ detail }) => detail)).toEqual([
      'dex is "uniswap-v3-2", asked was "uniswap-v3"',
    ])
  })

  it('a second Uniswap V4 pool of one key goes to Uniswap V3', async () => {
    const market = generated()
    const one = market.pools.find(({ dex }) => dex === 'uniswap-v4')!
    const address = '0x00000000000000000000000000000000000000aa'
    const { dexes } = await worldOf(
      marketWith(market, [one, { ...one, address }]),
    )
    expect(dexes.map(({ protocol }) => protocol)).toEqual([
      'uniswap-v4',
      'uniswap-v3',
    ])
  })

  it('a fee that no genuine pair has is told as a deviation', async () => {
    const market = generateMarket({ pools: 1, tokens: 3 })
    const pool = { ...market.pools[0]!, feePips: 2500 } as Pool
    const { deviations } = await worldOf(marketWith(market, [pool]))
    expect(deviations.map(({ detail }) => detail)).toEqual([
      'feePips is 3000, asked was 2500',
    ])
  })

  it('a price that came down to the border of a tick stands one tick below', async () => {
    const market = generated()
    const pools = market.pools.flatMap((pool): Pool[] => {
      if (pool.family !== 'concentrated' || pool.dex === 'sushiswap-v3')
        return []
      const border = pool.ticks.find(([tick]) => tick > pool.tick - 5000)![0]
      const liquidity = pool.ticks
        .filter(([tick]) => tick < border)
        .reduce((sum, [, net]) => sum + net, 0n)
      const sqrtPriceX96 = getSqrtRatioAtTick(border)
      return [{ ...pool, sqrtPriceX96, tick: border - 1, liquidity }]
    })
    expect(pools.length).toBeGreaterThan(3)
    const { deviations } = await worldOf(marketWith(market, pools))
    expect(deviations).toEqual([])
  })

  it('pairs too small for a first minter hold what was asked', async () => {
    const market = generateMarket({ pools: 1, tokens: 3 })
    const pool = { ...market.pools[0]!, reserves: [3n, 1000n] } as Pool
    const world = await worldOf(marketWith(market, [pool]))
    expect(world.market.pools[0]).toMatchObject({ reserves: [3n, 1000n] })
  })

  it('a Uniswap V4 pool of the native coin is made and traded', async () => {
    const market = generated()
    const one = market.pools.find(({ dex }) => dex === 'uniswap-v4')!
    const native = { address: zeroAddress, symbol: 'ETH', decimals: 18 }
    const world = await worldOf(
      createMarket({
        chainId: 31337,
        blockNumber: 1,
        tokens: [native, ...market.tokens],
        pools: [{ ...one, tokens: [zeroAddress, one.tokens[1]] }],
      }),
    )
    expect(world.deviations).toEqual([])
    const swaps = await compareSwaps(world, 6, createSeededRandom(2))
    for (const { predicted, paid } of swaps) expect(paid).toBe(predicted)
  })

  it('error: curves nobody has published as contracts', async () => {
    const market = generateMarket({
      pools: 2,
      tokens: 4,
      families: { solidlyVolatile: 1 },
    })
    await expect(worldOf(market)).rejects.toMatchObject({
      code: 'WORLD_INVALID',
    })
  })

  it('error: a swap of a token that the pool does not trade', async () => {
    const world = await worldOf(generated())
    const { address, tokens } = world.market.pools[0]!
    const { address: tokenIn } = world.market.tokens.find(
      (token) => !tokens.includes(token.address),
    )!
    await expect(
      world.swap({ user: trader, pool: address, tokenIn, amountIn: 1n }),
    ).rejects.toMatchObject({ code: 'WORLD_INVALID' })
  })
})

describe('lenders', () => {
  const names = [
    'balancer-v2',
    'uniswap-v4',
    'aave-v3',
    'morpho',
    'balancer-v3',
  ] as const

  it('each has every token, and its terms can be read', async () => {
    const { chain, lenders, market } = await worldOf(
      generateMarket({ pools: 3, tokens: 4 }),
      { lenders: names },
    )
    expect(lenders.map(({ name }) => name)).toEqual(names)
    for (const lender of lenders) {
      const protocol = lenderProtocols[lender.kind]
      for (const { address, decimals } of market.tokens) {
        const terms = await protocol.readTerms(chain, lender, address)
        expect(terms.available).toBe(mostOf(lender.kind, decimals))
        // Aave's 5 in 10,000; the others lend for nothing.
        const premium = lender.kind === 'aaveV3' ? 5n : 0n
        expect(terms.premium(10_000n)).toBe(premium)
      }
    }
  })
})

describe('Multicall3', () => {
  it('answers many reads in one call, failing ones too', async () => {
    const { chain, market, wrappedNative, ...world } = await worldOf(
      generateMarket({ pools: 3, tokens: 4 }),
    )
    const balanceOf = erc20Artifact().abi.encodeFunctionData('balanceOf', [
      trader,
    ])
    const [answers] = await readContract(
      chain,
      world.multicall3,
      multicall3,
      'aggregate3',
      [
        [
          [wrappedNative, false, balanceOf],
          [market.pools[0]!.address, true, '0x12345678'],
        ],
      ],
    )
    const [first, second] = answers as readonly (readonly [boolean, Hex])[]
    expect(BigInt(first![1])).toBeGreaterThan(0n)
    expect([first![0], second![0]]).toEqual([true, false])
  })
})

describe('users', () => {
  const stranger = '0x0000000000000000000000000000000000057a46'

  it('one that was not prepared can swap in the next block', async () => {
    const world = await worldOf(generated())
    const { address, tokens } = world.market.pools[0]!
    const hash = await world.swap({
      user: stranger,
      pool: address,
      tokenIn: tokens[0],
      amountIn: 10n ** 6n,
    })
    await world.chain.mine()
    expect((await receiptOf(world.chain, hash)).status).toBe('0x1')
  })

  it('mint gives tokens, wrapped and native coins', async () => {
    const { chain, market, wrappedNative, mint } = await worldOf(generated())
    const other = market.tokens.find(
      ({ address }) => address !== wrappedNative,
    )!
    for (const token of [wrappedNative, other.address, zeroAddress])
      await mint(token, stranger, 5n)
    await chain.mine()
    for (const token of [wrappedNative, other.address, zeroAddress])
      expect(await balanceOf(chain, token, stranger)).toBe(5n)
  })

  it('the wrapped coin is the genuine WETH9: it can be unwrapped', async () => {
    const { chain, wrappedNative } = await worldOf(generated())
    const weth = publishedArtifact(
      'canonical-weth',
      'build/contracts/WETH9.json',
    )
    const [name] = await readContract(chain, wrappedNative, weth, 'name')
    expect(name).toBe('Wrapped Ether')
    const data = weth.abi.encodeFunctionData('withdraw', [7n])
    const call = { from: trader, to: wrappedNative, data }
    await expect(chain.request('eth_call', [call])).resolves.toBe('0x')
  })
})

/** Balancer V3 keeps balances, scaled to 18 decimals, in 128 bits. */
function mostOf(kind: LenderKind, decimals: number): bigint {
  const most = 1n << 100n
  const room = (1n << 127n) / 10n ** BigInt(18 - decimals)
  return kind === 'balancerV3' && room < most ? room : most
}
