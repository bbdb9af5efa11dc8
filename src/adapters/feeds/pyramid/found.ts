import type { Hex } from '../../../core/hex.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Pool } from '../../../market/pool.ts'
import type { Token } from '../../../market/token.ts'

/** A pool that exists, its state still unread. */
export type FoundPool = {
  /** Contract address, or the id of a Uniswap V4 pool. */
  readonly address: Hex
  /** token0 and token1. */
  readonly tokens: readonly [Hex, Hex]
  /** Solidly: whether its curve is the stable one. */
  readonly isStable?: boolean
  /** Uniswap V4: what its key says. */
  readonly feePips?: number
  readonly tickSpacing?: number
  /** Balancer V2: its name in the Vault. */
  readonly poolId?: Hex
}

/** Tokens by their address in lower case. */
export type TokensByAddress = ReadonlyMap<string, Token>

/** What was kept out of a market, and why. */
export type LeftOut = {
  readonly dex?: string
  readonly pool?: Hex
  readonly token?: Hex
  /** A few words, without the names above. */
  readonly reason: string
}

/** Why a pool is left out that may be fine itself. */
export const tokenKeptOut = 'a token of it is kept out'

/** A pool as its contract tells it, or why it is kept out. */
export type PoolReading = Pool | { readonly reason: string }

/** Which ticks of a pool are looked at. */
export type TickWindow =
  /** So many words of the bitmap at most, round the price. */
  | { readonly words: number }
  /** At least so many ticks round the price, as far as the scale reaches. */
  | { readonly ticks: number }
  /** From one tick to another, the words that hold them whole. */
  | { readonly range: readonly [number, number] }

/** A DEX and pools of it, to be read. */
export type PoolsToRead = {
  readonly dex: Dex
  readonly pools: readonly FoundPool[]
  /** Decimals of a token, where a curve works on scaled amounts. */
  decimalsOf(token: Hex): number
  windowOf(pool: FoundPool): TickWindow
}
