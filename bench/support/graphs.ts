import type { EngineGraph } from '../../src/engine/engine.ts'
import { type GenerateOptions, generateMarket } from '../../src/market/index.ts'

/** Token 0 of every generated market is WETH. */
export const weth = 0

/** The graph of a generated market, the same in every run. */
export function generateGraph(options: GenerateOptions = {}): EngineGraph {
  const market = generateMarket({ seed: 42, ...options })
  return {
    tokenCount: market.tokens.length,
    pools: market.pools.map((pool) => ({
      tokens: [
        market.tokenIndex(pool.tokens[0]),
        market.tokenIndex(pool.tokens[1]),
      ],
      state: pool,
    })),
  }
}
