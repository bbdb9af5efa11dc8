import { exp, ln } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'
import type { Edge } from './denseEdges.ts'

/** The degree distribution of a chain's pools. */
export type Topology = {
  /** Share of all pools that touch each of the five hubs. */
  readonly hubShares: readonly number[]
  /** Share of pools with both tokens among the hubs. */
  readonly bothHubs: number
  /** Share of pools with no hub. */
  readonly noHub: number
  /** Share of tokens in one pool only. */
  readonly onePool: number
}

/**
 * Measured on the pools of two chains: 5,749 of Ethereum (4,178 tokens, 81 % of
 * them in one pool) and 8,793 of Base (7,124 tokens, 90 % in one pool).
 */
export const topologies: {
  readonly ethereum: Topology
  readonly base: Topology
} = {
  ethereum: {
    hubShares: [0.7735, 0.0816, 0.0565, 0.029, 0.0129],
    bothHubs: 0.0075,
    noHub: 0.0539,
    onePool: 0.806,
  },
  base: {
    hubShares: [0.881, 0.0419, 0.029, 0.013, 0.0105],
    bothHubs: 0.0197,
    noHub: 0.0444,
    onePool: 0.901,
  },
}

/**
 * Draws so many pools with a chain's degree distribution; several pools of a
 * pair have venues 0, 1, 2, …
 */
export function* topologyEdges(
  topology: Topology,
  poolCount: number,
  tokenCount: number,
  random: SeededRandom,
): Generator<Edge> {
  const hubCount = Math.min(topology.hubShares.length, tokenCount)
  const tailCount = tokenCount - hubCount
  const kinds = drawKinds(topology, poolCount, tailCount, random)
  const ends = kinds.reduce((sum, kind) => sum + kind, 0)
  const stubs = shuffled(
    tailStubs(tailDegrees(tailCount, ends, topology.onePool), hubCount, ends),
    random,
  )
  const venues = new Map<number, number>()
  const hub = (): number => drawHub(topology.hubShares, hubCount, random)
  const edge = (a: number, b: number): Edge => {
    const [token0, token1] = a < b ? [a, b] : [b, a]
    const key = token0 * tokenCount + token1
    const venue = venues.get(key) ?? 0
    venues.set(key, venue + 1)
    return { token0, token1, venue }
  }

  for (const kind of kinds) {
    if (kind === 1) yield edge(hub(), stubs.pop()!)
    else yield edge(...((kind === 2 && takeTwo(stubs)) || twoHubs(hub)))
  }
  // The caller leaves out pools too small to price: one more for each.
  for (;;) yield edge(...twoHubs(hub))
}

/** How many ends of each pool are tail tokens: 0, 1 or 2. */
function drawKinds(
  topology: Topology,
  poolCount: number,
  tailCount: number,
  random: SeededRandom,
): number[] {
  return Array.from({ length: poolCount }, () => {
    const x = random.next()
    if (tailCount === 0 || x < topology.bothHubs) return 0
    return tailCount > 1 && x < topology.bothHubs + topology.noHub ? 2 : 1
  })
}

/**
 * Degrees by rank: floor(2 (several / rank)^slope) for the first `several`
 * tokens and 1 for the rest, with the slope at which they add up to at least
 * `ends`. Both chains' own numbers give a slope of about a half.
 */
function tailDegrees(
  tailCount: number,
  ends: number,
  onePool: number,
): number[] {
  if (tailCount === 0) return []
  const several = Math.max(1, Math.round(tailCount * (1 - onePool)))
  const logs = Array.from({ length: several }, (_, i) => ln(several / (i + 1)))
  const degrees = (slope: number): number[] =>
    logs.map((log) => Math.floor(2 * exp(slope * log)))
  const fits = (list: readonly number[]): boolean =>
    list.reduce((sum, degree) => sum + degree, tailCount - several) >= ends
  let low = 0
  let high = 1
  while (several > 1 && !fits(degrees(high))) high *= 2
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (fits(degrees(middle))) high = middle
    else low = middle
  }
  const ones = new Array<number>(tailCount - several).fill(1)
  return degrees(high).concat(ones)
}

/** Each tail token once for each of its pools, the first of all tokens before the second of any: cut at `ends`. */
function tailStubs(
  degrees: readonly number[],
  firstToken: number,
  ends: number,
): number[] {
  const stubs: number[] = degrees.map((_, i) => firstToken + i)
  for (const [i, degree] of degrees.entries())
    for (let k = 1; k < degree; k++) stubs.push(firstToken + i)
  for (let i = 0; stubs.length < ends; i++)
    stubs.push(firstToken + (i % degrees.length))
  return stubs.slice(0, ends)
}

function shuffled(list: number[], random: SeededRandom): number[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1))
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}

function drawHub(
  shares: readonly number[],
  hubCount: number,
  random: SeededRandom,
): number {
  const weights = shares.slice(0, hubCount)
  let x = random.next() * weights.reduce((sum, share) => sum + share, 0)
  return Math.max(
    0,
    weights.findIndex((share) => {
      x -= share
      return x < 0
    }),
  )
}

function twoHubs(hub: () => number): [number, number] {
  const first = hub()
  let second = hub()
  while (second === first) second = hub()
  return [first, second]
}

/** Takes two stubs of different tokens; of one token alone, only its first. */
function takeTwo(stubs: number[]): [number, number] | undefined {
  const first = stubs.pop()!
  const other = stubs.findLastIndex((token) => token !== first)
  if (other < 0) return undefined
  const [second] = stubs.splice(other, 1)
  return [first, second!]
}
