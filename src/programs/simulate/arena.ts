import type { EmbeddedChain } from '../../adapters/evm/embeddedChain.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'
import type { Dex } from '../../market/dex.ts'
import type { Lender } from '../../market/lender.ts'
import type { Market } from '../../market/market.ts'
import type { Pool } from '../../market/pool.ts'
import type { UserSwap } from './world/world.ts'

/** A chain in this process with pools to trade in and users who do. */
export type Arena = {
  readonly chain: EmbeddedChain
  readonly dexes: readonly Dex[]
  readonly lenders: readonly Lender[]
  readonly wrappedNative: Hex
  /** Pools that were asked for and cannot be traded here. */
  readonly leftOut?: number
  /** Whether users can trade with a pool; without it they can with all. */
  isTraded?(pool: Pool): boolean
  /** Sends a user's swap for the next block; returns the transaction's hash. */
  swap(request: UserSwap): Promise<Hex>
  /** The market as its contracts tell it at the latest block. */
  readMarket(): Promise<Market>
}

const userCount = 12

/** Accounts of the users of a run. */
export function seededUsers(seed: number): readonly Hex[] {
  return Array.from({ length: userCount }, (_, i) =>
    seededAddress(seed, `user ${i}`),
  )
}

/** A key that is nobody's but this role's in runs of this seed; it holds nothing anywhere else. */
export function seededKey(seed: number, role: string): Hex {
  return keccakText(`apex simulate ${role} of seed ${seed}`)
}

/** An address without a known key: the chain accepts what it sends. */
export function seededAddress(seed: number, role: string): Hex {
  return `0x${seededKey(seed, role).slice(-40)}`
}
