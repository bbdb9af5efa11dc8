import type { SeededRandom } from '../../core/seededRandom.ts'
import type { PoolFamily } from '../../engine/poolState.ts'

/** Weights of the curve families in a generated market; those left out have none. */
export type FamilyShares = { readonly [family in PoolFamily]?: number }

/** Where a generated pool trades and for what fee. */
export type Venue = {
  readonly family: PoolFamily
  readonly dex: string
  readonly feePips: number
  /** Concentrated pools only. */
  readonly tickSpacing: number
}

/** Names of protocols of each family; all that is theirs is the name and the curve. */
const dexes: { readonly [family in PoolFamily]: readonly string[] } = {
  constantProduct: [
    'uniswap-v2',
    'sushiswap-v2',
    'shibaswap-v2',
    'defiswap-v2',
    'croswap-v2',
    'luaswap-v2',
    'quickswap-v2',
    'baseswap-v2',
  ],
  concentrated: ['uniswap-v3', 'pancakeswap-v3', 'sushiswap-v3', 'uniswap-v4'],
  solidlyVolatile: ['aerodrome-v2', 'velodrome-v2'],
  solidlyStable: ['aerodrome-v2', 'velodrome-v2'],
}

/** [feePips, tickSpacing], and the share of concentrated pools up to it. */
const concentratedFees = [
  { feePips: 100, tickSpacing: 1, share: 0.05 },
  { feePips: 500, tickSpacing: 10, share: 0.25 },
  { feePips: 3000, tickSpacing: 60, share: 0.8 },
  { feePips: 10000, tickSpacing: 200, share: 1 },
] as const

const volatileFeePips = 3000
const stableFeePips = 500
/** A stable curve serves tokens of like price only. */
const likePrice = 1.25

/** Draws family and fee of a pool; always two draws. `price` is token0's in token1. */
export function drawVenue(
  shares: FamilyShares,
  venue: number,
  price: number,
  random: SeededRandom,
): Venue {
  const drawn = drawFamily(shares, random)
  const x = random.next()
  const family =
    drawn === 'solidlyStable' && (price > likePrice || price < 1 / likePrice)
      ? 'solidlyVolatile'
      : drawn
  const names = dexes[family]
  const dex = names[venue % names.length]!
  if (family === 'concentrated') {
    const fee = concentratedFees.find(({ share }) => x < share)!
    return {
      family,
      dex,
      feePips: fee.feePips,
      tickSpacing: fee.tickSpacing,
    }
  }
  const feePips = family === 'solidlyStable' ? stableFeePips : volatileFeePips
  return { family, dex, feePips, tickSpacing: 0 }
}

function drawFamily(shares: FamilyShares, random: SeededRandom): PoolFamily {
  const entries = Object.entries(shares) as [PoolFamily, number][]
  let x = random.next() * entries.reduce((sum, [, share]) => sum + share, 0)
  const drawn = entries.find(([, share]) => {
    x -= share
    return x < 0
  })
  return (drawn ?? entries.findLast(([, share]) => share > 0)!)[0]
}
