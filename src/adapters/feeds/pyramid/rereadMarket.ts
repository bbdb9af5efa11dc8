import { ChainMismatchError } from '../../../core/chainMismatchError.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Market } from '../../../market/market.ts'
import type { Pool } from '../../../market/pool.ts'
import { askPatiently, pinBlock } from './chain/pinBlock.ts'
import { pyramidProtocols } from './dex/protocols.ts'
import type { FoundPool, PoolReading } from './found.ts'
import { inParallel, shardSize, shardsOf } from './inParallel.ts'
import { createCallReader } from './lane/callReader.ts'
import { canonicalMulticall3 } from './lane/multicall.ts'

/** What {@link rereadMarket} is given. */
export type RereadOptions = {
  readonly rpc: Rpc
  readonly market: Market
  /** The DEXes of its pools; pools of others are not compared. */
  readonly dexes: readonly Dex[]
  /** Default the market's own block. */
  readonly block?: number | 'latest'
  /** Default the address where Multicall3 lies on nearly every chain. */
  readonly multicall3?: Hex
  readonly signal?: AbortSignal
  /** So many pools are read, of so many. */
  onProgress?(done: number, total: number): void
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
  const { rpc, market, dexes, signal } = options
  const chainId = Number(await askPatiently(rpc, 'eth_chainId', [], signal))
  if (chainId !== market.chainId)
    throw new ChainMismatchError(market.chainId, chainId)
  const block = options.block ?? market.blockNumber
  const { blockNumber, blockHash } = await pinBlock(rpc, block, signal)
  const reader = createCallReader({
    rpc,
    multicall3: options.multicall3 ?? canonicalMulticall3,
    blockNumber,
    ...(signal && { signal }),
  })
  const known = dexes.filter(({ protocol }) => pyramidProtocols.has(protocol))
  const names = new Set(known.map(({ name }) => name))
  const total = market.pools.filter(({ dex }) => names.has(dex)).length
  let done = 0
  const differences = await inParallel(known, async (dex) => {
    const pools = market.pools.filter((pool) => pool.dex === dex.name)
    const shards = await inParallel(
      shardsOf(pools, shardSize),
      async (shard) => {
        const windows = new Map(
          shard.map((pool) => [pool.address, rangeOf(pool)]),
        )
        const readings = await pyramidProtocols
          .get(dex.protocol)!
          .read(reader, {
            dex,
            pools: shard.map(identityOf),
            decimalsOf: (token) => market.token(token).decimals,
            windowOf: ({ address }) => ({ range: windows.get(address)! }),
          })
        done += shard.length
        options.onProgress?.(done, total)
        return shard.flatMap((pool, i) => differenceOf(pool, readings[i]!))
      },
    )
    return shards.flat()
  })
  const isReplaced =
    blockNumber === market.blockNumber &&
    market.blockHash !== undefined &&
    market.blockHash.toLowerCase() !== blockHash.toLowerCase()
  return {
    blockNumber,
    ...(isReplaced && { replacedBy: blockHash }),
    compared: total,
    notCompared: market.pools.filter(({ dex }) => !names.has(dex)),
    differences: differences.flat(),
  }
}

function rangeOf(pool: Pool): readonly [number, number] {
  return pool.family === 'concentrated' ? pool.knownTicks : [0, 0]
}

function identityOf(pool: Pool): FoundPool {
  const { address, tokens, poolId } = pool
  return {
    address,
    tokens,
    ...(poolId && { poolId }),
    ...(pool.family === 'solidlyStable' && { isStable: true }),
    // The key of a V4 pool is in its name: it cannot be another's.
    ...(pool.family === 'concentrated' && {
      feePips: pool.feePips,
      tickSpacing: pool.tickSpacing,
    }),
  }
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
