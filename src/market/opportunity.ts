import type { Hex } from '../core/hex.ts'
import type { Pool } from './pool.ts'
import type { Token } from './token.ts'

/** One swap of a cycle, with its exact amounts in base units. */
export type Hop = {
  readonly pool: Pool
  readonly tokenIn: Token
  readonly tokenOut: Token
  /** Selling the pool's token0. */
  readonly zeroForOne: boolean
  readonly amountIn: bigint
  readonly amountOut: bigint
}

/** A route of 2 to 4 hops that ends in the token it began with; no pool and no token comes twice. */
export type Cycle = {
  /** Stable name of the route: the same pools in the same directions give the same id. */
  readonly id: Hex
  readonly tokenIn: Token
  readonly hops: readonly Hop[]
}

/** A cycle with its best input and what it gains, exact, at the market's block. */
export type Opportunity = {
  readonly cycle: Cycle
  /** Best input, in base units of `cycle.tokenIn`. */
  readonly amountIn: bigint
  readonly amountOut: bigint
  /** amountOut - amountIn: before loan premium, gas and tip. */
  readonly grossProfit: bigint
  /** What one could sell the gross profit for right now, in wei of the native coin; null where the market has no path. */
  readonly grossProfitNative: bigint | null
  readonly blockNumber: number
}
