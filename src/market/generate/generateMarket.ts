import { parseAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'
import { exp, ln } from '../../core/portableMath.ts'
import {
  createSeededRandom,
  type SeededRandom,
} from '../../core/seededRandom.ts'
import type { PoolFamily } from '../../engine/poolState.ts'
import { MarketInvalidError } from '../errors.ts'
import type { Market } from '../market.ts'
import { createMarket } from '../marketBuilder.ts'
import type { Pool } from '../pool.ts'
import { searchedFamilyNames } from '../pools/index.ts'
import type { Token } from '../token.ts'
import { denseEdges } from './denseEdges.ts'
import { drawVenue, type FamilyShares } from './drawVenue.ts'
import { makeState } from './makeState.ts'
import { topologies, topologyEdges } from './topologyEdges.ts'

/** How a generated market looks. */
export type GenerateOptions = {
  /** Default 1000. */
  readonly pools?: number
  /** Default 200. */
  readonly tokens?: number
  /** The same seed gives the same market on every platform. Default 42. */
  readonly seed?: number
  /** Share of pools priced 1.2 to 3.2 % off, 0 to 1; with 0 no cycle pays. Default 0.01. */
  readonly mispricedShare?: number
  /**
   * Who trades with whom: `dense`, many pools among few tokens; `ethereum` and
   * `base`, the degree distribution measured on those chains. Default dense.
   */
  readonly shape?: MarketShape
  /** Weights of the curve families. Default all constantProduct. */
  readonly families?: FamilyShares
  /** Default 31337. */
  readonly chainId?: number
}

/** Name of a graph's shape. */
export type MarketShape = 'dense' | keyof typeof topologies

/** Names of the shapes. */
export const marketShapes: readonly MarketShape[] = [
  'dense',
  ...(Object.keys(topologies) as (keyof typeof topologies)[]),
]

const hubs = [
  { symbol: 'WETH', decimals: 18, usd: 3000 },
  { symbol: 'USDC', decimals: 6, usd: 1 },
  { symbol: 'USDT', decimals: 6, usd: 1 },
  { symbol: 'DAI', decimals: 18, usd: 1 },
  { symbol: 'WBTC', decimals: 8, usd: 60000 },
] as const

const medianValueUsd = 200_000
const valueDeviation = 1.6
/** With 0.3 % of fee, so many base units of either reserve keep its rounding far below the fee. */
const leastReserve = 1000
/** A token's dollar price is log-normal with this deviation. */
const priceDeviation = 2
/** Keeps the choice of families from changing the graph of a seed. */
const familySeed = 0x5bd1e995

/**
 * Generates a market, for benches, tests and demonstrations: nothing in it is
 * real, and its notes say "generated". Every pool stands within half its fee of
 * the common prices, but for the mispriced share.
 *
 * @param tellMade called now and then with the number of pools made.
 * @throws MarketInvalidError where the numbers make no market.
 * @example
 * const market = generateMarket({ pools: 1000, tokens: 200, seed: 42 })
 */
export function generateMarket(
  options: GenerateOptions = {},
  tellMade: (pools: number) => void = () => {},
): Market {
  const settings = completed(options)
  const {
    seed,
    tokens: tokenCount,
    pools: poolCount,
    mispricedShare,
  } = settings
  const random = createSeededRandom(seed)
  const familyRandom = createSeededRandom(seed ^ familySeed)
  const tokens = makeTokens(settings, random)
  const edges =
    settings.shape === 'dense'
      ? denseEdges(tokenCount, random)
      : topologyEdges(topologies[settings.shape], poolCount, tokenCount, random)

  const pools: Pool[] = []
  for (const { token0, token1, venue } of edges) {
    const [a, b] = [tokens[token0]!, tokens[token1]!]
    const valueUsd = exp(ln(medianValueUsd) + random.gauss() * valueDeviation)
    const mispriced = random.next() < mispricedShare
    const offset = mispriced ? drawMispricing(random) : 0
    const { family, dex, feePips, tickSpacing } = drawVenue(
      settings.families,
      venue,
      a.usd / b.usd,
      familyRandom,
    )
    // Half the fee at most: selling at the pool's price and the fee loses.
    const noise = (random.next() * 2 - 1) * (feePips / 2_000_000)
    const reserve0 = (valueUsd / a.usd) * a.unit
    const reserve1 = (valueUsd / b.usd) * b.unit * (1 + offset + noise)
    const least = (leastReserve * 3000) / feePips
    if (reserve0 < least || reserve1 < least) continue
    const state = makeState(
      {
        family,
        feePips,
        tickSpacing,
        reserves: [reserve0, reserve1],
        units: [a.unit, b.unit],
        decimals: [a.decimals, b.decimals],
      },
      familyRandom,
    )
    pools.push({
      address: madeAddress(`pool ${pools.length} of seed ${seed}`),
      dex,
      tokens: [a.address, b.address],
      blockNumber: 1,
      ...state,
    })
    if (pools.length % 256 === 0) tellMade(pools.length)
    if (pools.length === poolCount) break
  }
  if (pools.length < poolCount)
    throw new MarketInvalidError(
      `${poolCount} pools do not fit on ${tokenCount} tokens`,
      {
        facts: { pools: poolCount, tokens: tokenCount },
        hint: 'ask for more tokens or fewer pools',
      },
    )
  return createMarket({
    chainId: settings.chainId,
    blockNumber: 1,
    wrappedNative: tokens[0]!.address,
    notes: { note: 'generated', generator: describe(settings) },
    tokens: tokens.map(
      ({ address, symbol, decimals }): Token => ({ address, symbol, decimals }),
    ),
    pools,
  })
}

/** A token with its dollar price and its base units in one. */
type PricedToken = Token & {
  readonly usd: number
  readonly unit: number
}

function completed(options: GenerateOptions): Required<GenerateOptions> {
  const settings = {
    pools: 1000,
    tokens: 200,
    seed: 42,
    mispricedShare: 0.01,
    shape: 'dense' as MarketShape,
    families: { constantProduct: 1 } as FamilyShares,
    chainId: 31337,
    ...options,
  }
  requireWhole(settings.pools, 'pools', 1, 10_000_000)
  requireWhole(settings.tokens, 'tokens', 2, 10_000_000)
  requireWhole(settings.seed, 'seed', 0, 2 ** 32 - 1)
  requireWhole(settings.chainId, 'chainId', 1, Number.MAX_SAFE_INTEGER)
  if (!(settings.mispricedShare >= 0 && settings.mispricedShare <= 1))
    throw new MarketInvalidError(
      `mispricedShare is outside 0 … 1: ${settings.mispricedShare}`,
    )
  if (!marketShapes.includes(settings.shape))
    throw new MarketInvalidError(
      `unknown shape ${JSON.stringify(settings.shape)}`,
      { hint: `known shapes: ${marketShapes.join(', ')}` },
    )
  const shares: [string, number][] = Object.entries(settings.families)
  for (const [name, share] of shares)
    if (!searchedFamilyNames.includes(name as PoolFamily) || !(share >= 0))
      throw new MarketInvalidError(
        `unknown family or weight: ${name}=${share}`,
        {
          hint: `known families: ${searchedFamilyNames.join(', ')}; a weight is 0 or more`,
        },
      )
  if (!shares.some(([, share]) => share > 0))
    throw new MarketInvalidError('no family has a weight above 0')
  return settings
}

function requireWhole(
  value: number,
  name: string,
  least: number,
  most: number,
): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new MarketInvalidError(
      `${name} is no whole number in ${least} … ${most}: ${value}`,
      { facts: { [name]: value } },
    )
}

/** The hubs first; addresses rise with the index, so that token0 < token1 of an edge holds for addresses too. */
function makeTokens(
  settings: Required<GenerateOptions>,
  random: SeededRandom,
): PricedToken[] {
  const { tokens: count, seed, families } = settings
  const addresses = Array.from({ length: count }, (_, i) =>
    madeAddress(`token ${i} of seed ${seed}`),
  )
    .sort()
    .map(parseAddress)
  return addresses.map((address, i) => {
    const hub = hubs[i]
    if (hub) return { address, ...hub, unit: unitOf(hub.decimals) }
    const drawn = exp(random.gauss() * priceDeviation)
    const usd = (families.solidlyStable ?? 0) > 0 ? (pegUsd(i) ?? drawn) : drawn
    return { address, symbol: `TOK${i}`, decimals: 18, usd, unit: unitOf(18) }
  })
}

/** Stable curves need tokens of like price: a quarter follows the dollar, a quarter the native coin. */
function pegUsd(index: number): number | undefined {
  if (index % 4 === 1) return 1
  return index % 4 === 3 ? hubs[0].usd : undefined
}

function drawMispricing(random: SeededRandom): number {
  const sign = random.next() < 0.5 ? -1 : 1
  return sign * (0.012 + 0.02 * random.next())
}

/** 10 ** decimals, correctly rounded: the operator is left to the platform. */
function unitOf(decimals: number): number {
  return Number(10n ** BigInt(decimals))
}

function madeAddress(name: string): Hex {
  return `0x${keccakText(`apex generated ${name}`).slice(-40)}`
}

function describe(settings: Required<GenerateOptions>): object {
  const { chainId: _, ...rest } = settings
  return rest
}
