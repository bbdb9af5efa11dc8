import type { Dex } from '../../../../market/dex.ts'
import { hasCode } from '../chain/checkNode.ts'
import type { CallReader } from '../lane/callReader.ts'
import type { FetchWork } from '../shard/fetchWork.ts'
import { type Found, findPools } from './findPools.ts'

const noCode = 'no contract at its address at this block'

/** The pools of a DEX, found once and kept in the journal. */
export async function findDex(
  work: FetchWork,
  reader: CallReader,
  dex: Dex,
): Promise<Found> {
  const { name } = dex
  return await work.once('found', name, 0, async () => {
    const found = await find(work, reader, dex)
    return { type: 'found', dex: name, ...found }
  })
}

async function find(
  work: FetchWork,
  reader: CallReader,
  dex: Dex,
): Promise<Found> {
  const { rpc, discovery, fromBlock, poolsPerDex, signal } = work.options
  const { name } = dex
  if (!(await hasCode(rpc, dex.address, reader.blockNumber, signal)))
    return { pools: [], leftOut: [{ dex: name, reason: noCode }] }
  return await findPools({
    rpc,
    reader,
    dex,
    discovery: discovery ?? 'auto',
    fromBlock: fromBlock ?? 0,
    limit: poolsPerDex ?? Number.POSITIVE_INFINITY,
    ...(signal && { signal }),
    onProgress: (done, total) =>
      work.report({ stage: 'find', dex: name, done, total }),
  })
}
