import { describe, expect, it } from 'vitest'
import { keccakText } from '../../src/core/keccak.ts'
import { createReferenceEngine } from '../../src/engine/reference/engine.ts'
import { MarketInvalidError } from '../../src/market/errors.ts'
import {
  type GenerateOptions,
  generateMarket,
} from '../../src/market/generate/generateMarket.ts'
import type { Market } from '../../src/market/market.ts'
import { marketLines } from '../../src/market/marketFile.ts'
import { engineGraph } from '../../src/services/engineGraph.ts'

const families = {
  constantProduct: 1,
  concentrated: 1,
  solidlyStable: 1,
  solidlyVolatile: 1,
}

describe('generateMarket', () => {
  it('default: says that nothing in it is real', () => {
    const market = generateMarket()
    expect(market.notes).toMatchObject({ note: 'generated' })
    expect(market.chainId).toBe(31337)
    expect(market.wrappedNative?.symbol).toBe('WETH')
    expect(market.tokens.slice(0, 5).map(({ symbol }) => symbol)).toEqual([
      'WETH',
      'USDC',
      'USDT',
      'DAI',
      'WBTC',
    ])
  })

  it('behavior: the default market is the one all speed figures are of', () => {
    const market = generateMarket()
    expect(cyclesThrough(market, 0)).toEqual({ 2: 1050, 3: 21550, 4: 658768 })
  })

  // The fingerprints hold on every platform: no draw goes through Math.log & co.
  it.each<[GenerateOptions, string]>([
    [{}, '0xeeeabcde742cb1b6'],
    [
      { pools: 300, tokens: 60, seed: 7, families, mispricedShare: 0.3 },
      '0x4b10d9b7a5c90e84',
    ],
    [
      { pools: 300, tokens: 200, shape: 'ethereum', families },
      '0x50735b23e23ea8eb',
    ],
    [{ pools: 300, tokens: 200, shape: 'base' }, '0xb43a1eea23fb777c'],
  ])('behavior: deterministic, %j', (options, fingerprint) => {
    const text = (): string =>
      keccakText([...marketLines(generateMarket(options))].join('\n')).slice(
        0,
        18,
      )
    expect(text()).toBe(text())
    expect(text()).toBe(fingerprint)
  })

  it('behavior: the families do not change the graph of a seed', () => {
    const ends = (options: GenerateOptions): unknown =>
      generateMarket({ pools: 200, ...options }).pools.map(
        ({ tokens }) => tokens,
      )
    expect(ends({ families: { concentrated: 1, constantProduct: 1 } })).toEqual(
      ends({}),
    )
  })

  it.each(['dense', 'ethereum', 'base'] as const)(
    'behavior: without mispriced pools no cycle of a %s market pays',
    (shape) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const options = { pools: 60, tokens: 14, seed, shape, families }
        expect(profitable({ ...options, mispricedShare: 0 })).toBe(0)
      }
    },
  )

  it('behavior: mispriced pools make cycles pay', () => {
    const options = { pools: 40, tokens: 12, seed: 3 }
    expect(profitable({ ...options, mispricedShare: 0.2 })).toBeGreaterThan(0)
  })

  it.each([
    // Measured on the pools of the two chains.
    [
      'ethereum',
      5749,
      4178,
      { top: 0.7735, hubs: 0.946, both: 0.0075, single: 0.806 },
    ],
    [
      'base',
      8793,
      7124,
      { top: 0.881, hubs: 0.9556, both: 0.0197, single: 0.901 },
    ],
  ] as const)(
    'behavior: %s has its degree distribution',
    (shape, pools, tokens, measured) => {
      const market = generateMarket({ shape, pools, tokens })
      const shares = degreeShares(market)
      expect(shares.top).toBeCloseTo(measured.top, 1)
      expect(shares.hubs).toBeCloseTo(measured.hubs, 1.5)
      expect(shares.both).toBeCloseTo(measured.both, 2)
      expect(shares.single).toBeCloseTo(measured.single, 2)
      expect(shares.pairsOfOnePool).toBeGreaterThan(0.85)
    },
  )

  it.each([
    [2, 1],
    [2, 16],
    [3, 5],
    [6, 40],
    [50, 3],
  ])('behavior: %i tokens and %i pools', (tokens, pools) => {
    for (const shape of ['dense', 'ethereum', 'base'] as const) {
      if (shape === 'dense' && pools === 16) continue
      const market = generateMarket({ tokens, pools, shape, families })
      expect(market.pools).toHaveLength(pools)
      expect(market.tokens).toHaveLength(tokens)
    }
  })

  it.each<[GenerateOptions, RegExp]>([
    [{ pools: 100, tokens: 3 }, /100 pools do not fit on 3 tokens/],
    [{ pools: 0 }, /pools is no whole number/],
    [{ tokens: 1 }, /tokens is no whole number/],
    [{ seed: -1 }, /seed is no whole number/],
    [{ seed: 2 ** 32 }, /seed is no whole number/],
    [{ mispricedShare: 1.1 }, /mispricedShare/],
    [{ mispricedShare: Number.NaN }, /mispricedShare/],
    [{ shape: 'star' as 'dense' }, /unknown shape "star"/],
    [{ families: { weighted: 1 } as object }, /unknown family/],
    [{ families: { concentrated: -1 } }, /unknown family or weight/],
    [{ families: {} }, /no family/],
  ])('error: %j', (options, message) => {
    expect(() => generateMarket(options)).toThrow(MarketInvalidError)
    expect(() => generateMarket(options)).toThrow(message)
  })
})

/** Cycles that pay, of 2 and 3 hops through every token: enough to show one pool off its price. */
function profitable(options: GenerateOptions): number {
  const market = generateMarket(options)
  const engine = createReferenceEngine()
  engine.load(engineGraph(market))
  return engine.scan({
    bases: market.tokens.map((_, token) => ({
      token,
      approximateNativeRate: 0,
    })),
    maxHops: 3,
    limit: 1,
    approximateMinProfit: Number.MAX_VALUE,
  }).profitable
}

/** Counts the cycles through a token by walking them. */
function cyclesThrough(
  market: Market,
  base: number,
): { 2: number; 3: number; 4: number } {
  const edges: [number, number][][] = market.tokens.map(() => [])
  for (const [pool, { tokens }] of market.pools.entries()) {
    const [a, b] = [market.tokenIndex(tokens[0]), market.tokenIndex(tokens[1])]
    edges[a]!.push([b, pool])
    edges[b]!.push([a, pool])
  }
  const counts = { 2: 0, 3: 0, 4: 0 }
  for (const [a, i] of edges[base]!)
    for (const [b, j] of edges[a]!) {
      if (j === i) continue
      if (b === base) counts[2]++
      if (b === base) continue
      for (const [c, k] of edges[b]!) {
        if (k === j || c === a) continue
        if (c === base) counts[3]++
        if (c === base) continue
        for (const [d, l] of edges[c]!) if (d === base && l !== i) counts[4]++
      }
    }
  return counts
}

function degreeShares(market: Market): {
  top: number
  hubs: number
  both: number
  single: number
  pairsOfOnePool: number
} {
  const hubs = new Set(market.tokens.slice(0, 5).map(({ address }) => address))
  const pairs = new Map<string, number>()
  for (const { tokens } of market.pools) {
    const pair = tokens.join(' ')
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  const share = (test: (tokens: readonly string[]) => boolean): number =>
    market.pools.filter(({ tokens }) => test(tokens)).length /
    market.pools.length
  const isHub = (token: string): boolean => hubs.has(token as `0x${string}`)
  return {
    top: share((tokens) => tokens.includes(market.tokens[0]!.address)),
    hubs: share((tokens) => tokens.some(isHub)),
    both: share((tokens) => tokens.every(isHub)),
    single:
      market.tokens.filter((token) => market.degree(token) === 1).length /
      market.tokens.length,
    pairsOfOnePool:
      [...pairs.values()].filter((pools) => pools === 1).length / pairs.size,
  }
}
