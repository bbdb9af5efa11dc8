import type { BlockDecoder, PoolAt } from '../../market/blockDecoder.ts'
import type { Dex, DexProtocol } from '../../market/dex.ts'
import type { Market } from '../../market/market.ts'
import type { Pool } from '../../market/pool.ts'
import { dexProtocol } from './index.ts'
import { readBlockLogs } from './readBlockLogs.ts'

/**
 * Makes blocks with logs into changes of a market; logs of other contracts are
 * passed over.
 *
 * @param dexes those that the market's pools are of.
 * @throws AdapterUnknownError where a DEX is of an unknown protocol.
 * @example
 * const decoder = createBlockDecoder(market, dexesOf(market.chainId))
 * for await (const block of readHistory(file)) apex.update(decoder.decode(block))
 */
export function createBlockDecoder(
  market: Market,
  dexes: readonly Dex[],
): BlockDecoder {
  const protocolOf = new Map<string, DexProtocol>(
    dexes.map(({ name, protocol }) => [name, dexProtocol(protocol)]),
  )
  const protocols = [...new Set(protocolOf.values())]
  const protocol = ({ dex }: Pool): DexProtocol | undefined =>
    protocolOf.get(dex)
  const changesOf: BlockDecoder['changesOf'] = (logs, poolAt) =>
    readBlockLogs(logs, protocols, { pool: poolAt, protocol })
  const poolAt: PoolAt = (address) => market.poolAt(address)
  const timed = timedPools(market, protocolOf)
  return {
    dexes,
    topics: [...new Set(protocols.flatMap(({ topics }) => topics))],
    changesOf,
    decode: ({ blockNumber, blockHash, parentHash, logs }) => ({
      blockNumber,
      blockHash,
      parentHash,
      changes: changesOf(logs, poolAt),
    }),
    async nextChanges(rpc, timestamp) {
      const changes = await Promise.all(
        timed().map((place) => {
          const pool = market.pools[place]!
          return protocolOf.get(pool.dex)!.nextChange!(rpc, pool, timestamp)
        }),
      )
      return changes.filter((change) => change !== undefined)
    },
  }
}

/** Tells the places of the pools whose fees follow the time, found again where pools have joined or left. */
function timedPools(
  market: Market,
  protocolOf: ReadonlyMap<string, DexProtocol>,
): () => readonly number[] {
  let poolSet: number | undefined
  let places: readonly number[] = []
  return () => {
    if (poolSet !== market.poolSet) {
      poolSet = market.poolSet
      places = market.pools.flatMap(({ dex }, place) =>
        protocolOf.get(dex)?.nextChange ? [place] : [],
      )
    }
    return places
  }
}
