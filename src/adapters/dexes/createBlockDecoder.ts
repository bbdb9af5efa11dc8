import { ApexError } from '../../core/errors.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { BlockDecoder, PoolAt } from '../../market/blockDecoder.ts'
import { changedPool } from '../../market/changedPool.ts'
import type { Dex, DexProtocol } from '../../market/dex.ts'
import type { Market } from '../../market/market.ts'
import type { PoolChange } from '../../market/marketBlock.ts'
import type { Pool } from '../../market/pool.ts'
import { dexProtocol } from './index.ts'
import { readBlockLogs } from './readBlockLogs.ts'

/**
 * Makes blocks with logs into changes of a market; logs of other contracts are
 * passed over.
 *
 * @param dexes those that the market's pools are of.
 * @param onFault told of a log or an answer that makes no sense, or of a node's
 * error about one DEX: the others go on. Default: it is thrown.
 * @throws AdapterUnknownError where a DEX is of an unknown protocol.
 * @example
 * const decoder = createBlockDecoder(market, dexesOf(market.chainId))
 * for await (const block of readHistory(file)) apex.update(decoder.decode(block))
 */
export function createBlockDecoder(
  market: Market,
  dexes: readonly Dex[],
  onFault?: (error: unknown) => void,
): BlockDecoder {
  const protocolOf = new Map<string, DexProtocol>(
    dexes.map(({ name, protocol }) => [name, dexProtocol(protocol)]),
  )
  const protocols = [...new Set(protocolOf.values())]
  const protocol = ({ dex }: Pool): DexProtocol | undefined =>
    protocolOf.get(dex)
  const changesOf: BlockDecoder['changesOf'] = (logs, poolAt) =>
    readBlockLogs(logs, protocols, {
      pool: poolAt,
      protocol,
      ...(onFault && { onFault }),
    })
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
      const pools = timed().map((place) => market.pools[place]!)
      const told = new Set<string>()
      const changes = await Promise.all(
        pools.map(async (pool) => {
          try {
            return await nextChange(protocol(pool)!, rpc, pool, timestamp)
          } catch (error) {
            if (!onFault || !(error instanceof ApexError)) throw error
            // A node that is gone fails for each of them.
            if (!told.has(pool.dex)) onFault(error)
            told.add(pool.dex)
            return undefined
          }
        }),
      )
      return changes.filter((change) => change !== undefined)
    },
  }
}

/** @throws RpcError, PoolInvalidError where what the contract tells is no state of the pool. */
async function nextChange(
  protocol: DexProtocol,
  rpc: Rpc,
  pool: Pool,
  timestamp: number,
): Promise<PoolChange | undefined> {
  const change = await protocol.nextChange?.(rpc, pool, timestamp)
  if (change) changedPool(pool, change, pool.blockNumber ?? 0)
  return change
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
