import type { Engine, SwapQuote } from '../engine/engine.ts'
import { isSearched } from '../engine/poolState.ts'
import * as reference from '../engine/reference/quote.ts'
import type { Pool } from '../market/pool.ts'

/**
 * Sells so much to a pool: the engine answers for the families it holds, the
 * BigInt reference for the others. Amounts are base units.
 *
 * @param index the pool's place in what the engine loaded.
 * @throws SwapRevertsError where the contract would revert.
 */
export function poolExactIn(
  engine: Engine,
  index: number,
  pool: Pool,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  return isSearched(pool)
    ? engine.quoteExactIn(index, zeroForOne, amountIn)
    : reference.quoteExactIn(pool, zeroForOne, amountIn)
}

/**
 * Buys so much from a pool, as {@link poolExactIn}.
 * @throws SwapRevertsError where the contract would revert.
 */
export function poolExactOut(
  engine: Engine,
  index: number,
  pool: Pool,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  return isSearched(pool)
    ? engine.quoteExactOut(index, zeroForOne, amountOut)
    : reference.quoteExactOut(pool, zeroForOne, amountOut)
}
