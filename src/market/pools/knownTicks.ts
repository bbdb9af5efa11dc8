import { PoolInvalidError } from '../../engine/errors.ts'
import type { ConcentratedState } from '../../engine/poolState.ts'
import { maxTick, minTick } from '../../engine/reference/tickMath.ts'

/**
 * The state with `knownTicks` narrowed to what its ticks prove. At the ends of
 * the price scale no liquidity is left, so where a list that claims to reach an
 * end still has some, ticks are missing there: it is known no further than its
 * last tick, and no quote invents liquidity beyond.
 * @throws PoolInvalidError where the ticks would make the liquidity negative.
 */
export function narrowKnownTicks(state: ConcentratedState): ConcentratedState {
  const { tickSpacing, knownTicks, ticks, tick } = state
  const below = ticks.filter(([at]) => at <= tick)
  const above = ticks.filter(([at]) => at > tick)
  const left = walk(
    state,
    below.reverse().map(([, net]) => -net),
  )
  const right = walk(
    state,
    above.map(([, net]) => net),
  )
  // Liquidity only changes at multiples of the spacing: this range is known without a tick.
  const floor = Math.floor(tick / tickSpacing) * tickSpacing
  const claimsLow = knownTicks[0] < minTick + tickSpacing
  const claimsHigh = knownTicks[1] > maxTick - tickSpacing
  const low =
    claimsLow && left > 0n
      ? Math.max(below.at(-1)?.[0] ?? floor, minTick)
      : knownTicks[0]
  const high =
    claimsHigh && right > 0n
      ? Math.min(above.at(-1)?.[0] ?? floor + tickSpacing, maxTick)
      : knownTicks[1]
  return low === knownTicks[0] && high === knownTicks[1]
    ? state
    : { ...state, knownTicks: [low, high] }
}

/** The liquidity left after all these changes, none of which may make it negative. */
function walk(state: ConcentratedState, changes: readonly bigint[]): bigint {
  let { liquidity } = state
  for (const change of changes) {
    liquidity += change
    if (liquidity < 0n)
      throw new PoolInvalidError(
        `ticks take more liquidity than there is: ${state.liquidity} at tick ${state.tick} becomes ${liquidity}`,
        { facts: { liquidity: state.liquidity, tick: state.tick } },
      )
  }
  return liquidity
}
