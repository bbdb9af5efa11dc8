import type { Dex } from '../../../../market/dex.ts'
import type { Pool } from '../../../../market/pool.ts'
import { type FoundPool, type TokensByAddress, tokenKeptOut } from '../found.ts'
import { inParallel, shardSize, shardsOf } from '../inParallel.ts'
import type { CallReader } from '../lane/callReader.ts'
import type { FetchWork } from '../shard/fetchWork.ts'
import { readPoolShard } from '../shard/readPoolShard.ts'

/** The states of a DEX's pools, shard by shard; those with a token that is kept out are left out. */
export async function readDex(
  work: FetchWork,
  reader: CallReader,
  dex: Dex,
  found: readonly FoundPool[],
  tokens: TokensByAddress,
): Promise<readonly Pool[]> {
  const { name } = dex
  const pools = found.filter((pool) => {
    const missing = pool.tokens.find(
      (token) => !tokens.has(token.toLowerCase()),
    )
    if (missing)
      work.leaveOut({
        dex: name,
        pool: pool.address,
        token: missing,
        reason: tokenKeptOut,
      })
    return missing === undefined
  })
  let done = 0
  const shards = await inParallel(
    shardsOf(pools, shardSize),
    async (shard, place) => {
      const read = await readPoolShard(work, reader, {
        dex,
        place,
        pools: shard,
        tokens,
      })
      done += shard.length
      work.report({ stage: 'pools', dex: name, done, total: pools.length })
      return read
    },
  )
  return shards.flat()
}
