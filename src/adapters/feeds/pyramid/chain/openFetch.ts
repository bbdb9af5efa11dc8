import { defaultTickWords, type FetchOptions } from '../fetchOptions.ts'
import { headerLine, type JournalEntry, readJournal } from '../shard/journal.ts'
import { type PinnedBlock, pinBlock } from './pinBlock.ts'

/** Where a fetch begins. */
export type FetchStart = {
  readonly block: PinnedBlock
  /** What an earlier run has done, by its key. */
  readonly entries: ReadonlyMap<string, JournalEntry>
}

/** Goes on where the journal's fetch was of the same, else begins a new one. */
export async function openFetch(
  options: FetchOptions,
  chainId: number,
): Promise<FetchStart> {
  const { rpc, journal, signal, block = 'latest' } = options
  const plan = planOf(options)
  const { header, entries } = readJournal(journal?.lines ?? [])
  if (
    header?.chainId === chainId &&
    header.plan === plan &&
    (block === 'latest' || block === header.blockNumber)
  ) {
    const now = await pinBlock(rpc, header.blockNumber, signal)
    if (now.blockHash === header.blockHash) return { block: now, entries }
  }
  const pinned = await pinBlock(rpc, block, signal)
  await journal?.append(headerLine({ chainId, ...pinned, plan }))
  return { block: pinned, entries: new Map() }
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
