import type { BlockDecoder } from '../../market/blockDecoder.ts'
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
  const places = new Map(
    market.pools.map(({ address }, i) => [address.toLowerCase(), i]),
  )
  const lookup = {
    pool: (address: string): Pool | undefined => {
      const place = places.get(address.toLowerCase())
      return place === undefined ? undefined : market.pools[place]
    },
    protocol: ({ dex }: Pool): DexProtocol | undefined => protocolOf.get(dex),
  }
  const timed = market.pools.flatMap((pool, place) =>
    protocolOf.get(pool.dex)?.nextChange ? [place] : [],
  )
  return {
    decode: ({ blockNumber, blockHash, parentHash, logs }) => ({
      blockNumber,
      blockHash,
      parentHash,
      changes: readBlockLogs(logs, protocols, lookup),
    }),
    async nextChanges(rpc, timestamp) {
      const changes = await Promise.all(
        timed.map((place) => {
          const pool = market.pools[place]!
          return protocolOf.get(pool.dex)!.nextChange!(rpc, pool, timestamp)
        }),
      )
      return changes.filter((change) => change !== undefined)
    },
  }
}
