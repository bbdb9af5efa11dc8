import type { Dex } from '../../../../market/dex.ts'
import type { Pool } from '../../../../market/pool.ts'
import { protocolOf } from '../dex/protocols.ts'
import { defaultTickWords } from '../fetchOptions.ts'
import type { FoundPool, LeftOut, TokensByAddress } from '../found.ts'
import type { CallReader } from '../lane/callReader.ts'
import type { FetchWork } from './fetchWork.ts'

/** Some pools of a DEX. */
export type PoolShard = {
  readonly dex: Dex
  /** Which of the DEX's shards this is. */
  readonly place: number
  readonly pools: readonly FoundPool[]
  readonly tokens: TokensByAddress
}

/** The states of a shard's pools, read once and kept in the journal. */
export async function readPoolShard(
  work: FetchWork,
  reader: CallReader,
  { dex, place, pools, tokens }: PoolShard,
): Promise<readonly Pool[]> {
  const { name } = dex
  const words = work.options.tickWords ?? defaultTickWords
  const entry = await work.once('pools', name, place, async () => {
    const readings = await protocolOf(dex).read(reader, {
      dex,
      pools,
      decimalsOf: (token) => tokens.get(token.toLowerCase())!.decimals,
      windowOf: () => ({ words }),
    })
    const kept: Pool[] = []
    const leftOut: LeftOut[] = []
    for (const [i, reading] of readings.entries()) {
      const pool = pools[i]!.address
      if ('reason' in reading)
        leftOut.push({ dex: name, pool, reason: reading.reason })
      else if (isEmpty(reading))
        leftOut.push({ dex: name, pool, reason: 'it is empty' })
      else kept.push(reading)
    }
    return { type: 'pools', dex: name, shard: place, pools: kept, leftOut }
  })
  return entry.pools
}

/** A pool that holds nothing is of no use. */
function isEmpty(pool: Pool): boolean {
  if (pool.family === 'concentrated')
    return pool.liquidity === 0n && pool.ticks.length === 0
  return (pool.family === 'stable' ? pool.balances : pool.reserves).includes(0n)
}
