import { parseAddress, parsePoolAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import { MarketFileError, MarketInvalidError } from './errors.ts'
import { type ByteSource, type JsonLine, readJsonLines } from './lines.ts'
import type { MarketHeader } from './market.ts'
import { checkedHeader } from './marketBuilder.ts'
import { atLine, parseHeader, RowFault } from './marketFile.ts'
import type { Pool } from './pool.ts'
import { parsePoolRow } from './poolRow.ts'
import { bigintField } from './pools/fields.ts'
import { checkedPool } from './pools/index.ts'
import { checkTokenOrder } from './tokenOrder.ts'

const amountBound = 1n << 256n

/** Answers of pool contracts recorded on chain, with the pools' states at that block. */
export type QuotesFile = MarketHeader & {
  readonly pools: readonly Pool[]
  readonly quotes: readonly RecordedQuote[]
}

/** One recorded answer. Amounts are base units. */
export type RecordedQuote = {
  /** Its line in the file, from 1. */
  readonly line: number
  /** The place of its pool in `pools`. */
  readonly poolIndex: number
  readonly tokenIn: Hex
  readonly tokenOut: Hex
  /** Selling the pool's token0. */
  readonly zeroForOne: boolean
  readonly kind: 'exactIn' | 'exactOut'
  /** What was asked for: the input of exactIn, the output of exactOut. */
  readonly amount: bigint
  /** What the contract answered: the other side, or that it reverts, or nothing, as the call timed out. */
  readonly answer: bigint | 'reverts' | 'timedOut'
}

/**
 * Reads a quotes file from its bytes or text, plain or gzip: a header of type
 * "quotes", pool rows, quote rows.
 *
 * @param file how errors name the file.
 * @throws MarketFileError `file:line: message` at the first fault.
 */
export async function parseQuotesLines(
  source: ByteSource,
  file: string,
): Promise<QuotesFile> {
  let header: MarketHeader | undefined
  const pools = new Map<string, number>()
  const contents = { pools: [] as Pool[], quotes: [] as RecordedQuote[] }
  for await (const rows of readJsonLines(source, file))
    for (const { line, row } of rows)
      atLine(file, line, () => {
        const { type } = row
        if (!header) header = checkedHeader(parseHeader(row, 'quotes'))
        else if (type === 'pool') {
          const pool = parsePool(row)
          if (pools.has(pool.address))
            throw new MarketInvalidError(`duplicate pool ${pool.address}`)
          pools.set(pool.address, contents.pools.push(pool) - 1)
        } else if (type === 'quote')
          contents.quotes.push(parseQuote(row, line, pools, contents.pools))
        else
          throw new RowFault(
            `unknown type ${JSON.stringify(type)}: a row is a pool or a quote`,
          )
      })
  if (!header) throw new MarketFileError(file, 1, 'the file is empty')
  return { ...header, ...contents }
}

/**
 * Reads a quotes file, `.jsonl` or `.jsonl.gz`. Node only.
 *
 * @throws MarketFileError `file:line: message` at the first fault.
 * @example
 * const { pools, quotes } = await readQuotesFile('quotes.jsonl.gz')
 */
export async function readQuotesFile(file: string): Promise<QuotesFile> {
  const { createReadStream } = process.getBuiltinModule('node:fs')
  return parseQuotesLines(createReadStream(file), file)
}

/** There are no token rows: a stable pool brings the decimals itself. */
function parsePool(row: JsonLine['row']): Pool {
  const raw = parsePoolRow(row, () => {
    throw new RowFault('decimals are missing: this family needs them')
  })
  const pool = {
    ...raw,
    address: parsePoolAddress(raw.address),
    tokens: [parseAddress(raw.tokens[0]), parseAddress(raw.tokens[1])],
  } as const
  checkTokenOrder(pool.tokens)
  return checkedPool(pool)
}

function parseQuote(
  row: JsonLine['row'],
  line: number,
  indices: ReadonlyMap<string, number>,
  pools: readonly Pool[],
): RecordedQuote {
  const { kind, pool, tokenIn: sold, tokenOut: bought } = row
  const address = parsePoolAddress(pool)
  const poolIndex = indices.get(address)
  if (poolIndex === undefined)
    throw new RowFault(`no pool row above has the address ${address}`)
  const { tokens } = pools[poolIndex]!
  const tokenIn = parseAddress(sold)
  const tokenOut = parseAddress(bought)
  const zeroForOne = tokenIn === tokens[0]
  if (
    tokenIn !== tokens[zeroForOne ? 0 : 1] ||
    tokenOut !== tokens[zeroForOne ? 1 : 0]
  )
    throw new RowFault(
      `pool ${address} does not trade ${tokenIn} for ${tokenOut}`,
    )
  if (kind !== 'exactIn' && kind !== 'exactOut')
    throw new RowFault(
      `kind is neither exactIn nor exactOut: ${JSON.stringify(kind)}`,
    )
  const [asked, answered] =
    kind === 'exactIn'
      ? (['amountIn', 'amountOut'] as const)
      : (['amountOut', 'amountIn'] as const)
  return {
    line,
    poolIndex,
    tokenIn,
    tokenOut,
    zeroForOne,
    kind,
    amount: amountField(row, asked),
    answer: failure(row) ?? amountField(row, answered),
  }
}

/** Contracts take and answer amounts as uint256. */
function amountField(row: JsonLine['row'], name: string): bigint {
  const amount = bigintField(row, name)
  if (amount < 0n || amount >= amountBound)
    throw new RowFault(`${name} is outside 0 … 2^256 - 1: ${amount}`)
  return amount
}

/** A recorder notes a call that timed out as a revert too; that says nothing of the contract. */
function failure(row: JsonLine['row']): 'reverts' | 'timedOut' | undefined {
  const { reverts, why } = row
  if (reverts !== true) return undefined
  return /'exception': 'Timeout'/.test(String(why)) ? 'timedOut' : 'reverts'
}
