import type { SeededRandom } from '../../core/seededRandom.ts'

/** A pool to be: token0 < token1, and a number that tells pools of a pair apart. */
export type Edge = {
  readonly token0: number
  readonly token1: number
  readonly venue: number
}

const venues = 8
/** One end of a pool is a hub with these cumulative shares, else any token by rank. */
const hubShares = [0.45, 0.6, 0.7, 0.75, 0.8]
/** After so many draws in vain the pairs are used up. */
const maxVainDraws = 100_000

/**
 * Draws pools without end, each pair at most once on each of 8 venues: one
 * token is likely a hub, the other by rank (Zipf) or any. 1,000 pools of 200
 * tokens give 1,050, 21,550 and 658,768 cycles of 2, 3 and 4 hops through the
 * first hub (seed 42). Ends where the pairs are used up.
 */
export function* denseEdges(
  tokenCount: number,
  random: SeededRandom,
): Generator<Edge> {
  const cumulative: number[] = []
  let total = 0
  for (let i = 0; i < tokenCount; i++) {
    total += 1 / (i + 1)
    cumulative.push(total)
  }
  const byRank = (): number => firstAtLeast(cumulative, random.next() * total)
  const hubOrAny = (): number => {
    const x = random.next()
    const hub = hubShares.findIndex((share) => x < share)
    return hub < 0 ? byRank() : hub
  }

  const used = new Set<number>()
  for (let vain = 0; vain < maxVainDraws; vain++) {
    const a = hubOrAny()
    const b =
      random.next() < 0.5 ? byRank() : Math.floor(random.next() * tokenCount)
    if (a === b || a >= tokenCount) continue
    const venue = Math.floor(random.next() * venues)
    const [token0, token1] = a < b ? [a, b] : [b, a]
    const key = (token0 * tokenCount + token1) * venues + venue
    if (used.has(key)) continue
    used.add(key)
    vain = 0
    yield { token0, token1, venue }
  }
}

function firstAtLeast(rising: readonly number[], x: number): number {
  let low = 0
  let high = rising.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}
