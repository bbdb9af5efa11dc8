import { ApexError } from '../core/errors.ts'
import type { Hex } from '../core/hex.ts'
import { MarketFileError } from './errors.ts'
import { type ByteSource, type JsonLine, readJsonLines } from './lines.ts'
import type { Market, MarketHeader } from './market.ts'
import { MarketBuilder } from './marketBuilder.ts'
import { parsePoolRow, writePoolRow } from './poolRow.ts'
import type { Token } from './token.ts'

const version = 1

/**
 * Reads a market from the bytes or text of a market file, plain or gzip. No
 * integer is ever rounded, and a fault leaves nothing half loaded.
 *
 * @param file how errors name the file.
 * @throws MarketFileError `file:line: message` at the first fault.
 * @example
 * const response = await fetch('/market.jsonl.gz')
 * const market = await parseMarketLines(response.body, 'market.jsonl.gz')
 */
export async function parseMarketLines(
  source: ByteSource,
  file: string,
): Promise<Market> {
  let builder: MarketBuilder | undefined
  for await (const rows of readJsonLines(source, file))
    for (const { line, row } of rows)
      atLine(file, line, () => {
        if (builder) addRow(builder, row)
        else builder = new MarketBuilder(parseHeader(row, 'market'))
      })
  if (!builder) throw new MarketFileError(file, 1, 'the file is empty')
  const complete = builder
  // What only the whole shows to be wrong is what the header says of it.
  return atLine(file, 1, () => complete.build())
}

/**
 * Reads a market file, `.jsonl` or `.jsonl.gz`. Node only.
 *
 * @throws MarketFileError `file:line: message` at the first fault.
 * @example
 * const market = await readMarketFile('market.jsonl.gz')
 */
export async function readMarketFile(file: string): Promise<Market> {
  const { createReadStream } = process.getBuiltinModule('node:fs')
  return parseMarketLines(createReadStream(file), file)
}

/** The lines of a market's file, without line ends: header, tokens, pools. */
export function* marketLines(market: Market): Generator<string> {
  const header = {
    type: 'market',
    version,
    chainId: market.chainId,
    blockNumber: market.blockNumber,
    blockHash: market.blockHash,
    wrappedNative: market.wrappedNative?.address,
  }
  // Twice: the first sets the order of the fields, the second wins over notes.
  yield JSON.stringify({ ...header, ...market.notes, ...header })
  for (const token of market.tokens)
    yield JSON.stringify({ type: 'token', ...token })
  for (const pool of market.pools) yield JSON.stringify(writePoolRow(pool))
}

/**
 * Writes a market file, packed where the name ends in `.gz`. It is written
 * beside its place and then renamed: no reader meets half a file. Node only.
 *
 * @throws what Node throws where the file cannot be written.
 * @example
 * await writeMarketFile('market.jsonl.gz', market)
 */
export async function writeMarketFile(
  file: string,
  market: Market,
): Promise<void> {
  // Asked of the process, not imported: bundlers for browsers refuse an import
  // of Node's modules even where it is never reached.
  const node = process.getBuiltinModule
  const { createWriteStream } = node('node:fs')
  const { rename, rm } = node('node:fs/promises')
  const { Readable } = node('node:stream')
  const { pipeline } = node('node:stream/promises')
  const { createGzip } = node('node:zlib')
  const unfinished = `${file}.${crypto.randomUUID()}.tmp`
  const text = Readable.from(pieces(marketLines(market)))
  const target = createWriteStream(unfinished, { flags: 'wx' })
  try {
    if (file.endsWith('.gz')) await pipeline(text, createGzip(), target)
    else await pipeline(text, target)
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    // The user knows the file by its own name.
    if (error instanceof Error && 'path' in error)
      Object.assign(error, { path: file })
    throw error
  }
}

/**
 * Reads the first line of a market or quotes file. What it says beyond the
 * known fields is kept as notes.
 */
export function parseHeader(
  row: JsonLine['row'],
  type: 'market' | 'quotes',
): MarketHeader {
  const {
    type: rowType,
    version: rowVersion,
    chainId,
    blockNumber,
    blockHash,
    wrappedNative,
    ...notes
  } = row
  if (rowType !== type)
    throw new RowFault(
      `the header is missing: the first line must be of type "${type}", not ${JSON.stringify(rowType)}`,
    )
  if (rowVersion !== version)
    throw new RowFault(
      `unsupported version ${JSON.stringify(rowVersion)}: this release reads version ${version}`,
    )
  return {
    chainId: chainId as number,
    blockNumber: blockNumber as number,
    ...(blockHash !== undefined && { blockHash: blockHash as Hex }),
    ...(wrappedNative !== undefined && { wrappedNative: wrappedNative as Hex }),
    notes,
  }
}

/** Runs what reads one row and gives its error file and line. */
export function atLine<T>(file: string, line: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ApexError || error instanceof RowFault)) throw error
    const hint = error instanceof ApexError ? error.hint : undefined
    throw new MarketFileError(
      file,
      line,
      hint ? `${error.message} (${hint})` : error.message,
      { cause: error },
    )
  }
}

/** A fault in the form of a row, before it has file and line. */
export class RowFault extends Error {}

function addRow(builder: MarketBuilder, row: JsonLine['row']): void {
  const { type } = row
  switch (type) {
    case 'token':
      builder.addToken(parseToken(row))
      break
    case 'pool':
      builder.addPool(
        parsePoolRow(row, (tokens) => {
          const [token0, token1] = builder.tokensOf(tokens)
          return [token0.decimals, token1.decimals]
        }),
      )
      break
    case 'market':
      throw new RowFault('a second header')
    default:
      throw new RowFault(
        `unknown type ${JSON.stringify(type)}: a row is a token or a pool`,
      )
  }
}

function parseToken(row: JsonLine['row']): Token {
  const { address, symbol, decimals } = row
  if (typeof symbol !== 'string')
    throw new RowFault(`symbol is no text: ${JSON.stringify(symbol)}`)
  return { address: address as Hex, symbol, decimals: decimals as number }
}

/** Joins lines into pieces worth a write. */
function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (piece.length > 65536) {
      yield piece
      piece = ''
    }
  }
  yield piece
}
