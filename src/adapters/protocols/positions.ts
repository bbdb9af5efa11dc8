import type { ConcentratedState } from '../../engine/poolState.ts'
import { maxTick } from '../../engine/reference/tickMath.ts'

/** Liquidity between two ticks. */
export type Position = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly liquidity: bigint
}

/**
 * Positions that together make the tick list of a pool. Liquidity that comes
 * in from beyond the known ticks, or goes on beyond them, is taken to reach
 * the last usable tick of the scale: only there does the made pool have ticks
 * that the list has not.
 *
 * Rising through the ticks, what is added opens positions and what is taken
 * away closes those opened last.
 */
export function positionsOf(state: ConcentratedState): readonly Position[] {
  const { ticks, liquidity, tick: current, tickSpacing } = state
  const last = maxTick - (maxTick % tickSpacing)
  const below = ticks
    .filter(([tick]) => tick <= current)
    .reduce((sum, [, net]) => sum + net, 0n)
  const open: { tickLower: number; liquidity: bigint }[] = []
  const positions = new Map<string, Position>()
  const add = (
    tickLower: number,
    tickUpper: number,
    liquidity: bigint,
  ): void => {
    const key = `${tickLower} ${tickUpper}`
    const before = positions.get(key)?.liquidity ?? 0n
    positions.set(key, {
      tickLower,
      tickUpper,
      liquidity: before + liquidity,
    })
  }

  if (liquidity > below)
    open.push({ tickLower: -last, liquidity: liquidity - below })
  for (const [tick, net] of ticks) {
    if (net > 0n) open.push({ tickLower: tick, liquidity: net })
    let closing = net < 0n ? -net : 0n
    while (closing > 0n) {
      const newest = open.at(-1)
      if (!newest) break
      const part = closing < newest.liquidity ? closing : newest.liquidity
      add(newest.tickLower, tick, part)
      closing -= part
      newest.liquidity -= part
      if (newest.liquidity === 0n) open.pop()
    }
  }
  for (const { tickLower, liquidity } of open) add(tickLower, last, liquidity)
  return [...positions.values()].filter(
    ({ tickLower, tickUpper }) => tickLower < tickUpper,
  )
}
