import type { Hex } from '../../../core/hex.ts'
import type { Pool } from '../../../market/pool.ts'
import type { PoolReading } from './found.ts'
import { type KnownPoolsOptions, readKnownPools } from './readKnownPools.ts'

/** What {@link rereadMarket} is given. */
export type RereadOptions = Omit<KnownPoolsOptions, 'block'> & {
  /** Default the market's own block. */
  readonly block?: number | 'latest'
}

/** A market held against the chain. */
export type MarketComparison = {
  readonly blockNumber: number
  /** The chain's hash of the market's own block, where it is another: the block was replaced. */
  readonly replacedBy?: Hex
  /** Pools that were read and compared. */
  readonly compared: number
  /** Pools whose DEX is not among those given. */
  readonly notCompared: readonly Pool[]
  readonly differences: readonly PoolDifference[]
}

/** How a pool differs from what its contract tells. */
export type PoolDifference = {
  readonly pool: Pool
  readonly fields: readonly FieldDifference[]
  /** Why the contract tells no state. */
  readonly reason?: string
}

export type FieldDifference = {
  readonly name: string
  /** As JSON, amounts in base units. */
  readonly market: string
  readonly chain: string
}

/**
 * Reads the pools of a market again, at its own block or another, and tells how
 * they differ; of ticks only those that the market knows.
 *
 * @throws RpcError where the node does not answer or has no such block.
 * @throws ChainMismatchError where the node is of another chain.
 * @example
 * const { differences } = await rereadMarket({ rpc, market, dexes: dexesOf(market.chainId) })
 */
export async function rereadMarket(
  options: RereadOptions,
): Promise<MarketComparison> {
  const { market } = options
  const { block, readings, notRead } = await readKnownPools(
    { ...options, block: options.block ?? market.blockNumber },
    (pool) => ({ range: rangeOf(pool) }),
  )
  const { blockNumber, blockHash } = block
  const isReplaced =
    blockNumber === market.blockNumber &&
    market.blockHash !== undefined &&
    market.blockHash.toLowerCase() !== blockHash.toLowerCase()
  return {
    blockNumber,
    ...(isReplaced && { replacedBy: blockHash }),
    compared: readings.length,
    notCompared: notRead,
    differences: readings.flatMap(([pool, reading]) =>
      differenceOf(pool, reading),
    ),
  }
}

function rangeOf(pool: Pool): readonly [number, number] {
  return pool.family === 'concentrated' ? pool.knownTicks : [0, 0]
}

function differenceOf(pool: Pool, reading: PoolReading): PoolDifference[] {
  if ('reason' in reading) return [{ pool, fields: [], reason: reading.reason }]
  const chain = comparable(reading, rangeOf(pool))
  const own = comparable(pool, rangeOf(pool))
  const fields = [...new Set([...own.keys(), ...chain.keys()])].flatMap(
    (name) => {
      const [a, b] = [own.get(name) ?? 'none', chain.get(name) ?? 'none']
      return a === b ? [] : [{ name, market: a, chain: b }]
    },
  )
  return fields.length === 0 ? [] : [{ pool, fields }]
}

/** The fields that a reading and a market must agree in, as JSON. */
function comparable(
  pool: Pool,
  [low, high]: readonly [number, number],
): ReadonlyMap<string, string> {
  const { blockNumber: _, address: __, ...fields } = pool
  const entries = Object.entries(fields)
    // How far ticks are known is of the reading, not of the chain.
    .filter(([name]) => name !== 'knownTicks')
    .map(([name, value]): [string, string] => {
      const shown =
        name === 'ticks' && pool.family === 'concentrated'
          ? pool.ticks.filter(([tick]) => tick >= low && tick <= high)
          : value
      return [name, asJson(shown)]
    })
  return new Map(entries)
}

function asJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === 'bigint'
      ? `${entry}`
      : typeof entry === 'string' && entry.startsWith('0x')
        ? entry.toLowerCase()
        : entry,
  )
}
