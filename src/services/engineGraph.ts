import { zeroAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import type { EngineGraph } from '../engine/engine.ts'
import { isSearched, type PoolState } from '../engine/poolState.ts'
import { isEmptied } from '../market/changedPool.ts'
import type { Market } from '../market/market.ts'
import type { Pool } from '../market/pool.ts'

/** Trades nothing: no route goes through it. */
const inert: PoolState = {
  family: 'constantProduct',
  feePips: 0,
  reserves: [0n, 0n],
}

/**
 * The market as an engine loads it: tokens and pools by their places in the
 * market. Pools of families the engine does not search have an inert record:
 * no cycle is found through them, and quotes do not ask the engine for them.
 *
 * @param firstPool place of the first pool of the graph: those before it are left out.
 */
export function engineGraph(market: Market, firstPool = 0): EngineGraph {
  return {
    tokenCount: market.tokens.length,
    pools: market.pools.slice(firstPool).map((pool) => ({
      tokens: tradedTokens(market, pool),
      state: engineState(pool),
    })),
  }
}

/** The pool's state as an engine holds it; a pair that lacks one of its tokens trades neither. */
export function engineState(pool: Pool): PoolState {
  if (!isSearched(pool)) return inert
  return isEmptied(pool) ? ({ ...pool, reserves: [0n, 0n] } as PoolState) : pool
}

/**
 * Places of the tokens that a route through the pool has. Where the pool trades
 * the native coin the route has its wrapped form: the executor unwraps it.
 */
export function tradedTokens(market: Market, pool: Pool): [number, number] {
  const [token0, token1] = pool.tokens
  return [
    market.tokenIndex(routeToken(market, token0, token1)),
    market.tokenIndex(token1),
  ]
}

/** The wrapped coin for the native one, unless the pool trades the two for each other. */
function routeToken(market: Market, token: Hex, other: Hex): Hex {
  const wrapped = market.wrappedNative?.address
  return token === zeroAddress && wrapped && wrapped !== other ? wrapped : token
}
