import type { EmbeddedChain } from '../../../adapters/evm/embeddedChain.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Lender } from '../../../market/lender.ts'
import type { Market } from '../../../market/market.ts'
import type { Pool } from '../../../market/pool.ts'

/** What {@link createWorld} is given. */
export type WorldOptions = {
  readonly chain: EmbeddedChain
  /** Tokens and pools to make. Its addresses only name them: those of the world are others, in the same order. */
  readonly market: Market
  /** Lenders to deploy and fund beside the pools. Default `['balancer-v2']`. */
  readonly lenders?: readonly LenderName[]
  /** Accounts that will swap: get coins, tokens and approvals now rather than at their first swap. */
  readonly users?: readonly Hex[]
}

/** Lenders that are no pools. */
export type LenderName =
  | 'balancer-v2'
  | 'balancer-v3'
  | 'morpho'
  | 'aave-v3'
  | 'uniswap-v4'

/** Genuine contracts on an embedded chain, and the market they make. */
export type World = {
  readonly chain: EmbeddedChain
  /** As read back from the contracts when the world was made. */
  readonly market: Market
  readonly dexes: readonly Dex[]
  readonly lenders: readonly Lender[]
  readonly wrappedNative: Hex
  readonly multicall3: Hex
  /** Deployed and owns the contracts; has no other part. */
  readonly deployer: Hex
  /** Where a pool could not be made as asked, and how it differs. */
  readonly deviations: readonly Deviation[]
  /** Gives `to` so many base units. The transaction waits for the next block unless the chain mines at once. */
  mint(token: Hex, to: Hex, amount: bigint): Promise<void>
  /**
   * Sends a user's swap of exactly `amountIn` base units to the pool, through
   * the protocol's own contracts; returns the transaction's hash.
   */
  swap(request: UserSwap): Promise<Hex>
  /**
   * One pool as its contract tells it at the latest block.
   * @throws PoolUnknownError
   */
  readPool(pool: Hex): Promise<Pool>
  /** The market as its contracts tell it at the latest block. */
  readMarket(): Promise<Market>
}

export type UserSwap = {
  readonly user: Hex
  /** Address or id of a pool of the world. */
  readonly pool: Hex
  readonly tokenIn: Hex
  readonly amountIn: bigint
  /** Wei per gas; orders the transactions of a block. Default 1 gwei. */
  readonly priorityFeePerGas?: bigint
}

/** A pool whose state the protocol does not allow as asked. */
export type Deviation = {
  /** As read back. */
  readonly pool: Pool
  /** One sentence with the numbers. */
  readonly detail: string
}
