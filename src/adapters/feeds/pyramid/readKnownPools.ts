import { ChainMismatchError } from '../../../core/chainMismatchError.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Market } from '../../../market/market.ts'
import type { Pool } from '../../../market/pool.ts'
import { checkMulticall } from './chain/checkNode.ts'
import { askPatiently, type PinnedBlock, pinBlock } from './chain/pinBlock.ts'
import { pyramidProtocols } from './dex/protocols.ts'
import { reasonOf, runApart } from './dex/runApart.ts'
import type { FoundPool, PoolReading, TickWindow } from './found.ts'
import { inParallel, shardSize, shardsOf } from './inParallel.ts'
import { createCallReader } from './lane/callReader.ts'
import { canonicalMulticall3 } from './lane/multicall.ts'

/** Which pools are read anew, and where. */
export type KnownPoolsOptions = {
  readonly rpc: Rpc
  readonly market: Market
  /** The DEXes of its pools; pools of others are not read. */
  readonly dexes: readonly Dex[]
  readonly block: number | 'latest'
  /** Default the address where Multicall3 lies on nearly every chain. */
  readonly multicall3?: Hex
  readonly signal?: AbortSignal
  /** So many pools are read, of so many. */
  onProgress?(done: number, total: number): void
}

/** A market's pools as their contracts tell them. */
export type KnownPools = {
  readonly block: PinnedBlock
  readonly readings: readonly (readonly [Pool, PoolReading])[]
  /** Pools whose DEX is not among those given. */
  readonly notRead: readonly Pool[]
}

/**
 * Reads the states of a market's pools at one block, without finding the pools
 * or their tokens again; `windowOf` says which ticks of a pool. Those of a DEX that
 * cannot be read have its fault for their reason.
 *
 * @throws RpcError where the node does not answer, or has no such block or no
 * Multicall3 there.
 * @throws ChainMismatchError where the node is of another chain.
 */
export async function readKnownPools(
  options: KnownPoolsOptions,
  windowOf: (pool: Pool) => TickWindow,
): Promise<KnownPools> {
  const { rpc, market, signal } = options
  const chainId = Number(await askPatiently(rpc, 'eth_chainId', [], signal))
  if (chainId !== market.chainId)
    throw new ChainMismatchError(market.chainId, chainId)
  const block = await pinBlock(rpc, options.block, signal)
  const { multicall3 = canonicalMulticall3 } = options
  await checkMulticall(rpc, multicall3, block.blockNumber, signal)
  const reader = createCallReader({
    rpc,
    multicall3,
    blockNumber: block.blockNumber,
    ...(signal && { signal }),
  })
  const dexes = options.dexes.filter(({ protocol }) =>
    pyramidProtocols.has(protocol),
  )
  const names = new Set(dexes.map(({ name }) => name))
  const isRead = ({ dex }: Pool): boolean => names.has(dex)
  const total = market.pools.filter(isRead).length
  let done = 0
  const readings = await inParallel(dexes, async (dex) => {
    const { read } = pyramidProtocols.get(dex.protocol)!
    const pools = market.pools.filter((pool) => pool.dex === dex.name)
    const part = await runApart(reader, () =>
      inParallel(shardsOf(pools, shardSize), async (shard) => {
        const known = await read(reader, {
          dex,
          pools: shard.map(identityOf),
          decimalsOf: (token) => market.token(token).decimals,
          windowOf: ({ address }) => windowOf(market.pool(address)),
        })
        done += shard.length
        options.onProgress?.(done, total)
        return shard.map((pool, i) => [pool, known[i]!] as const)
      }),
    )
    if ('result' in part) return part.result.flat()
    const reason = reasonOf(part.fault)
    return pools.map((pool) => [pool, { reason }] as const)
  })
  return {
    block,
    readings: readings.flat(),
    notRead: market.pools.filter((pool) => !isRead(pool)),
  }
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
