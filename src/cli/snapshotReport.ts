import type {
  MarketComparison,
  PoolDifference,
} from '../adapters/feeds/pyramid/index.ts'

const longestValue = 200

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
