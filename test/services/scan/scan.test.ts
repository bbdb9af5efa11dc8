import { describe, expect, it } from 'vitest'
import { createApex } from '../../../src/apex.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { ScanOptionError } from '../../../src/engine/errors.ts'
import { createReferenceEngine } from '../../../src/engine/reference/engine.ts'
import { TokenUnknownError } from '../../../src/market/errors.ts'
import { generateMarket } from '../../../src/market/generate/generateMarket.ts'
import { createMarket } from '../../../src/market/marketBuilder.ts'
import type { Opportunity } from '../../../src/market/opportunity.ts'
import type { Pool } from '../../../src/market/pool.ts'
import type { Token } from '../../../src/market/token.ts'
import { engineGraph, engineState } from '../../../src/services/engineGraph.ts'

const market = generateMarket({
  pools: 300,
  tokens: 40,
  seed: 11,
  mispricedShare: 0.05,
  families: {
    constantProduct: 3,
    concentrated: 1,
    solidlyStable: 1,
    solidlyVolatile: 1,
  },
})
const apex = await createApex({ market })

describe('scan', () => {
  it('default: through the wrapped native coin, the best 20', () => {
    const result = apex.scan()
    expect(result).toMatchObject({
      chainId: 31337,
      blockNumber: 1,
      pools: 300,
    })
    expect(result.opportunities).toHaveLength(20)
    expect(result.cyclesChecked).toBeGreaterThan(result.profitable)
    expect(result.profitable).toBeGreaterThan(20)
    for (const { cycle } of result.opportunities)
      expect(cycle.tokenIn).toBe(market.wrappedNative)
  })

  it('behavior: every amount is what the reference engine quotes', () => {
    const reference = createReferenceEngine()
    reference.load(engineGraph(market))
    const { opportunities } = apex.scan({
      baseTokens: ['WETH', 'USDC'],
      limit: 50,
    })
    expect(opportunities).toHaveLength(50)
    for (const opportunity of opportunities) {
      const { cycle, amountIn, amountOut, grossProfit } = opportunity
      expect(grossProfit).toBe(amountOut - amountIn)
      expect(grossProfit).toBeGreaterThan(0n)
      let [held, token] = [amountIn, cycle.tokenIn]
      for (const hop of cycle.hops) {
        expect([hop.amountIn, hop.tokenIn]).toEqual([held, token])
        const index = market.poolIndex(hop.pool.address)
        const quote = reference.quoteExactIn(index, hop.zeroForOne, held)
        expect(quote).toEqual({
          amountIn: held,
          amountOut: hop.amountOut,
          end: 'filled',
        })
        expect(hop.tokenOut.address).toBe(
          hop.pool.tokens[hop.zeroForOne ? 1 : 0],
        )
        held = hop.amountOut
        token = hop.tokenOut
      }
      expect([held, token]).toEqual([amountOut, cycle.tokenIn])
      const pools = cycle.hops.map(({ pool }) => pool.address)
      const tokens = cycle.hops.map(({ tokenIn }) => tokenIn.address)
      expect(new Set(pools).size).toBe(pools.length)
      expect(new Set(tokens).size).toBe(tokens.length)
    }
  })

  it('behavior: a limit gives the head of the whole list', () => {
    for (const baseTokens of [['WETH'], ['USDC', 'WETH', 'TOK7']]) {
      const all = apex.scan({ baseTokens, maxHops: 3, limit: 0 }).opportunities
      expect(all.length).toBeGreaterThan(40)
      for (const limit of [1, 7, 40])
        expect(
          ids(apex.scan({ baseTokens, maxHops: 3, limit }).opportunities),
        ).toEqual(ids(all.slice(0, limit)))
      const profits = all.map(({ grossProfitNative }) => grossProfitNative!)
      expect(profits).toEqual(
        profits.toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)),
      )
    }
  })

  it('behavior: after a block too, whatever the base tokens', async () => {
    const changes = market.pools
      .filter((pool) => pool.family === 'constantProduct')
      .slice(0, 30)
      .map(({ address, reserves: [held0, held1] }, i) => ({
        pool: address,
        reserves: [held0 + held0 / BigInt(100 + i), held1] as const,
      }))
    for (const baseTokens of [['WETH'], ['USDC', 'WETH', 'DAI', 'USDT']]) {
      const [whole, head] = await Promise.all([
        createApex({ market }),
        createApex({ market }),
      ])
      for (const one of [whole, head]) one.scan({ baseTokens })
      whole.update(changes)
      // One market, two engines: the second is told what changed.
      for (const { pool } of changes)
        head.engine.update(
          market.poolIndex(pool),
          engineState(market.pool(pool)),
        )
      const all = whole.scanChanged({ baseTokens, limit: 0 }).opportunities
      expect(all.length).toBeGreaterThan(8)
      const best = head.scanChanged({ baseTokens, limit: 8 }).opportunities
      expect(best).toEqual(all.slice(0, 8))
      expect(head.scanChanged({ baseTokens }).opportunities).toEqual([])
      whole.revert()
    }
  })

  it('behavior: minProfit is exact', () => {
    for (const base of ['WETH', 'USDC']) {
      const options = { baseTokens: [base], maxHops: 3, limit: 0 } as const
      const all = apex.scan(options).opportunities
      const minProfit = all[5]!.grossProfitNative!
      const at = apex.scan({ ...options, minProfit }).opportunities
      const above = apex.scan({ ...options, minProfit: minProfit + 1n })
      expect(ids(at)).toEqual(ids(all.slice(0, 6)))
      expect(ids(above.opportunities)).toEqual(ids(all.slice(0, 5)))
    }
  })

  it('behavior: longer cycles only add', () => {
    const [two, three, four] = ([2, 3, 4] as const).map((maxHops) =>
      apex.scan({ maxHops, limit: 0 }),
    )
    expect(lengths(two!.opportunities)).toEqual([2])
    expect(lengths(three!.opportunities)).toEqual([2, 3])
    expect(lengths(four!.opportunities)).toEqual([2, 3, 4])
    expect(ids(four!.opportunities)).toEqual(
      expect.arrayContaining(ids(three!.opportunities)),
    )
  })

  it('behavior: a cycle through two base tokens comes once', () => {
    const both = apex.scan({ baseTokens: ['USDC', 'WETH', 'usdc'], limit: 0 })
    const found = ids(both.opportunities)
    expect(new Set(found).size).toBe(found.length)
  })

  it('behavior: ids do not depend on where a cycle starts', () => {
    const options = { maxHops: 3, limit: 0 } as const
    const fromUsdc = apex.scan({ ...options, baseTokens: ['USDC'] })
    const weth = market.wrappedNative!
    const through = fromUsdc.opportunities.filter(({ cycle }) =>
      cycle.hops.some(({ tokenIn }) => tokenIn === weth),
    )
    expect(through.length).toBeGreaterThan(0)
    const fromWeth = ids(apex.scan(options).opportunities)
    expect(fromWeth).toEqual(expect.arrayContaining(ids(through)))
    for (const id of fromWeth) expect(id).toMatch(/^0x[0-9a-f]{16}$/)
  })

  it('behavior: takes up to 16 base tokens', () => {
    const baseTokens = market.tokens.slice(0, 16).map(({ address }) => address)
    const { opportunities } = apex.scan({ baseTokens, maxHops: 2, limit: 0 })
    const fewer = baseTokens.slice(0, 15)
    const without = apex.scan({ baseTokens: fewer, maxHops: 2, limit: 0 })
    expect(ids(opportunities)).toEqual(
      expect.arrayContaining(ids(without.opportunities)),
    )
  })

  it.each([
    ['maxHops of 5', { maxHops: 5 as 4 }, ScanOptionError],
    ['limit below 0', { limit: -1 }, ScanOptionError],
    ['half a limit', { limit: 1.5 }, ScanOptionError],
    ['minProfit below 0', { minProfit: -1n }, ScanOptionError],
    [
      '17 base tokens',
      { baseTokens: market.tokens.slice(0, 17).map((token) => token.address) },
      ScanOptionError,
    ],
    ['an unknown base', { baseTokens: ['NONE'] }, TokenUnknownError],
  ])('error: %s', (_, options, error) => {
    expect(() => apex.scan(options)).toThrow(error)
  })
})

describe('grossProfitNative', () => {
  it('default: the profit itself where the base is the native coin', () => {
    for (const found of apex.scan().opportunities)
      expect(found.grossProfitNative).toBe(found.grossProfit)
  })

  it('behavior: what the best direct pool pays for it', () => {
    const usdc = market.findToken('USDC')
    const weth = market.wrappedNative!
    const direct = market.pools.filter(
      ({ tokens }) =>
        tokens.includes(usdc.address) && tokens.includes(weth.address),
    )
    expect(direct.length).toBeGreaterThan(1)
    const { opportunities } = apex.scan({ baseTokens: ['USDC'], limit: 10 })
    for (const { grossProfit, grossProfitNative } of opportunities) {
      const paid = direct.map(
        ({ address }) => apex.quote(address, 'USDC', grossProfit).amountOut,
      )
      expect(paid).toContain(grossProfitNative)
      expect(paid.every((amount) => amount <= grossProfitNative!)).toBe(true)
    }
  })

  it('behavior: through two pools where no pool trades it directly', async () => {
    // A has a cycle of its own with B; only B trades with the native coin.
    const small = await createApex({
      market: createMarket({
        chainId: 5,
        blockNumber: 1,
        wrappedNative: address(1),
        tokens: [token(1, 'W'), token(2, 'A'), token(3, 'B')],
        pools: [
          pair(10, 2, 3, [1_000_000n, 1_000_000n]),
          pair(11, 2, 3, [1_000_000n, 1_100_000n]),
          pair(12, 1, 3, [3_000_000n, 2_000_000n]),
          pair(13, 1, 3, [2_000_000n, 2_000_000n]),
        ],
      }),
    })
    const [found] = small.scan({ baseTokens: ['A'] }).opportunities
    const profit = found!.grossProfit
    const intoB = small.quote(address(11), 'A', profit).amountOut
    expect(found!.grossProfitNative).toBe(
      small.quote(address(12), 'B', intoB).amountOut,
    )
  })

  it('behavior: null where no path leads to the native coin; minProfit leaves it out', async () => {
    const lonely = await createApex({
      market: createMarket({
        chainId: 5,
        blockNumber: 1,
        wrappedNative: address(1),
        tokens: [token(1, 'W'), token(2, 'A'), token(3, 'B')],
        pools: [
          pair(10, 2, 3, [1_000_000n, 1_000_000n]),
          pair(11, 2, 3, [1_000_000n, 1_100_000n]),
        ],
      }),
    })
    const { opportunities } = lonely.scan({ baseTokens: ['A'] })
    expect(opportunities).toHaveLength(1)
    expect(opportunities[0]!.grossProfitNative).toBeNull()
    expect(
      lonely.scan({ baseTokens: ['A'], minProfit: 1n }).opportunities,
    ).toEqual([])
    expect(lonely.scan().opportunities).toEqual([])
  })

  it('error: a market that does not know its native coin', async () => {
    const unknown = await createApex({
      market: createMarket({
        chainId: 5,
        blockNumber: 1,
        tokens: [token(2, 'A'), token(3, 'B')],
        pools: [
          pair(10, 2, 3, [1_000_000n, 1_000_000n]),
          pair(11, 2, 3, [1_000_000n, 1_100_000n]),
        ],
      }),
    })
    expect(() => unknown.scan()).toThrow(/no base token/)
    expect(() => unknown.scan({ baseTokens: ['A'], minProfit: 1n })).toThrow(
      ScanOptionError,
    )
    const { opportunities } = unknown.scan({ baseTokens: ['A'] })
    expect(
      opportunities.map(({ grossProfitNative }) => grossProfitNative),
    ).toEqual([null])
  })
})

function ids(opportunities: readonly Opportunity[]): string[] {
  return opportunities.map(({ cycle }) => cycle.id)
}

function lengths(opportunities: readonly Opportunity[]): number[] {
  return [
    ...new Set(opportunities.map(({ cycle }) => cycle.hops.length)),
  ].sort()
}

function address(n: number): Hex {
  return `0x${String(n).padStart(40, '0')}`
}

function token(n: number, symbol: string): Token {
  return { address: address(n), symbol, decimals: 18 }
}

function pair(
  n: number,
  a: number,
  b: number,
  reserves: readonly [bigint, bigint],
): Pool {
  return {
    address: address(n),
    dex: 'uniswap-v2',
    tokens: [address(a), address(b)],
    family: 'constantProduct',
    feePips: 3000,
    reserves,
  }
}
