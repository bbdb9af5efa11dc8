import type { Market } from '../../../market/market.ts'
import type { Pool } from '../../../market/pool.ts'
import { buildMarket } from './chain/buildMarket.ts'
import { checkPinned } from './chain/pinBlock.ts'
import type { LeftOut, TickWindow } from './found.ts'
import { type KnownPoolsOptions, readKnownPools } from './readKnownPools.ts'

/** What {@link refreshMarket} is given. */
export type RefreshOptions = Omit<KnownPoolsOptions, 'block'> & {
  /** Default the latest. */
  readonly block?: number | 'latest'
}

/** A market at another block than before. */
export type RefreshedMarket = {
  readonly market: Market
  /** Pools that are not in it any more, and why. */
  readonly leftOut: readonly LeftOut[]
}

/**
 * Brings a market to the chain's latest block: the states of its pools are read
 * anew, as wide round today's price as they were known round the old one. Pools
 * of no DEX given, and those that do not answer, are left out.
 *
 * @throws RpcError where the node does not answer, or replaced the block meanwhile.
 * @throws ChainMismatchError where the node is of another chain.
 * @example
 * const { market } = await refreshMarket({ rpc, market: ofYesterday, dexes: dexesOf(8453) })
 */
export async function refreshMarket(
  options: RefreshOptions,
): Promise<RefreshedMarket> {
  const { rpc, signal } = options
  const { chainId, wrappedNative, tokens } = options.market
  const { block, readings, notRead } = await readKnownPools(
    { ...options, block: options.block ?? 'latest' },
    windowOf,
  )
  await checkPinned(rpc, block, signal)
  const pools: Pool[] = []
  const leftOut: LeftOut[] = notRead.map(({ dex, address }) => ({
    dex,
    pool: address,
    reason: 'its DEX is not followed',
  }))
  for (const [{ dex, address }, reading] of readings)
    if ('reason' in reading)
      leftOut.push({ dex, pool: address, reason: reading.reason })
    else pools.push(reading)
  const { market, refused } = buildMarket({
    chainId,
    ...block,
    wrappedNative: wrappedNative?.address,
    tokens: new Map(
      tokens.map((token) => [token.address.toLowerCase(), token]),
    ),
    pools,
  })
  return { market, leftOut: [...leftOut, ...refused] }
}

function windowOf(pool: Pool): TickWindow {
  if (pool.family !== 'concentrated') return { ticks: 0 }
  const [low, high] = pool.knownTicks
  return { ticks: high - low }
}
