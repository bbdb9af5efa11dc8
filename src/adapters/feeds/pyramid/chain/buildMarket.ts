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
  const add = (token: Hex): void => {
    const key = token.toLowerCase()
    if (!added.has(key)) builder.addToken(tokens.get(key)!)
    added.add(key)
  }
  if (hasWrapped) add(wrappedNative)
  for (const pool of parts.pools)
    try {
      for (const token of pool.tokens) add(token)
      builder.addPool({ ...pool, blockNumber })
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
