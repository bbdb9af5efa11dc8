import { Command } from 'commander'
import { createApex } from '../apex.ts'
import { formatUnits, groupThousands, parseUnits } from '../core/units.ts'
import type { Token } from '../market/token.ts'
import { directionOf, type PoolQuote } from '../services/quote/quote.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { readMarket } from './readFile.ts'

type Options = {
  readonly market: string
  readonly pool: string
  readonly tokenIn: string
  readonly amountIn?: string
  readonly amountOut?: string
  readonly json?: true
}

const uint256Limit = 1n << 256n

const endings: Readonly<Record<PoolQuote['end'], string>> = {
  filled: 'filled in full',
  priceLimit: 'not filled: the liquidity of the pool ends',
  knownTicks: 'not filled: the known ticks of the pool end',
}

/** `apex quote`: one exact swap through one pool. */
export function quoteCommand(io: Io): Command {
  return new Command('quote')
    .description('quote one swap, exact to the last base unit')
    .requiredOption('--market <file>', 'market file, .jsonl or .jsonl.gz')
    .requiredOption('--pool <address>', 'address or V4 id of the pool')
    .requiredOption('--token-in <token>', 'token sold: symbol or address')
    .option('--amount-in <n>', 'what is sold, in base units')
    .option('--amount-out <n>', 'what is bought, in base units')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ apex quote --market market.jsonl.gz --pool 0xB4e1…C9Dc --token-in WETH --amount-in 1000000000000000000
  $ apex quote --market market.jsonl.gz --pool 0xB4e1…C9Dc --token-in WETH --amount-out 1000000`,
    )
    .action((options: Options) => quote(options, io))
}

async function quote(options: Options, io: Io): Promise<void> {
  const { amountIn, amountOut } = options
  if ((amountIn === undefined) === (amountOut === undefined))
    throw new UsageError('give either --amount-in or --amount-out')
  const market = await readMarket(options.market, io)
  const { pool, tokenIn, tokenOut } = directionOf(
    market,
    options.pool,
    options.tokenIn,
  )
  const apex = await createApex({ market })
  const found =
    amountIn !== undefined
      ? apex.quote(
          pool.address,
          tokenIn.address,
          baseUnits('--amount-in', amountIn, tokenIn),
        )
      : apex.quoteExactOut(
          pool.address,
          tokenIn.address,
          baseUnits('--amount-out', amountOut!, tokenOut),
        )
  io.stdout(
    options.json
      ? toJson({
          chainId: market.chainId,
          blockNumber: market.blockNumber,
          pool: pool.address,
          dex: pool.dex,
          family: pool.family,
          tokenIn: tokenIn.address,
          tokenOut: tokenOut.address,
          amountIn: found.amountIn,
          amountOut: found.amountOut,
          end: found.end,
        })
      : quoteText(found, io),
  )
}

function quoteText(found: PoolQuote, io: Io): string {
  const { pool, tokenIn, tokenOut, amountIn, amountOut, end } = found
  const amount = (value: bigint, { symbol, decimals }: Token): string =>
    `${groupWhole(formatUnits(value, decimals))} ${symbol} ${io.colors.dim(`(${value})`)}`
  return [
    io.colors.bold(
      `${pool.dex} ${pool.address}, ${tokenIn.symbol} → ${tokenOut.symbol}`,
    ),
    `amount in   ${amount(amountIn, tokenIn)}`,
    `amount out  ${amount(amountOut, tokenOut)}`,
    endings[end],
    '',
  ].join('\n')
}

/** Base units only: a decimal amount would leave open which digits were meant. */
function baseUnits(name: string, text: string, token: Token): bigint {
  if (/^\d{1,78}$/.test(text) && BigInt(text) < uint256Limit)
    return BigInt(text)
  throw new UsageError(
    `${name} is no whole number of base units below 2^256: ${text}`,
    {
      hint: `one ${token.symbol} is ${parseUnits('1', token.decimals)}`,
    },
  )
}

function groupWhole(decimal: string): string {
  const [whole, fraction] = decimal.split('.')
  return groupThousands(whole!) + (fraction === undefined ? '' : `.${fraction}`)
}
