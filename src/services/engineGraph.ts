import type { EngineGraph } from '../engine/engine.ts'
import type { Market } from '../market/market.ts'

/** The market as an engine loads it: tokens and pools by their places in the market. */
export function engineGraph(market: Market): EngineGraph {
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
