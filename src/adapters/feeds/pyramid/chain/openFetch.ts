import type { RpcError } from '../../../../core/rpcError.ts'
import { defaultTickWords, type FetchOptions } from '../fetchOptions.ts'
import { canonicalMulticall3 } from '../lane/multicall.ts'
import { nodeFault } from '../lane/nodeFaults.ts'
import {
  headerLine,
  type JournalEntry,
  type JournalHeader,
  readJournal,
} from '../shard/journal.ts'
import { hasCode } from './checkNode.ts'
import { findBlock, type PinnedBlock, pinBlock } from './pinBlock.ts'

/** Where a fetch begins. */
export type FetchStart = {
  readonly block: PinnedBlock
  /** What an earlier run has done, by its key. */
  readonly entries: ReadonlyMap<string, JournalEntry>
}

/**
 * Goes on where the journal's fetch was of the same, else begins a new one;
 * tells of it where the node has lost the block that was read so far.
 */
export async function openFetch(
  options: FetchOptions,
  chainId: number,
): Promise<FetchStart> {
  const { rpc, journal, signal, block = 'latest' } = options
  const plan = planOf(options)
  const { header, entries } = readJournal(journal?.lines ?? [])
  const isSame =
    header?.chainId === chainId &&
    header.plan === plan &&
    (block === 'latest' || block === header.blockNumber)
  const why = isSame ? await whyLost(options, header) : undefined
  if (isSame && why === undefined) {
    const { blockNumber, blockHash } = header
    return { block: { blockNumber, blockHash }, entries }
  }
  const pinned = await pinBlock(rpc, block, signal)
  if (isSame)
    options.onNotice?.(
      `what was read at block ${header.blockNumber} is of no use, ${why}: begun anew at block ${pinned.blockNumber}`,
    )
  await journal?.append(headerLine({ chainId, ...pinned, plan }))
  return { block: pinned, entries: new Map() }
}

/** Why nothing can be read at the journal's block any more; undefined where it can. */
async function whyLost(
  { rpc, multicall3 = canonicalMulticall3, signal }: FetchOptions,
  { blockNumber, blockHash }: JournalHeader,
): Promise<string | undefined> {
  const now = await findBlock(rpc, blockNumber, signal)
  if (!now) return 'the node does not have this block'
  if (now.blockHash !== blockHash) return 'the block was replaced'
  try {
    await hasCode(rpc, multicall3, blockNumber, signal)
    return undefined
  } catch (error) {
    const fault = nodeFault(error)
    if (fault === 'rate' || fault === 'silence') throw error
    return `the node does not have its state any more (${(error as RpcError).message})`
  }
}

/** The options that shape the result. */
function planOf(options: FetchOptions): string {
  const { dexes, poolsPerDex, tickWords, discovery, fromBlock } = options
  const names = dexes.map(({ name, address }) => `${name} ${address}`)
  const { wrappedNative, tokenCheck } = options
  return JSON.stringify([
    names,
    `${poolsPerDex ?? 'all'}`,
    `${tickWords ?? defaultTickWords}`,
    discovery ?? 'auto',
    fromBlock ?? 0,
    wrappedNative ?? '',
    tokenCheck?.known ?? 'untried',
  ])
}
