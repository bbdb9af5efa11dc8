import type { EngineGraph } from '../../src/engine/engine.ts'

/**
 * A graph of constant-product pools as the searching peers want it: directed
 * edges in compressed rows, sorted by token and neighbour, token 0 being the
 * base token. Edges back to the base so stand first in every row.
 *
 * A swap along an edge pays `rate * x / (1 + curvature * x)` for x.
 */
export type SearchGraph = {
  readonly tokenCount: number
  readonly poolCount: number
  readonly edgeCount: number
  /** Edges of token t: rowStart[t] … rowStart[t + 1]; those to the base end at baseEnd[t]. */
  readonly rowStart: Int32Array
  readonly baseEnd: Int32Array
  /** By edge: where it leads, its pool, and the token it leaves. */
  readonly to: Int32Array
  readonly pool: Int32Array
  readonly from: Int32Array
  readonly rate: Float64Array
  readonly curvature: Float64Array
}

/** Lays out a graph of constant-product pools, `base` becoming token 0. */
export function createSearchGraph(graph: EngineGraph, base = 0): SearchGraph {
  const renumbered = (token: number): number =>
    token === base ? 0 : token < base ? token + 1 : token
  const edges = graph.pools.flatMap(({ tokens, state }, pool) => {
    if (state.family !== 'constantProduct')
      throw new Error(`pool ${pool} is not constantProduct`)
    const [token0, token1] = [renumbered(tokens[0]), renumbered(tokens[1])]
    const [reserve0, reserve1] = [
      Number(state.reserves[0]),
      Number(state.reserves[1]),
    ]
    const gamma = 1 - state.feePips / 1e6
    return [
      { from: token0, to: token1, pool, x: reserve0, y: reserve1, gamma },
      { from: token1, to: token0, pool, x: reserve1, y: reserve0, gamma },
    ]
  })
  edges.sort((a, b) => a.from - b.from || a.to - b.to || a.pool - b.pool)

  const rowStart = new Int32Array(graph.tokenCount + 1)
  for (const { from } of edges) rowStart[from + 1]!++
  for (let t = 0; t < graph.tokenCount; t++) rowStart[t + 1]! += rowStart[t]!
  const baseEnd = rowStart.slice(0, graph.tokenCount)
  for (const { from, to } of edges) if (to === 0) baseEnd[from]!++

  return {
    tokenCount: graph.tokenCount,
    poolCount: graph.pools.length,
    edgeCount: edges.length,
    rowStart,
    baseEnd,
    to: Int32Array.from(edges, ({ to }) => to),
    pool: Int32Array.from(edges, ({ pool }) => pool),
    from: Int32Array.from(edges, ({ from }) => from),
    rate: Float64Array.from(edges, ({ x, y, gamma }) => (gamma * y) / x),
    curvature: Float64Array.from(edges, ({ x, gamma }) => gamma / x),
  }
}
