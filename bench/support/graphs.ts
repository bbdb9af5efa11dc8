import type { EngineGraph } from '../../src/engine/engine.ts'
import { type GenerateOptions, generateMarket } from '../../src/market/index.ts'
import { engineGraph } from '../../src/services/engineGraph.ts'

/** Token 0 of every generated market is WETH. */
export const weth = 0

/** The graph of a generated market, the same in every run. */
export function generateGraph(options: GenerateOptions = {}): EngineGraph {
  return engineGraph(generateMarket({ seed: 42, ...options }))
}

/** The graph with one constant-product pool's price moved by so many per mille. */
export function movePrice(
  graph: EngineGraph,
  pool: number,
  perMille: number,
): EngineGraph {
  const { state } = graph.pools[pool]!
  if (state.family !== 'constantProduct')
    throw new Error(`pool ${pool} is not constantProduct`)
  const [reserve0, reserve1] = state.reserves
  const moved = (reserve1 * BigInt(1000 + perMille)) / 1000n
  return {
    ...graph,
    pools: graph.pools.with(pool, {
      ...graph.pools[pool]!,
      state: { ...state, reserves: [reserve0, moved] },
    }),
  }
}
