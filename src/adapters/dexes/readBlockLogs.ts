import type { Hex } from '../../core/hex.ts'
import type { Log } from '../../core/rpc.ts'
import { PoolInvalidError } from '../../engine/errors.ts'
import { closedPool } from '../../market/closedPool.ts'
import type { DexProtocol } from '../../market/dex.ts'
import type { PoolChange } from '../../market/marketBlock.ts'
import type { Pool } from '../../market/pool.ts'

/** Who knows the pools that logs are about. */
export type PoolLookup = {
  /**
   * Told of a log that is not as its event says: its pool holds nothing then,
   * and the others go on. Default: the error is thrown.
   */
  onFault?(error: unknown): void
  /** The pool of this address or id, in any case of letters; undefined where there is none. */
  pool(address: Hex): Pool | undefined
  /** The protocol that speaks for a pool. */
  protocol(pool: Pool): DexProtocol | undefined
}

/**
 * What the logs of a block change, one change a pool: all its logs together, in
 * their order. Logs of unknown pools and of other events are passed over.
 *
 * @param logs of one block, in the order of their `logIndex`.
 * @param protocols those whose logs are looked for.
 */
export function readBlockLogs(
  logs: readonly Log[],
  protocols: readonly DexProtocol[],
  lookup: PoolLookup,
): readonly PoolChange[] {
  const speakers = byTopic(protocols)
  const touched = new Map<string, Touched>()
  for (const log of logs) {
    const topic = log.topics[0]?.toLowerCase()
    for (const protocol of (topic && speakers.get(topic)) || []) {
      const address = protocol.poolOf(log)
      const key = address.toLowerCase()
      const pool = touched.get(key)?.pool ?? lookup.pool(address)
      // Several protocols know an event: the pool's own reads it.
      if (!pool || lookup.protocol(pool) !== protocol) continue
      const change = changeBy(protocol, pool, log, lookup)
      if (change)
        touched.set(key, {
          pool: { ...pool, ...withoutName(change) } as Pool,
          change: { ...touched.get(key)?.change, ...change },
        })
      break
    }
  }
  return [...touched.values()].map(({ change }) => change)
}

function changeBy(
  protocol: DexProtocol,
  pool: Pool,
  log: Log,
  { onFault }: PoolLookup,
): PoolChange | undefined {
  if (!onFault) return protocol.changeOf(pool, log)
  try {
    return protocol.changeOf(pool, log)
  } catch (cause) {
    const { address, dex } = pool
    onFault(
      new PoolInvalidError(
        `a log of the ${dex} pool ${address} is not as its event says`,
        { facts: { pool: address, dex }, cause },
      ),
    )
    return closedPool(pool)
  }
}

/** A pool as the logs so far left it, and what they changed. */
type Touched = { readonly pool: Pool; readonly change: PoolChange }

function byTopic(
  protocols: readonly DexProtocol[],
): ReadonlyMap<string, readonly DexProtocol[]> {
  const speakers = new Map<string, DexProtocol[]>()
  for (const protocol of protocols)
    for (const topic of protocol.topics) {
      const known = speakers.get(topic) ?? []
      known.push(protocol)
      speakers.set(topic, known)
    }
  return speakers
}

function withoutName({
  pool: _,
  ...fields
}: PoolChange): Omit<PoolChange, 'pool'> {
  return fields
}
