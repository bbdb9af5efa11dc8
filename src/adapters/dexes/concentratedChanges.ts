import type { ConcentratedState } from '../../engine/poolState.ts'
import { maxTick, minTick } from '../../engine/reference/tickMath.ts'
import type { PoolChange } from '../../market/marketBlock.ts'
import type { Pool } from '../../market/pool.ts'

type Ticks = ConcentratedState['ticks']

/** Where a swap leaves a pool, as its log tells. */
export type PriceAfterSwap = Required<
  Pick<PoolChange, 'sqrtPriceX96' | 'tick' | 'liquidity'>
>

/** A position's liquidity that was added, or taken where it is negative. */
export type LiquidityChange = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly liquidity: bigint
}

/**
 * What a swap changes. Where the price has left the known ticks, nothing is
 * known any more but the liquidity up to the next usable ticks.
 */
export function changeOfSwap(
  pool: Pool,
  after: PriceAfterSwap,
): PoolChange | undefined {
  if (pool.family !== 'concentrated') return undefined
  const { knownTicks, tickSpacing } = pool
  const change = { pool: pool.address, ...after }
  if (after.tick >= knownTicks[0] && after.tick <= knownTicks[1]) return change
  const below = Math.floor(after.tick / tickSpacing) * tickSpacing
  return {
    ...change,
    ticks: [],
    knownTicks: [
      Math.max(below, minTick),
      Math.min(below + tickSpacing, maxTick),
    ],
  }
}

/**
 * What a position changes: the liquidity net of its two ticks, as far as they
 * are known, and the liquidity in force where the price is between them. A
 * poke, which adds nothing, changes nothing.
 *
 * A tick whose net becomes 0 by what is added keeps its place: liquidity refers
 * to it. One whose net becomes 0 by what is taken is left out: its last
 * position is gone. (Positions that only meet there and cancel exactly would
 * keep it; logs alone do not tell.)
 */
export function changeOfLiquidity(
  pool: Pool,
  { tickLower, tickUpper, liquidity }: LiquidityChange,
): PoolChange | undefined {
  if (pool.family !== 'concentrated' || liquidity === 0n) return undefined
  const isRemoved = liquidity < 0n
  let ticks = pool.ticks
  if (isKnown(pool, tickLower))
    ticks = withNet(ticks, tickLower, liquidity, isRemoved)
  if (isKnown(pool, tickUpper))
    ticks = withNet(ticks, tickUpper, -liquidity, isRemoved)
  const isInForce = tickLower <= pool.tick && pool.tick < tickUpper
  if (ticks === pool.ticks && !isInForce) return undefined
  return {
    pool: pool.address,
    ...(ticks !== pool.ticks && { ticks }),
    ...(isInForce && { liquidity: pool.liquidity + liquidity }),
  }
}

/**
 * Whether the net of a tick is known. After a swap out of the known ticks the
 * two that bound the new ones are not: they are followed only where they are
 * listed. No quote crosses them, unless the scale ends there.
 */
function isKnown(
  { ticks, tickSpacing, knownTicks: [low, high] }: ConcentratedState,
  tick: number,
): boolean {
  if (tick !== low && tick !== high) return tick > low && tick < high
  const endsScale =
    tick === low ? low < minTick + tickSpacing : high > maxTick - tickSpacing
  return endsScale || ticks[countBelow(ticks, tick)]?.[0] === tick
}

/** The list with more at one tick; a new list, the old one stays. */
function withNet(
  ticks: Ticks,
  tick: number,
  liquidityNet: bigint,
  isRemoved: boolean,
): Ticks {
  const place = countBelow(ticks, tick)
  const found = ticks[place]
  if (found?.[0] !== tick)
    return ticks.toSpliced(place, 0, [tick, liquidityNet])
  const net = found[1] + liquidityNet
  return net === 0n && isRemoved
    ? ticks.toSpliced(place, 1)
    : ticks.with(place, [tick, net])
}

function countBelow(ticks: Ticks, tick: number): number {
  let low = 0
  let high = ticks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ticks[middle]![0] < tick) low = middle + 1
    else high = middle
  }
  return low
}
