import { Command } from 'commander'
import { createApex } from '../apex.ts'
import { nativeCoin, nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount, groupThousands } from '../core/units.ts'
import type { Market } from '../market/market.ts'
import type { Opportunity } from '../market/opportunity.ts'
import type { ScanResult } from '../services/scan/scan.ts'
import { list, nativeAmount, oneOf, wholeNumber } from './arguments.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { readMarket } from './readFile.ts'
import { renderTable } from './table.ts'

type Options = {
  readonly market: string
  readonly base?: readonly string[]
  readonly maxHops: '2' | '3' | '4'
  readonly minProfit?: bigint
  readonly limit: number
  readonly json?: true
}

/** `apex scan`: the profitable cycles of a market file. */
export function scanCommand(io: Io): Command {
  return new Command('scan')
    .description('list the profitable 2- to 4-hop cycles of a market')
    .requiredOption('--market <file>', 'market file, .jsonl or .jsonl.gz')
    .option(
      '--base <tokens>',
      'symbols or addresses of the tokens cycles start in, parted by commas (default: the wrapped native coin)',
      list('--base'),
    )
    .option(
      '--max-hops <n>',
      'longest cycle: 2, 3 or 4',
      oneOf('--max-hops', ['2', '3', '4']),
      '4',
    )
    .option(
      '--min-profit <amount>',
      'least gross profit, in the native coin (default: 0)',
      nativeAmount('--min-profit'),
    )
    .option(
      '--limit <n>',
      'how many to list, the best first; 0 lists all',
      wholeNumber('--limit', 0),
      20,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Cycles checked are all those the search covered, the ones it could rule out
without a look included. Profit is gross: before loan premium, gas and tip.

Examples:
  $ apex scan --market market.jsonl.gz
  $ apex scan --market market.jsonl.gz --base WETH,USDC --max-hops 3
  $ apex scan --market market.jsonl.gz --min-profit 0.01 --limit 0 --json`,
    )
    .action((options: Options) => scan(options, io))
}

async function scan(options: Options, io: Io): Promise<void> {
  const market = await readMarket(options.market, io)
  const apex = await createApex({ market })
  const result = apex.scan({
    ...(options.base && { baseTokens: options.base }),
    maxHops: Number(options.maxHops) as 2 | 3 | 4,
    minProfit: options.minProfit ?? 0n,
    limit: options.limit,
  })
  io.stdout(
    options.json ? toJson(scanJson(result)) : scanText(result, market, io),
  )
}

function scanJson(result: ScanResult): object {
  return {
    ...result,
    elapsedMs: Number(result.elapsedMs.toFixed(3)),
    opportunities: result.opportunities.map((opportunity) => ({
      id: opportunity.cycle.id,
      tokenIn: opportunity.cycle.tokenIn.address,
      amountIn: opportunity.amountIn,
      amountOut: opportunity.amountOut,
      grossProfit: opportunity.grossProfit,
      grossProfitNative: opportunity.grossProfitNative,
      hops: opportunity.cycle.hops.map((hop) => ({
        pool: hop.pool.address,
        dex: hop.pool.dex,
        tokenIn: hop.tokenIn.address,
        tokenOut: hop.tokenOut.address,
        amountIn: hop.amountIn,
        amountOut: hop.amountOut,
      })),
    })),
  }
}

function scanText(result: ScanResult, market: Market, io: Io): string {
  const { opportunities } = result
  const generated = isGenerated(market)
  const title = `${generated ? 'generated market' : 'market'}, chain ${result.chainId}, block ${result.blockNumber}`
  const found =
    opportunities.length > 0
      ? `${opportunityTable(opportunities, market, io)}\n`
      : 'no profitable cycle\n'
  const { elapsedMs } = result
  const counts = [
    `${groupThousands(result.pools)} pools`,
    `${groupThousands(result.cyclesChecked)} cycles checked`,
    `${groupThousands(result.profitable)} profitable`,
    `${elapsedMs < 10 ? elapsedMs.toFixed(2) : groupThousands(Math.round(elapsedMs))} ms`,
  ]
  return `${io.colors.bold(title)}\n${found}${counts.join(', ')}\n`
}

function isGenerated(market: Market): boolean {
  const { note } = market.notes
  return note === 'generated'
}

function opportunityTable(
  opportunities: readonly Opportunity[],
  market: Market,
  io: Io,
): string {
  const native =
    nativeCoin(market.chainId)?.symbol ??
    market.wrappedNative?.symbol ??
    'native coin'
  const rows = opportunities.map((opportunity, i) => {
    const { tokenIn, hops } = opportunity.cycle
    const { decimals, symbol } = tokenIn
    const path = [tokenIn, ...hops.map((hop) => hop.tokenOut)]
    const { grossProfitNative } = opportunity
    return [
      `${i + 1}`,
      `${path.map((token) => token.symbol).join(' → ')}\n${io.colors.dim(hops.map((hop) => hop.pool.dex).join(', '))}`,
      `${formatAmount(opportunity.amountIn, decimals)} ${symbol}`,
      `${formatAmount(opportunity.grossProfit, decimals)} ${symbol}`,
      grossProfitNative === null
        ? 'unknown'
        : formatAmount(grossProfitNative, nativeDecimals),
    ]
  })
  return renderTable(
    [
      { head: '#', align: 'right' },
      { head: 'path', align: 'left' },
      { head: 'amount in', align: 'right' },
      { head: 'profit', align: 'right' },
      { head: `profit in ${native}`, align: 'right' },
    ],
    rows,
    io,
  )
}
