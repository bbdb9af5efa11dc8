import type { EngineBase, EngineGraph } from '../engine.ts'

/** A cycle of the graph: the hops in order, the first sells the base token. */
export type GraphCycle = {
  /** The token each hop sells. */
  readonly tokens: readonly number[]
  readonly pools: readonly number[]
  readonly zeroForOne: readonly boolean[]
}

/**
 * Every cycle of 2 to `maxHops` hops through the base tokens, by plain
 * depth-first search. No pool and no token comes twice. A cycle through several
 * bases comes once, from the first of them; both directions are two cycles.
 */
export function* enumerateCycles(
  graph: EngineGraph,
  bases: readonly EngineBase[],
  maxHops: number,
): Generator<GraphCycle> {
  const edges = edgesByToken(graph)
  const closed = new Set<number>()
  for (const { token: base } of bases) {
    if (closed.has(base)) continue
    yield* extend([], base)
    closed.add(base)

    function* extend(path: Edge[], token: number): Generator<GraphCycle> {
      for (const edge of edges.get(token) ?? []) {
        if (closed.has(edge.to) || path.some((e) => e.pool === edge.pool)) {
          continue
        }
        if (edge.to === base) {
          if (path.length > 0) yield cycleOf([...path, edge])
        } else if (
          path.length + 1 < maxHops &&
          !path.some((e) => e.to === edge.to)
        ) {
          yield* extend([...path, edge], edge.to)
        }
      }
    }
  }
}

/** One pool in one direction. */
type Edge = {
  readonly pool: number
  readonly zeroForOne: boolean
  readonly from: number
  readonly to: number
}

function edgesByToken(graph: EngineGraph): Map<number, Edge[]> {
  const edges = new Map<number, Edge[]>()
  const add = (edge: Edge): void => {
    const list = edges.get(edge.from)
    if (list) list.push(edge)
    else edges.set(edge.from, [edge])
  }
  graph.pools.forEach(({ tokens: [token0, token1] }, pool) => {
    add({ pool, zeroForOne: true, from: token0, to: token1 })
    add({ pool, zeroForOne: false, from: token1, to: token0 })
  })
  return edges
}

function cycleOf(path: readonly Edge[]): GraphCycle {
  return {
    tokens: path.map((edge) => edge.from),
    pools: path.map((edge) => edge.pool),
    zeroForOne: path.map((edge) => edge.zeroForOne),
  }
}
