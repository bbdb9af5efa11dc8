import type { Hex } from '../core/hex.ts'
import type { Pool } from './pool.ts'
import type { Token } from './token.ts'

/** The changes of one whole block, in order: the only way a market changes. */
export type MarketBlock = {
  readonly blockNumber: number
  readonly blockHash?: Hex
  /** Compared with the hash of the market's block where both are known. */
  readonly parentHash?: Hex
  readonly changes: readonly PoolChange[]
  /** What joins the market with this block, behind what it has. */
  readonly growth?: MarketGrowth
}

/** Pools that a market did not have, as a block left them. */
export type MarketGrowth = {
  /** Those of the pools; the ones that the market has are passed over. */
  readonly tokens: readonly Token[]
  readonly pools: readonly Pool[]
}

/**
 * The fields of one pool that a block changed; those left out stay as they
 * are. Amounts are base units. `ticks` replaces the whole list.
 */
export type PoolChange = {
  /** Address or V4 id of the pool. */
  readonly pool: string
  readonly feePips?: number
  /** Share of the input with 18 decimals: the fee of Balancer's pools. */
  readonly swapFee?: bigint
  readonly reserves?: readonly [bigint, bigint]
  /** Replaces the whole list. */
  readonly balances?: readonly bigint[]
  readonly amplification?: bigint
  readonly sqrtPriceX96?: bigint
  readonly tick?: number
  readonly liquidity?: bigint
  readonly ticks?: readonly (readonly [number, bigint])[]
  readonly knownTicks?: readonly [number, number]
}
