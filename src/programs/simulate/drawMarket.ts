import { createSeededRandom } from '../../core/seededRandom.ts'
import type { ConcentratedState } from '../../engine/poolState.ts'
import { maxTick } from '../../engine/reference/tickMath.ts'
import { MarketInvalidError } from '../../market/errors.ts'
import { generateMarket } from '../../market/generate/generateMarket.ts'
import type { Market } from '../../market/market.ts'
import { createMarket } from '../../market/marketBuilder.ts'
import type { Pool } from '../../market/pool.ts'

/** How large the simulated market is. */
export type DrawMarketOptions = {
  readonly pools: number
  readonly tokens: number
  /** The same seed gives the same market. */
  readonly seed: number
}

/** A pair has at most one pool on a seat: a factory makes no second one. */
type Seat = {
  readonly dex: string
  readonly feePips: number
  /** Concentrated pools only. */
  readonly tickSpacing: number
}

/** DEXs whose genuine contracts trade, with the fees their factories know. */
const constantProductSeats: readonly Seat[] = [
  { dex: 'uniswap-v2', feePips: 3000, tickSpacing: 0 },
  { dex: 'sushiswap-v2', feePips: 3000, tickSpacing: 0 },
]
const uniswapSpacings = [
  [100, 1],
  [500, 10],
  [3000, 60],
  [10000, 200],
] as const
const pancakeSpacings = [
  [100, 1],
  [500, 10],
  [2500, 50],
  [10000, 200],
] as const
const concentratedSeats: readonly Seat[] = [
  ...seatsOf('uniswap-v3', uniswapSpacings),
  ...seatsOf('pancakeswap-v3', pancakeSpacings),
  ...seatsOf('uniswap-v4', uniswapSpacings),
]
/** PancakeSwap's 0.25 % takes the place of 0.3 %. */
const nearbyFees = 500
const familyShares = { constantProduct: 1, concentrated: 1 } as const
/** No pool begins mispriced: what there is to earn, the users' trades leave. */
const mispricedShare = 0
/** Every generated pool that finds no seat is replaced; beyond so many in vain the pairs are full. */
const mostGeneratedPerPool = 16
const seatSeed = 0x7ea7

/**
 * Draws a market that genuine contracts can hold: a generated one whose pools
 * are those of Uniswap V2, V3 and V4, SushiSwap and PancakeSwap V3, each pair at
 * most once for a DEX and fee.
 *
 * @throws MarketInvalidError where so many pools do not fit on so few tokens.
 * @example
 * drawMarket({ pools: 60, tokens: 12, seed: 42 })
 */
export function drawMarket(options: DrawMarketOptions): Market {
  const { pools: wanted, tokens, seed } = options
  for (let asked = wanted; ; asked *= 2) {
    const generated = generate(asked, options)
    const pools = seated(generated?.pools ?? [], wanted, seed)
    if (generated && pools.length === wanted)
      return createMarket({
        chainId: generated.chainId,
        blockNumber: generated.blockNumber,
        wrappedNative: generated.wrappedNative!.address,
        notes: generated.notes,
        tokens: generated.tokens,
        pools,
      })
    if (!generated || asked > wanted * mostGeneratedPerPool)
      throw new MarketInvalidError(
        `${wanted} pools do not fit on ${tokens} tokens`,
        {
          facts: { pools: wanted, tokens },
          hint: 'ask for more tokens or fewer pools',
        },
      )
  }
}

/** Undefined where the generator finds no more pairs, once the wanted number itself has fitted. */
function generate(
  pools: number,
  { pools: wanted, tokens, seed }: DrawMarketOptions,
): Market | undefined {
  try {
    return generateMarket({
      pools,
      tokens,
      seed,
      mispricedShare,
      families: familyShares,
    })
  } catch (error) {
    if (error instanceof MarketInvalidError && pools > wanted) return undefined
    throw error
  }
}

/** The first pools that find a free seat of their family and fee. */
function seated(
  generated: readonly Pool[],
  wanted: number,
  seed: number,
): Pool[] {
  const random = createSeededRandom(seed ^ seatSeed)
  const taken = new Set<string>()
  const pools: Pool[] = []
  for (const pool of generated) {
    if (pools.length === wanted) break
    const free = seatsFor(pool).filter(
      (seat) => !taken.has(seatName(pool, seat)),
    )
    const seat = free[Math.floor(random.next() * free.length)]
    if (!seat) continue
    taken.add(seatName(pool, seat))
    pools.push(onSeat(pool, seat))
  }
  return pools
}

function seatsFor(pool: Pool): readonly Seat[] {
  if (pool.family !== 'concentrated') return constantProductSeats
  return concentratedSeats.filter(
    ({ feePips }) =>
      feePips <= pool.feePips &&
      pool.feePips - feePips <= nearbyFees &&
      feePips * 2 > pool.feePips,
  )
}

function seatName({ tokens }: Pool, { dex, feePips }: Seat): string {
  return [...tokens, dex, feePips].join()
}

function onSeat(pool: Pool, { dex, feePips, tickSpacing }: Seat): Pool {
  if (pool.family !== 'concentrated') return { ...pool, dex }
  const state = respaced({ ...pool, feePips }, tickSpacing)
  return { ...pool, ...state, dex }
}

/** The same ranges, counted in spacings from the price, on another grid; the full range stays full. */
function respaced(
  state: ConcentratedState,
  tickSpacing: number,
): ConcentratedState {
  if (state.tickSpacing === tickSpacing) return state
  const [from, to] = [state.tickSpacing, tickSpacing]
  const home = (spacing: number): number => Math.floor(state.tick / spacing)
  const last = Math.floor(maxTick / to)
  const ticks = state.ticks.map(([tick, net]): readonly [number, bigint] => {
    const moved = tick / from - home(from) + home(to)
    const isEnd = Math.abs(tick) === Math.floor(maxTick / from) * from
    return [(isEnd ? Math.sign(tick) * last : moved) * to, net]
  })
  const liquidity = ticks.reduce(
    (sum, [tick, net]) => (tick <= state.tick ? sum + net : sum),
    0n,
  )
  return { ...state, tickSpacing, ticks, liquidity }
}

function seatsOf(
  dex: string,
  spacings: readonly (readonly [number, number])[],
): Seat[] {
  return spacings.map(([feePips, tickSpacing]) => ({
    dex,
    feePips,
    tickSpacing,
  }))
}
