import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../../src/core/hex.ts'
import { PoolInvalidError } from '../../src/engine/errors.ts'
import {
  MarketConflictError,
  MarketInvalidError,
  PoolUnknownError,
  TokenAmbiguousError,
  TokenUnknownError,
} from '../../src/market/errors.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import type { Market } from '../../src/market/market.ts'
import type { PoolChange } from '../../src/market/marketBlock.ts'
import { createMarket } from '../../src/market/marketBuilder.ts'
import type { Pool } from '../../src/market/pool.ts'
import type { Token } from '../../src/market/token.ts'

const families = {
  constantProduct: 1,
  concentrated: 1,
  solidlyStable: 1,
  solidlyVolatile: 1,
}
const mixed = (): Market => generateMarket({ pools: 40, tokens: 8, families })

describe('lookups', () => {
  const market = mixed()
  const pool = market.pools[3]!

  it('default: by address, in any case of letters', () => {
    expect(market.pool(pool.address.toLowerCase())).toBe(pool)
    expect(market.poolIndex(pool.address)).toBe(3)
    expect(market.token(pool.tokens[1].toLowerCase()).address).toBe(
      pool.tokens[1],
    )
  })

  it('error: unknown', () => {
    expect(() => market.pool(pool.tokens[0])).toThrow(PoolUnknownError)
    expect(() => market.token(pool.address)).toThrow(TokenUnknownError)
    expect(() => market.findToken('NONE')).toThrow(TokenUnknownError)
    expect(() => market.findToken(pool.address)).toThrow(TokenUnknownError)
  })
})

describe('findToken', () => {
  // Three tokens A, two B, one b; pools make one A the most traded.
  const tokens = ['A', 'A', 'A', 'B', 'B', 'b', 'WETH', 'WETH'].map(
    (symbol, i): Token => ({ address: address(i + 1), symbol, decimals: 18 }),
  )
  const market = createMarket({
    chainId: 5,
    blockNumber: 1,
    wrappedNative: address(8),
    tokens,
    pools: [
      [1, 2],
      [2, 3],
      [4, 7],
      [5, 7],
    ].map(([a, b], i) => pairPool(10 + i, a!, b!)),
  })

  it('default: the token in most pools', () => {
    expect(market.findToken('A').address).toBe(address(2))
  })

  it('behavior: the wrapped native coin before one in more pools', () => {
    expect(market.degree(market.token(address(7)))).toBe(2)
    expect(market.findToken('WETH').address).toBe(address(8))
  })

  it('behavior: the exact letters first, then any case', () => {
    expect(market.findToken('b').address).toBe(address(6))
    expect(market.findToken('a').address).toBe(address(2))
  })

  it('error: equally often traded, with the addresses', () => {
    expect(() => market.findToken('B')).toThrow(TokenAmbiguousError)
    expect(() => market.findToken('B')).toThrow(
      `2 tokens are called B: ${address(4)}, ${address(5)}`,
    )
  })
})

describe('createMarket', () => {
  const token = { address: address(1), symbol: 'A', decimals: 18 }
  const other = { address: address(2), symbol: 'B', decimals: 18 }
  const header = { chainId: 1, blockNumber: 1 }

  it('error: parts that contradict each other', () => {
    const pools = [pairPool(9, 1, 2), pairPool(9, 1, 2)]
    expect(() =>
      createMarket({ ...header, tokens: [token, other], pools }),
    ).toThrow(MarketInvalidError)
    expect(() =>
      createMarket({
        ...header,
        tokens: [token, { ...token, decimals: 6 }],
        pools: [],
      }),
    ).toThrow(/duplicate token/)
    expect(() =>
      createMarket({ ...header, tokens: [token], pools: [pairPool(9, 1, 2)] }),
    ).toThrow(TokenUnknownError)
    expect(() =>
      createMarket({ chainId: 1.5, blockNumber: 1, tokens: [], pools: [] }),
    ).toThrow(/chainId/)
  })

  it('behavior: token0 is the lower address, the native coin below all', () => {
    const native: Token = { ...token, address: `0x${'0'.repeat(40)}` }
    const of = (tokens: Pool['tokens']): Market =>
      createMarket({
        ...header,
        tokens: [token, native, other],
        pools: [{ ...pairPool(9, 1, 2), tokens }],
      })
    const [low, high] = [token.address, other.address].sort() as [Hex, Hex]
    expect(of([low, high]).pools).toHaveLength(1)
    expect(of([native.address, low]).pools).toHaveLength(1)
    expect(() => of([high, low])).toThrow(MarketInvalidError)
    expect(() => of([high, low])).toThrow(
      `token0 is not below token1: ${high}, ${low}`,
    )
    expect(() => of([low, native.address])).toThrow(/token0 is not below/)
    // As checksummed text the second, 0xFA…, would stand before 0xaa….
    const cased = [`0x${'a'.repeat(39)}b`, `0xf${'a'.repeat(39)}`] as const
    const tokens = cased.map((address): Token => ({ ...token, address }))
    const pools: Pool[] = [{ ...pairPool(9, 1, 2), tokens: cased }]
    expect(createMarket({ ...header, tokens, pools }).pools).toHaveLength(1)
  })

  it('behavior: addresses in lower case come out checksummed', () => {
    const lower = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
    const market = createMarket({
      ...header,
      tokens: [{ ...token, address: lower }, other],
      pools: [{ ...pairPool(9, 1, 2), tokens: [other.address, lower] }],
    })
    const checksummed = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
    expect(market.pools[0]!.tokens[1]).toBe(checksummed)
    expect(market.wrappedNative?.address).toBe(checksummed)
  })
})

describe('apply', () => {
  it('default: replaces the changed fields and returns the changed pools', () => {
    const market = mixed()
    const pair = firstOf(market, 'constantProduct')
    const ranged = firstOf(market, 'concentrated')
    const changed = market.apply({
      blockNumber: 2,
      changes: [
        { pool: pair.address, reserves: [5n, 6n] },
        { pool: ranged.address, liquidity: 9n },
        { pool: pair.address.toLowerCase(), reserves: [7n, 8n] },
      ],
    })
    expect(changed).toEqual([
      { ...pair, reserves: [7n, 8n], blockNumber: 2 },
      { ...ranged, liquidity: 9n, blockNumber: 2 },
    ])
    expect(market.pool(pair.address)).toBe(changed[0])
    expect(market.blockNumber).toBe(2)
  })

  it('error: nothing is changed where one change is wrong', () => {
    const market = mixed()
    const before = [...market.pools]
    const pair = firstOf(market, 'constantProduct')
    const ranged = firstOf(market, 'concentrated')
    const good = { pool: pair.address, reserves: [5n, 6n] } as const
    const wrong: [PoolChange, unknown][] = [
      [{ pool: address(77), reserves: [1n, 1n] }, PoolUnknownError],
      [{ pool: pair.address, reserves: [-1n, 1n] }, PoolInvalidError],
      [{ pool: pair.address, tick: 1 }, /does not change its tick/],
      [{ pool: ranged.address, reserves: [1n, 1n] }, PoolInvalidError],
      [{ pool: ranged.address, tick: ranged.tick + 5 }, PoolInvalidError],
    ]
    for (const [change, error] of wrong)
      expect(() =>
        market.apply({ blockNumber: 2, changes: [good, change] }),
      ).toThrow(error as RegExp)
    expect(market.pools).toEqual(before)
    expect(market.blockNumber).toBe(1)
    expect(() => market.revert()).toThrow(MarketConflictError)
  })

  it('error: a block that does not follow', () => {
    const market = mixed()
    for (const blockNumber of [0, 1, 3])
      expect(() => market.apply({ blockNumber, changes: [] })).toThrow(
        MarketConflictError,
      )
    market.apply({ blockNumber: 2, blockHash: hash(2), changes: [] })
    expect(() =>
      market.apply({ blockNumber: 3, parentHash: hash(9), changes: [] }),
    ).toThrow(/another parent/)
    market.apply({ blockNumber: 3, parentHash: hash(2), changes: [] })
    expect(market.blockHash).toBeUndefined()
    market.revert()
    expect(market.blockHash).toBe(hash(2))
  })
})

describe('revert', () => {
  it('property: takes any run of blocks back', () => {
    fc.assert(
      fc.property(fc.array(blockChanges(), { maxLength: 12 }), (blocks) => {
        const market = mixed()
        const states = [[...market.pools]]
        for (const changes of blocks) {
          market.apply({ blockNumber: market.blockNumber + 1, changes })
          states.push([...market.pools])
        }
        for (const before of states.toReversed().slice(1)) {
          const changed = market.revert()
          expect(market.pools).toEqual(before)
          for (const pool of changed)
            expect(market.pool(pool.address)).toBe(pool)
        }
        expect(market.blockNumber).toBe(1)
        expect(() => market.revert()).toThrow(MarketConflictError)
      }),
      { numRuns: 50 },
    )
  })

  it('behavior: keeps so many blocks', () => {
    const { chainId, blockNumber, tokens, pools } = mixed()
    const market = createMarket({
      chainId,
      blockNumber,
      tokens,
      pools,
      journalBlocks: 2,
    })
    for (const next of [2, 3, 4])
      market.apply({ blockNumber: next, changes: [] })
    market.revert()
    market.revert()
    expect(() => market.revert()).toThrow('block 2 is the oldest known')
  })
})

const sample = mixed()

/** Changes of one block: new reserves or liquidity for some pools. */
function blockChanges(): fc.Arbitrary<PoolChange[]> {
  const amount = fc.bigInt({ min: 1n, max: 2n ** 127n })
  return fc.array(
    fc
      .tuple(fc.nat(sample.pools.length - 1), amount, amount)
      .map(([index, a, b]): PoolChange => {
        const { address: pool, family } = sample.pools[index]!
        return family === 'concentrated'
          ? { pool, liquidity: a }
          : { pool, reserves: [a, b] }
      }),
    { maxLength: 6 },
  )
}

function firstOf<F extends Pool['family']>(
  market: Market,
  family: F,
): Extract<Pool, { family: F }> {
  return market.pools.find((pool) => pool.family === family) as Extract<
    Pool,
    { family: F }
  >
}

function pairPool(n: number, a: number, b: number): Pool {
  return {
    address: address(n),
    dex: 'uniswap-v2',
    tokens: [address(a), address(b)],
    family: 'constantProduct',
    feePips: 3000,
    reserves: [1000n, 1000n],
  }
}

function address(n: number): Hex {
  return `0x${String(n).padStart(40, '0')}`
}

function hash(n: number): Hex {
  return `0x${String(n).padStart(64, '0')}`
}
