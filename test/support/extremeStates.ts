import type {
  ConcentratedState,
  PoolFamily,
  PoolState,
} from '../../src/engine/index.ts'
import {
  getSqrtRatioAtTick,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../src/engine/reference/tickMath.ts'
import type { Edges } from './edges.ts'

/** A pool at the edges of what its contract can hold, and beyond what anybody holds. */
export function extremeState(edges: Edges, family: PoolFamily): PoolState {
  const feePips = edges.pick([
    0,
    1,
    77,
    100,
    500,
    3000,
    10_000,
    100_000,
    edges.integer(0, 999_999),
    999_999,
  ])
  if (family === 'concentrated') return extremeConcentrated(edges, feePips)
  const bits = edges.pick([112, 112, 128, 256])
  const reserves = [atLeastOne(edges, bits), atLeastOne(edges, bits)] as const
  if (family !== 'solidlyStable') return { family, feePips, reserves }
  const decimals = [anyDecimals(edges), anyDecimals(edges)] as const
  return {
    family,
    feePips,
    decimals,
    // Like values, as a pool of like tokens has, or any at all.
    reserves: edges.pick([true, true, false])
      ? [ofDecimals(edges, decimals[0]), ofDecimals(edges, decimals[1])]
      : reserves,
  }
}

/**
 * Positions anywhere on the scale, the price at a tick, beside it, at an end or
 * in between, ticks known everywhere or in a range round the price.
 */
function extremeConcentrated(edges: Edges, feePips: number): ConcentratedState {
  const tickSpacing = edges.pick([1, 10, 60, 200, 887_272, 32_767])
  const last = Math.floor(maxTick / tickSpacing)
  const spacing = (): number =>
    edges.pick([
      0,
      -last,
      last,
      edges.integer(-last, last),
      edges.integer(-Math.min(last, 300), Math.min(last, 300)),
    ])
  const nets = new Map<number, bigint>()
  const positions = Array.from({ length: edges.integer(0, 6) }, () => {
    const [a, b] = [spacing(), spacing()]
    const position = {
      lower: Math.min(a, b) * tickSpacing,
      upper: Math.max(a, b) * tickSpacing,
      liquidity: edges.uint(edges.pick([40, 100, 126])),
    }
    add(nets, position.lower, position.liquidity)
    add(nets, position.upper, -position.liquidity)
    return position
  })
  const { tick, sqrtPriceX96 } = extremePrice(edges, [...nets.keys()])
  const known = edges.pick([maxTick, maxTick, 1, 600, 20_000])
  const knownTicks = [
    Math.max(tick - known, minTick),
    Math.min(tick + known, maxTick),
  ] as const
  return {
    family: 'concentrated',
    feePips,
    tickSpacing,
    sqrtPriceX96,
    tick,
    liquidity: positions
      .filter(({ lower, upper }) => lower <= tick && tick < upper)
      .reduce((sum, { liquidity }) => sum + liquidity, 0n),
    ticks: [...nets]
      .filter(([, net]) => net !== 0n)
      .filter(([at]) => at >= knownTicks[0] && at <= knownTicks[1])
      .sort(([a], [b]) => a - b),
    knownTicks,
    ...edges.pick([{}, {}, { tickSearch: 'list' as const }]),
  }
}

/** A price and the contract's tick for it, which may lie one below at a border. */
function extremePrice(
  edges: Edges,
  ticks: readonly number[],
): { tick: number; sqrtPriceX96: bigint } {
  const near = ticks.length > 0 ? edges.pick(ticks) : 0
  const tick = within(
    edges.pick([near, near - 1, near + 1, 0, edges.integer(minTick, maxTick)]),
  )
  const price = getSqrtRatioAtTick(tick)
  const next = getSqrtRatioAtTick(tick + 1)
  const sqrtPriceX96 = edges.pick([
    price,
    next - 1n,
    // A swap that came from above stopped at the border: tick is one below.
    next,
    price + ((next - price) * BigInt(edges.integer(0, 1000))) / 1001n,
  ])
  return sqrtPriceX96 < maxSqrtRatio && sqrtPriceX96 >= minSqrtRatio
    ? { tick, sqrtPriceX96 }
    : { tick, sqrtPriceX96: price }
}

function within(tick: number): number {
  return Math.min(Math.max(tick, minTick), maxTick - 1)
}

function add(nets: Map<number, bigint>, tick: number, net: bigint): void {
  nets.set(tick, (nets.get(tick) ?? 0n) + net)
}

function atLeastOne(edges: Edges, bits: number): bigint {
  return edges.uint(bits) || 1n
}

function anyDecimals(edges: Edges): number {
  return edges.pick([18, 18, 6, 8, 0, 2, 19, 24, 30, edges.integer(0, 77)])
}

/** About 0.001 to a billion tokens. */
function ofDecimals(edges: Edges, decimals: number): bigint {
  const tokens = 1n + edges.uint(edges.pick([4, 20, 40]))
  const amount = (tokens * 10n ** BigInt(decimals)) / 1000n
  return amount >> 256n === 0n && amount > 0n ? amount : 1n
}
