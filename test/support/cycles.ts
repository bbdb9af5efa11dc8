import type { EngineCycle, EngineScan } from '../../src/engine/index.ts'

/** What a cycle gains, in base units of its first token. */
export function gainOf({ amounts }: EngineCycle): bigint {
  return amounts.at(-1)! - amounts[0]!
}

/** Names a cycle by its way. */
export function wayOf({ tokens, pools }: EngineCycle): string {
  return `${tokens.join(',')} over ${pools.join(',')}`
}

/** The cycles of a scan by their way. */
export function byWay({ cycles }: EngineScan): Map<string, EngineCycle> {
  return new Map(cycles.map((cycle) => [wayOf(cycle), cycle]))
}

/** What one unit of the coarsest amount on the way is worth, in units of the first token. */
export function coarsestWorth({ amounts }: EngineCycle): number {
  return Number(amounts[0]!) / Math.min(...amounts.map(Number))
}
