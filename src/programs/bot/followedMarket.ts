import type { Dex } from '../../market/dex.ts'
import { MarketConflictError } from '../../market/errors.ts'
import type { Market } from '../../market/market.ts'
import { createMarket } from '../../market/marketBuilder.ts'

/** A market without the pools of DEXes whose logs are not followed, and how many those were. */
export type FollowedMarket = {
  readonly market: Market
  readonly leftOut: number
}

/**
 * Keeps of a market the pools whose logs move them: the others would stay as
 * they are while the chain goes on, and give cycles and prices of the past.
 *
 * @throws MarketConflictError where none is left.
 */
export function followedMarket(
  market: Market,
  dexes: readonly Dex[],
): FollowedMarket {
  const names = new Set(dexes.map(({ name }) => name))
  const pools = market.pools.filter(({ dex }) => names.has(dex))
  const leftOut = market.pools.length - pools.length
  if (leftOut === 0) return { market, leftOut }
  if (pools.length === 0)
    throw new MarketConflictError(
      `none of the market's ${leftOut} pools is of a DEX that is followed`,
      { hint: 'name their DEXes, or write it anew with: apex snapshot' },
    )
  const { chainId, blockNumber, blockHash, notes, tokens } = market
  const wrappedNative = market.wrappedNative?.address
  return {
    market: createMarket({
      chainId,
      blockNumber,
      ...(blockHash && { blockHash }),
      ...(wrappedNative && { wrappedNative }),
      notes,
      tokens,
      pools,
    }),
    leftOut,
  }
}
