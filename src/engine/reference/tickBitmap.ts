/**
 * Uniswap V3's TickBitmap over a sorted list of initialised ticks: ticks
 * divided by their spacing stand in words of 256 bits, and a swap looks no
 * further than one word at a time.
 */

/** `[tick, liquidityNet]` of the initialised ticks, rising. */
export type TickList = readonly (readonly [number, bigint])[]

/** Where a swap step may go to at most. */
export type NextTick = {
  readonly tick: number
  /** Change of liquidity when the tick is crossed upwards; undefined at the border of a word. */
  readonly liquidityNet: bigint | undefined
}

/**
 * The next initialised tick at or below `tick` (`lte`) or above it, or else
 * the border of the word.
 */
export function nextInitializedTickWithinOneWord(
  ticks: TickList,
  tick: number,
  tickSpacing: number,
  lte: boolean,
): NextTick {
  const compressed = Math.floor(tick / tickSpacing)
  if (lte) {
    const border = (compressed & ~255) * tickSpacing
    const found = ticks[countTicksUpTo(ticks, tick) - 1]
    return found !== undefined && found[0] >= border
      ? { tick: found[0], liquidityNet: found[1] }
      : { tick: border, liquidityNet: undefined }
  }
  const border = ((compressed + 1) | 255) * tickSpacing
  const found = ticks[countTicksUpTo(ticks, tick)]
  return found !== undefined && found[0] <= border
    ? { tick: found[0], liquidityNet: found[1] }
    : { tick: border, liquidityNet: undefined }
}

/** The next initialised tick however far, or undefined where there is none. */
export function nextInitializedTick(
  ticks: TickList,
  tick: number,
  lte: boolean,
): NextTick | undefined {
  const index = countTicksUpTo(ticks, tick)
  const found = ticks[lte ? index - 1 : index]
  return found && { tick: found[0], liquidityNet: found[1] }
}

/** How many initialised ticks are at or below `tick`. */
function countTicksUpTo(ticks: TickList, tick: number): number {
  let low = 0
  let high = ticks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ticks[middle]![0] <= tick) low = middle + 1
    else high = middle
  }
  return low
}
