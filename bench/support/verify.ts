import type { EngineCycle } from '../../src/engine/engine.ts'

/** The contenders do not put out the same: a bench of unlike things is worth nothing. */
export class OutputsDifferError extends Error {
  constructor(what: string, ours: unknown, theirs: unknown) {
    super(`${what} differ: ${String(ours)} and ${String(theirs)}`)
  }
}

/** Throws at the first place where two lists of exact results differ. */
export function requireEqual(
  what: string,
  ours: readonly unknown[],
  theirs: readonly unknown[],
): void {
  if (ours.length !== theirs.length)
    throw new OutputsDifferError(
      `${what}: their numbers`,
      ours.length,
      theirs.length,
    )
  ours.forEach((value, i) => {
    if (value !== theirs[i])
      throw new OutputsDifferError(`${what}, number ${i}:`, value, theirs[i])
  })
}

/** Throws where two f64 results differ by more than their rounding can explain. */
export function requireClose(what: string, ours: number, theirs: number): void {
  if (Math.abs(ours - theirs) > 1e-9 * Math.abs(theirs))
    throw new OutputsDifferError(what, ours, theirs)
}

/**
 * Wei by which profits may differ where one search heeds the flooring of
 * amounts and another does not. The coarsest token of generated markets is
 * WBTC: one of its base units is worth 2e11 wei, and a cycle floors three times
 * before it is back in WETH.
 */
export const flooringWei = 6e11

/** A cycle by what it goes through, for comparing searches. */
export function cycleKey(pools: readonly number[]): string {
  return pools.join('-')
}

/**
 * Throws unless the cycles that the engine reports are among another search's
 * with the same profit, but for the flooring of amounts at coarse tokens.
 */
export function requireKnownCycles(
  cycles: readonly EngineCycle[],
  profitOf: ReadonlyMap<string, number>,
): void {
  for (const { pools, amounts } of cycles) {
    const key = cycleKey(pools)
    const theirs = profitOf.get(key)
    const ours = Number(amounts.at(-1)! - amounts[0]!)
    if (theirs === undefined)
      throw new OutputsDifferError(`cycles: only one found ${key}:`, key, '-')
    if (Math.abs(ours - theirs) > flooringWei + 1e-9 * theirs)
      throw new OutputsDifferError(`profits of cycle ${key}`, ours, theirs)
  }
}
