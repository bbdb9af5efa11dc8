import type {
  EngineGraph,
  EnginePool,
  PoolState,
} from '../../src/engine/index.ts'
import {
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
} from '../../src/engine/reference/tickMath.ts'
import { generateMarket } from '../../src/market/index.ts'
import { engineGraph } from '../../src/services/engineGraph.ts'
import { createEdges, type Edges } from './edges.ts'

/** A graph and the tokens to search from. */
export type SearchCase = {
  readonly graph: EngineGraph
  readonly bases: readonly number[]
}

/** A small generated market, all families mixed in shares that differ by seed. */
export function marketGraph(seed: number): SearchCase {
  const edges = createEdges(seed)
  const market = generateMarket({
    pools: edges.integer(24, 36),
    tokens: edges.integer(10, 14),
    seed,
    mispricedShare: edges.pick([0, 0.05, 0.1, 0.3]),
    families: {
      constantProduct: edges.pick([1, 2, 4]),
      solidlyVolatile: edges.pick([0, 1, 1]),
      solidlyStable: edges.pick([0, 1, 1]),
      concentrated: edges.pick([0, 1, 2]),
    },
  })
  return { graph: engineGraph(market), bases: someBases(edges, 5) }
}

/** How a {@link randomGraph} is made. */
export type RandomGraphOptions = {
  readonly tokens?: number
  readonly pools?: number
  /** Decimals of the tokens. */
  readonly decimals?: readonly number[]
  readonly families?: readonly PoolState['family'][]
}

/**
 * Pools drawn by hand: several between the same two tokens, tokens that only
 * others reach, tokens nobody trades, prices some percent apart, deep and
 * shallow pools.
 */
export function randomGraph(
  seed: number,
  options: RandomGraphOptions = {},
): SearchCase {
  const edges = createEdges(seed)
  const {
    tokens: tokenCount = edges.integer(5, 12),
    pools: poolCount = edges.integer(10, 24),
    decimals = [18, 18, 18, 6, 8],
    families = [
      'constantProduct',
      'constantProduct',
      'solidlyVolatile',
      'solidlyStable',
      'concentrated',
    ],
  } = options
  const tokens = Array.from({ length: tokenCount }, (_, token) => ({
    decimals: edges.pick(decimals),
    // Half of them follow the first: stable curves need like prices.
    price: token % 2 === 0 ? 1 : 10 ** (edges.integer(-20, 20) / 10),
  }))
  // The last token is nobody's; the one before only a neighbour's.
  const traded = Math.max(tokenCount - 1, 2)
  const pools = Array.from({ length: poolCount }, (_, i): EnginePool => {
    const a =
      edges.integer(0, 2) === 0 ? 0 : edges.integer(0, Math.min(traded, 5) - 1)
    const b = i === 0 ? traded - 1 : edges.integer(0, traded - 2)
    const [token0, token1] = a < b ? [a, b] : a > b ? [b, a] : [0, traded - 1]
    const value = 10 ** (edges.integer(20, 70) / 10)
    const [t0, t1] = [tokens[token0]!, tokens[token1]!]
    const error = 1 + edges.integer(-30, 30) / 1000
    return {
      tokens: [token0, token1],
      state: makePool(edges, edges.pick(families), {
        decimals: [t0.decimals, t1.decimals],
        amounts: [value / t0.price, (value * error) / t1.price],
      }),
    }
  })
  return { graph: { tokenCount, pools }, bases: someBases(edges, traded) }
}

/** What a pool holds, in whole tokens: its price is their quotient. */
type Depth = {
  readonly decimals: readonly [number, number]
  readonly amounts: readonly [number, number]
}

const feesPips = [0, 100, 500, 2500, 3000, 10_000] as const

function makePool(
  edges: Edges,
  family: PoolState['family'],
  { decimals, amounts }: Depth,
): PoolState {
  const feePips = edges.pick(feesPips)
  const reserves = [
    units(amounts[0], decimals[0]),
    units(amounts[1], decimals[1]),
  ] as const
  const ratio = amounts[0] / amounts[1]
  if (family === 'concentrated') {
    return makeConcentrated(edges, feePips, reserves)
  }
  if (family !== 'solidlyStable') return { family, feePips, reserves }
  return ratio > 0.8 && ratio < 1.25
    ? { family, feePips, reserves, decimals }
    : { family: 'solidlyVolatile', feePips, reserves }
}

/** Liquidity that holds about these reserves, in a few ranges round the price. */
function makeConcentrated(
  edges: Edges,
  feePips: number,
  [x, y]: readonly [bigint, bigint],
): PoolState {
  const tickSpacing = edges.pick([1, 10, 60, 200])
  const exact = Math.sqrt(Number(y) / Number(x)) * 2 ** 96
  const lowest = getSqrtRatioAtTick(-800_000)
  const highest = getSqrtRatioAtTick(800_000)
  const wanted = BigInt(Math.floor(exact))
  const sqrtPriceX96 =
    wanted < lowest ? lowest : wanted > highest ? highest : wanted
  const tick = getTickAtSqrtRatio(sqrtPriceX96)
  const middle = Math.floor(tick / tickSpacing)
  const nets = new Map<number, bigint>()
  const put = (at: number, net: bigint): void => {
    nets.set(at, (nets.get(at) ?? 0n) + net)
  }
  let liquidity = 0n
  for (let i = edges.integer(1, 4); i > 0; i--) {
    const lower = (middle - edges.integer(-1, 60)) * tickSpacing
    const upper = lower + edges.integer(1, 120) * tickSpacing
    const added =
      BigInt(Math.floor(Math.sqrt(Number(x)) * Math.sqrt(Number(y)))) *
        BigInt(edges.integer(1, 20)) +
      1n
    put(lower, added)
    put(upper, -added)
    if (lower <= tick && tick < upper) liquidity += added
  }
  const knownTicks: readonly [number, number] =
    edges.integer(0, 2) > 0
      ? [-887_272, 887_272]
      : [(middle - 40) * tickSpacing, (middle + 40) * tickSpacing]
  return {
    family: 'concentrated',
    feePips,
    tickSpacing,
    sqrtPriceX96,
    tick,
    liquidity,
    ticks: [...nets]
      .filter(([, net]) => net !== 0n)
      .filter(([at]) => at >= knownTicks[0] && at <= knownTicks[1])
      .sort(([a], [b]) => a - b),
    knownTicks,
  }
}

function units(tokens: number, decimals: number): bigint {
  const amount = BigInt(Math.floor(tokens * 1e6)) * 10n ** BigInt(decimals)
  return amount / 1_000_000n + 1n
}

/** One to four of the first tokens, in any order. */
function someBases(edges: Edges, tokens: number): number[] {
  const all = Array.from({ length: Math.min(tokens, 5) }, (_, i) => i)
  const bases: number[] = []
  for (let left = edges.integer(1, 4); left > 0 && all.length > 0; left--) {
    bases.push(...all.splice(edges.integer(0, all.length - 1), 1))
  }
  return bases
}
