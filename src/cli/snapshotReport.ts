import type {
  FetchedMarket,
  LeftOut,
  MarketComparison,
  PoolDifference,
} from '../adapters/feeds/pyramid/index.ts'
import { groupThousands } from '../core/units.ts'
import type { Io } from './io.ts'
import { renderTable } from './table.ts'

/** A market that was read and written. */
export type Taken = FetchedMarket & {
  readonly file: string
  readonly chainId: number
  readonly seconds: number
}

const longestValue = 200

/** What was read and what was left out, for people. */
export function fetchedText(taken: Taken, io: Io): string {
  const { market, chainId, file, requests, seconds, untried } = taken
  return [
    `${groupThousands(market.pools.length)} pools and ${groupThousands(market.tokens.length)} tokens of chain ${chainId} at block ${market.blockNumber}: ${file}\n`,
    `${groupThousands(requests)} requests in ${seconds.toFixed(1)} s\n`,
    countTable('left out of', taken.leftOut, io),
    countTable('not tried out', untried, io),
  ].join('')
}

/** The same for machines. */
export function fetchedJson(taken: Taken): object {
  const { market, ...rest } = taken
  return {
    ...rest,
    blockNumber: market.blockNumber,
    blockHash: market.blockHash,
    pools: market.pools.length,
    tokens: market.tokens.length,
  }
}

/** A line for each DEX that is missing from the market. */
export function failedLines({
  chainId,
  failedDexes,
  leftOut,
}: Taken): readonly string[] {
  return failedDexes.map((name) => {
    const whole = leftOut.find(
      ({ dex, pool, token }) => dex === name && !pool && !token,
    )
    return `${name} of chain ${chainId} is left out: ${whole?.reason}\n`
  })
}

/** How often each reason was given, by DEX. */
function countTable(head: string, all: readonly LeftOut[], io: Io): string {
  if (all.length === 0) return ''
  const counts = new Map<string, number>()
  for (const { dex, reason } of all) {
    const key = JSON.stringify([dex ?? '', reason])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const rows = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => {
      const [dex, reason] = JSON.parse(key) as [string, string]
      return [dex || 'token', groupThousands(count), reason]
    })
  return `\n${renderTable(
    [
      { head, align: 'left' },
      { head: 'count', align: 'right' },
      { head: 'because', align: 'left' },
    ],
    rows,
    io,
  )}`
}

/** What a comparison found, for people. */
export function comparisonText(file: string, found: MarketComparison): string {
  const { blockNumber, compared, notCompared, differences, replacedBy } = found
  const lines = differences.map(differenceText)
  if (replacedBy !== undefined)
    lines.push(
      `block ${blockNumber} was replaced: the chain's has hash ${replacedBy}`,
    )
  const equal = compared - differences.length
  const rest =
    notCompared.length > 0
      ? ` (${notCompared.length} more are of DEXes that were not named)`
      : ''
  lines.push(
    `${file}: ${equal} of ${compared} pools equal at block ${blockNumber}${rest}`,
  )
  return `${lines.join('\n')}\n`
}

/** The same for machines. */
export function comparisonJson(found: MarketComparison): object {
  const { notCompared, differences, ...rest } = found
  return {
    ...rest,
    notCompared: notCompared.length,
    differences: differences.map(({ pool, fields, reason }) => ({
      pool: pool.address,
      dex: pool.dex,
      fields,
      ...(reason !== undefined && { reason }),
    })),
  }
}

function differenceText({ pool, fields, reason }: PoolDifference): string {
  const what =
    reason ??
    fields
      .map(
        ({ name, market, chain }) =>
          `${name} ${shown(market)} in the file, ${shown(chain)} on the chain`,
      )
      .join('; ')
  return `${pool.dex} ${pool.address}: ${what}`
}

/** Lists of ticks are long. */
function shown(value: string): string {
  return value.length > longestValue
    ? `${value.slice(0, longestValue)}…`
    : value
}
