import type { Hex } from '../../../../core/hex.ts'
import type { Found } from '../dex/findPools.ts'
import type { TokensByAddress } from '../found.ts'
import { inParallel, shardSize, shardsOf } from '../inParallel.ts'
import type { CallReader } from '../lane/callReader.ts'
import type { FetchWork } from '../shard/fetchWork.ts'
import { readTokenShard } from '../shard/readTokenShard.ts'

/** The tokens of all pools that were found, and the wrapped coin's, shard by shard. */
export async function readAllTokens(
  work: FetchWork,
  reader: CallReader,
  {
    chainId,
    found,
    wrappedNative,
  }: {
    readonly chainId: number
    readonly found: readonly Found[]
    readonly wrappedNative: Hex | undefined
  },
): Promise<TokensByAddress> {
  const pools = found.flatMap((of) => of.pools)
  const addresses = [
    ...new Set(
      [
        ...(wrappedNative ? [wrappedNative] : []),
        ...pools.flatMap(({ tokens }) => tokens),
      ].map((token) => token.toLowerCase() as Hex),
    ),
  ]
  let done = 0
  const shards = await inParallel(
    shardsOf(addresses, shardSize),
    async (shard, place) => {
      const tokens = await readTokenShard(work, reader, {
        chainId,
        place,
        addresses: shard,
      })
      done += shard.length
      const total = addresses.length
      work.report({ stage: 'tokens', dex: undefined, done, total })
      return tokens
    },
  )
  return new Map(
    shards.flat().map((token) => [token.address.toLowerCase(), token]),
  )
}
