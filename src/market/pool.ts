import type { Hex } from '../core/hex.ts'
import type { QuotedState } from '../engine/poolState.ts'

/** What a pool is called and what it trades. */
export type PoolIdentity = {
  /** Checksummed contract address, or the 32-byte pool id of Uniswap V4. */
  readonly address: Hex
  /** The deployed protocol, in kebab case: `uniswap-v3`. */
  readonly dex: string
  /** Addresses of token0 and token1, checksummed. */
  readonly tokens: readonly [Hex, Hex]
  /** Balancer V2 only: the pool's name in the Vault. */
  readonly poolId?: Hex
  /**
   * Balancer V2 stable pools only: the token of each of the state's balances,
   * of which `tokens` are the pair traded here.
   */
  readonly poolTokens?: readonly Hex[]
  /** Block the state was read at, where known. */
  readonly blockNumber?: number
}

/** One pool: who it is and its state. Plain data; a pool never fetches. */
export type Pool = PoolIdentity & QuotedState
