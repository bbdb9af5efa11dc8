import { ApexError } from '../../../../core/errors.ts'
import type { Hex } from '../../../../core/hex.ts'
import type { Market } from '../../../../market/market.ts'
import { MarketBuilder } from '../../../../market/marketBuilder.ts'
import type { Pool } from '../../../../market/pool.ts'
import type { LeftOut, TokensByAddress } from '../found.ts'
import type { PinnedBlock } from './pinBlock.ts'

/** What a market is built of. */
export type MarketParts = PinnedBlock & {
  readonly chainId: number
  readonly wrappedNative: Hex | undefined
  readonly tokens: TokensByAddress
  readonly pools: readonly Pool[]
}

/** The market of the pools, and those that no market takes. */
export function buildMarket(parts: MarketParts): {
  readonly market: Market
  readonly refused: readonly LeftOut[]
} {
  const { chainId, blockNumber, blockHash, wrappedNative, tokens } = parts
  const hasWrapped = wrappedNative && tokens.has(wrappedNative.toLowerCase())
  const builder = new MarketBuilder({
    chainId,
    blockNumber,
    blockHash,
    ...(hasWrapped && { wrappedNative }),
  })
  const refused: LeftOut[] = []
  const added = new Set<string>()
  /** Returns the address as the token has it: to find a checksum anew takes long. */
  const add = (address: Hex): Hex => {
    const key = address.toLowerCase()
    const token = tokens.get(key)!
    if (!added.has(key)) builder.addToken(token)
    added.add(key)
    return token.address
  }
  if (hasWrapped) add(wrappedNative)
  for (const pool of parts.pools)
    try {
      const [token0, token1] = pool.tokens
      const named = [add(token0), add(token1)] as const
      builder.addPool({ ...pool, tokens: named, blockNumber })
    } catch (error) {
      // A contract that breaks the rules of its family is no pool of it.
      if (!(error instanceof ApexError)) throw error
      refused.push({
        dex: pool.dex,
        pool: pool.address,
        reason: error.message,
      })
    }
  return { market: builder.build(), refused }
}
