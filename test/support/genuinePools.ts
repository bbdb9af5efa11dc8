import type { Protocol } from '../../src/adapters/protocols/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { ConcentratedState } from '../../src/engine/poolState.ts'
import {
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
  maxTick,
  minTick,
} from '../../src/engine/reference/tickMath.ts'
import type { Pool } from '../../src/market/pool.ts'
import type { Edges } from './edges.ts'

/** Fee in pips and spacing that a protocol has a tier of. */
const tiers: Readonly<Record<string, readonly [number, number]>> = {
  'pancakeswap-v3': [2500, 50],
  'uniswap-v4': [500, 10],
  'algebra-integral': [700, 20],
}

/** Pools for each two of the tokens, as the protocol may have them. */
export function poolsFor(
  protocol: Protocol,
  tokens: readonly Hex[],
  decimals: readonly number[],
  edges: Edges,
): Pool[] {
  const [family] = protocol.families
  if (family === 'weighted')
    return balancerPools(protocol, tokens, decimals, edges)
  return pairsOf(tokens).map(([token0, token1], i) => {
    const identity = {
      address: `0x${(i + 1).toString(16).padStart(40, '0')}`,
      dex: protocol.name,
      tokens: [token0, token1],
    } as const
    if (family === 'constantProduct')
      return {
        ...identity,
        family,
        feePips: 3000,
        reserves: [anyReserve(edges), anyReserve(edges)],
      }
    if (family === 'concentrated') {
      const [feePips, tickSpacing] = tiers[protocol.name] ?? [3000, 60]
      return { ...identity, ...concentrated(edges, feePips, tickSpacing) }
    }
    throw new Error(`no ${family} pools are made here`)
  })
}

/** A weighted and a stable pool of each two tokens, and a stable pool of all. */
function balancerPools(
  { name }: Protocol,
  tokens: readonly Hex[],
  decimals: readonly number[],
  edges: Edges,
): Pool[] {
  const scaleOf = (token: Hex): bigint =>
    10n ** BigInt(36 - decimals[tokens.indexOf(token)]!)
  const heldOf = (token: Hex, depth: bigint): bigint =>
    (depth * BigInt(edges.integer(50, 200)) * 10n ** 36n) /
    (100n * scaleOf(token))
  const identity = (i: number): Pick<Pool, 'address' | 'dex'> => ({
    address: `0x${(i + 1).toString(16).padStart(40, '0')}`,
    dex: name,
  })
  const pools = pairsOf(tokens).map((pair, i): Pool => {
    const share = BigInt(edges.pick([50, 80, 20, 33, 97])) * 10n ** 16n
    const scalingFactors = [scaleOf(pair[0]), scaleOf(pair[1])] as const
    const swapFee = edges.pick([10n ** 12n, 3n * 10n ** 15n, 10n ** 17n])
    return i % 2 === 0
      ? {
          ...identity(i),
          tokens: pair,
          family: 'weighted',
          swapFee,
          reserves: [heldOf(pair[0], 1000n), heldOf(pair[1], 5_000_000n)],
          weights: [share, 10n ** 18n - share],
          scalingFactors,
          wholeExponents: 'multiplied',
        }
      : {
          ...identity(i),
          tokens: pair,
          family: 'stable',
          swapFee: 10n ** 14n,
          amplification: BigInt(edges.pick([1, 200, 5000])) * 1000n,
          balances: pair.map((token) => heldOf(token, 1_000_000n)),
          scalingFactors,
          pair: [0, 1],
        }
  })
  const all: Pool = {
    ...identity(pools.length),
    tokens: [tokens[0]!, tokens[2]!],
    poolTokens: tokens,
    family: 'stable',
    swapFee: 4n * 10n ** 14n,
    amplification: 500_000n,
    balances: tokens.map((token) => heldOf(token, 3_000_000n)),
    scalingFactors: tokens.map(scaleOf),
    pair: [0, 2],
  }
  return [...pools, all]
}

function pairsOf(tokens: readonly Hex[]): (readonly [Hex, Hex])[] {
  return tokens.flatMap((token0, i) =>
    tokens.slice(i + 1).map((token1) => [token0, token1] as const),
  )
}

function anyReserve(edges: Edges): bigint {
  return 2n ** BigInt(edges.integer(40, 80)) + edges.uint(30)
}

/** Positions round the price, near and as far as several words of a bitmap. */
function concentrated(
  edges: Edges,
  feePips: number,
  tickSpacing: number,
): ConcentratedState {
  const center = edges.integer(-100_000, 100_000)
  const price = getSqrtRatioAtTick(center)
  const sqrtPriceX96 = price + price / 30_000n
  const tick = getTickAtSqrtRatio(sqrtPriceX96)
  const middle = Math.floor(tick / tickSpacing)
  const nets = new Map<number, bigint>()
  let liquidity = 0n
  for (const reach of [3, 10, 40, 300, 900]) {
    const lower = (middle - edges.integer(1, reach)) * tickSpacing
    const upper = (middle + edges.integer(1, reach)) * tickSpacing
    const amount = 10n ** BigInt(edges.integer(13, 17)) + edges.uint(40)
    nets.set(lower, (nets.get(lower) ?? 0n) + amount)
    nets.set(upper, (nets.get(upper) ?? 0n) - amount)
    liquidity += amount
  }
  return {
    family: 'concentrated',
    feePips,
    tickSpacing,
    sqrtPriceX96,
    tick,
    liquidity,
    ticks: [...nets].sort(([a], [b]) => a - b),
    knownTicks: [minTick, maxTick],
  }
}
