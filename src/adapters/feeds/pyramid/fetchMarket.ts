import { buildMarket } from './chain/buildMarket.ts'
import { checkChain, checkMulticall } from './chain/checkNode.ts'
import { keepSound } from './chain/keepSound.ts'
import { openFetch } from './chain/openFetch.ts'
import { checkPinned } from './chain/pinBlock.ts'
import { readAllTokens } from './chain/readAllTokens.ts'
import { wrappedNativeOf } from './chain/wrappedNativeOf.ts'
import { findDex } from './dex/findDex.ts'
import { protocolOf } from './dex/protocols.ts'
import { readDex } from './dex/readDex.ts'
import type { FetchedMarket, FetchOptions } from './fetchOptions.ts'
import { inParallel } from './inParallel.ts'
import { createCallReader } from './lane/callReader.ts'
import { canonicalMulticall3 } from './lane/multicall.ts'
import { FetchWork } from './shard/fetchWork.ts'

/**
 * Reads the pools of a chain's DEXes, their tokens and states at one block, in
 * a pyramid: four DEXes at once, four shards of each, four lanes of a shard,
 * each lane a Multicall3 batch of the size the node takes. A DEX that cannot be
 * read is left out, as long as the node tells of another.
 *
 * @throws RpcError where the node does not answer, or replaced the block meanwhile.
 * @throws ChainMismatchError where a DEX is of another chain.
 * @throws AdapterUnknownError where a DEX is of an unknown protocol.
 * @example
 * const { market, leftOut } = await fetchMarket({ rpc, dexes: dexesOf(8453), poolsPerDex: 1000 })
 */
export async function fetchMarket(
  options: FetchOptions,
): Promise<FetchedMarket> {
  const { rpc, dexes, signal, multicall3 = canonicalMulticall3 } = options
  for (const dex of dexes) protocolOf(dex)
  const chainId = await checkChain(options)
  const { block, entries } = await openFetch(options, chainId)
  await checkMulticall(rpc, multicall3, block.blockNumber, signal)
  const reader = createCallReader({
    rpc,
    multicall3,
    blockNumber: block.blockNumber,
    usesLens: true,
    ...(options.batchSize && { batchSize: options.batchSize }),
    ...(signal && { signal }),
  })
  const work = new FetchWork(options, entries)
  const wrappedNative = wrappedNativeOf(options, chainId)

  const found = await inParallel(dexes, (dex) =>
    work.apart(reader, dex, () => findDex(work, reader, dex)),
  )
  const tokens = await readAllTokens(work, reader, {
    chainId,
    found: found.filter((of) => of !== undefined),
    wrappedNative,
  })
  const pools = await inParallel(
    dexes,
    async (dex, i) =>
      found[i] &&
      (await work.apart(reader, dex, () =>
        readDex(work, reader, dex, found[i]!.pools, tokens),
      )),
  )
  work.checkAnyLeft()

  const readable = pools.flatMap((of) => of ?? [])
  const { sound, untried } = await keepSound(work, readable, {
    chainId,
    blockNumber: block.blockNumber,
    wrappedNative,
  })

  await checkPinned(rpc, block, signal)
  const { market, refused } = buildMarket({
    chainId,
    ...block,
    wrappedNative,
    tokens,
    pools: sound,
  })
  return {
    market,
    leftOut: [...work.leftOut, ...refused],
    untried,
    failedDexes: work.failedDexes,
    requests: reader.requests,
  }
}
