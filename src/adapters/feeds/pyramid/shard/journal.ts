import type { Hex } from '../../../../core/hex.ts'
import type { Pool } from '../../../../market/pool.ts'
import { parsePoolRow, writePoolRow } from '../../../../market/poolRow.ts'
import type { PoolRow } from '../../../../market/pools/index.ts'
import type { Token } from '../../../../market/token.ts'
import type { FoundPool, LeftOut } from '../found.ts'
import type { TokenVerdict } from '../tokenTrials.ts'

/** Where a long fetch keeps what it has, so that another run goes on from there. */
export type PyramidJournal = {
  /** What earlier runs wrote, in order. */
  readonly lines: readonly string[]
  append(line: string): Promise<void>
}

/** What a fetch is of: a journal of another is of no use to it. */
export type JournalHeader = {
  readonly chainId: number
  readonly blockNumber: number
  readonly blockHash: Hex
  /** The options that shape the result. */
  readonly plan: string
}

/** A piece of work that is done. */
export type JournalEntry =
  | {
      readonly type: 'found'
      readonly dex: string
      readonly pools: readonly FoundPool[]
      readonly leftOut: readonly LeftOut[]
    }
  | {
      readonly type: 'tokens'
      readonly shard: number
      readonly tokens: readonly Token[]
      readonly leftOut: readonly LeftOut[]
    }
  | {
      readonly type: 'pools'
      readonly dex: string
      readonly shard: number
      readonly pools: readonly Pool[]
      readonly leftOut: readonly LeftOut[]
    }
  | {
      readonly type: 'payment'
      readonly tokens: readonly Hex[]
      readonly leftOut: readonly LeftOut[]
    }
  | {
      readonly type: 'trials'
      readonly shard: number
      readonly verdicts: readonly TokenVerdict[]
      readonly leftOut: readonly LeftOut[]
    }

/** A journal, read. */
export type JournalContent = {
  readonly header: JournalHeader | undefined
  /** By {@link entryKey}. */
  readonly entries: ReadonlyMap<string, JournalEntry>
}

/** Names a piece of work: each is done once. */
export function entryKey(
  type: JournalEntry['type'],
  dex: string,
  shard: number,
): string {
  return `${type} ${dex} ${shard}`
}

/** Reads a journal up to its first line that is none: a run may have ended within it. */
export function readJournal(lines: readonly string[]): JournalContent {
  let header: JournalHeader | undefined
  const entries = new Map<string, JournalEntry>()
  for (const line of lines) {
    let row: Row
    try {
      row = JSON.parse(line) as Row
      if (row.type === 'snapshot') {
        const { type: _, ...rest } = row
        header = rest
        entries.clear()
      } else {
        const entry = entryOf(row)
        const dex = 'dex' in entry ? entry.dex : ''
        const shard = 'shard' in entry ? entry.shard : 0
        entries.set(entryKey(entry.type, dex, shard), entry)
      }
    } catch {
      break
    }
  }
  return { header, entries }
}

/** The line that begins a journal. */
export function headerLine(header: JournalHeader): string {
  return JSON.stringify({ type: 'snapshot', ...header })
}

/** The line of a piece of work. */
export function entryLine(entry: JournalEntry): string {
  return JSON.stringify(
    entry.type === 'pools'
      ? { ...entry, pools: entry.pools.map(writePoolRow) }
      : entry,
  )
}

type Row =
  | ({ readonly type: 'snapshot' } & JournalHeader)
  | Exclude<JournalEntry, { readonly type: 'pools' }>
  | {
      readonly type: 'pools'
      readonly dex: string
      readonly shard: number
      readonly pools: readonly PoolRow[]
      readonly leftOut: readonly LeftOut[]
    }

function entryOf(
  row: Exclude<Row, { readonly type: 'snapshot' }>,
): JournalEntry {
  if (row.type !== 'pools') return row
  // A row of a stable pair tells its decimals itself.
  const pools = row.pools.map((pool) => parsePoolRow(pool, () => [0, 0]))
  return { ...row, pools }
}
