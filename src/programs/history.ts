import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { constants, createGzip, type Gzip } from 'node:zlib'
import { ApexError } from '../core/errors.ts'
import type { Hex } from '../core/hex.ts'
import type { Log } from '../core/rpc.ts'
import { MarketFileError } from '../market/errors.ts'
import { type JsonLine, readJsonLines } from '../market/lines.ts'
import type { Market } from '../market/market.ts'
import { writeMarketFile } from '../market/marketFile.ts'

/** One block of a recorded chain with the logs of its transactions, in order. */
export type HistoryBlock = {
  readonly chainId: number
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly parentHash: Hex
  /** Unix seconds. */
  readonly timestamp: number
  /** Wei. */
  readonly baseFeePerGas: bigint
  readonly logs: readonly Log[]
}

/** What a history folder holds. */
export const historyFiles = {
  /** The market at the block before the first recorded one. */
  market: 'market.jsonl.gz',
  /** A line a block, packed. */
  blocks: 'history.jsonl.gz',
} as const

/** Writes a folder of history block by block; the same blocks give the same bytes. */
export type HistoryWriter = {
  /** Writes a block through to the file: a program that dies leaves its finished blocks. */
  write(block: HistoryBlock): Promise<void>
  close(): Promise<void>
}

/**
 * Begins a history in a folder that is new or empty: the market as it stands
 * first, then a line for each block.
 *
 * @throws HistoryFolderError where the folder holds anything.
 * @example
 * const history = await createHistoryWriter('recorded', market)
 * await history.write(block)
 * await history.close()
 */
export async function createHistoryWriter(
  folder: string,
  market: Market,
): Promise<HistoryWriter> {
  await checkHistoryFolder(folder)
  await mkdir(folder, { recursive: true })
  await writeMarketFile(join(folder, historyFiles.market), market)
  const file = createWriteStream(join(folder, historyFiles.blocks), {
    flags: 'wx',
  })
  await once(file, 'open')
  const gzip = createGzip()
  gzip.pipe(file)
  return {
    write: (block) => writeThrough(gzip, file, `${historyLine(block)}\n`),
    close: async () => {
      gzip.end()
      await finished(file)
    },
  }
}

/**
 * Holds that a history may be written into a folder: it is new or empty.
 *
 * @throws HistoryFolderError
 */
export async function checkHistoryFolder(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  if (entries.length > 0) throw new HistoryFolderError(folder, entries.length)
}

/**
 * Reads the blocks of a history file, packed or not, in order.
 *
 * @throws MarketFileError with file and line at the first fault: a malformed
 * row, a block that does not follow the one before.
 * @example
 * for await (const block of readHistory('recorded/history.jsonl.gz'))
 *   apex.update(decode(block))
 */
export async function* readHistory(file: string): AsyncGenerator<HistoryBlock> {
  let last: HistoryBlock | undefined
  for await (const rows of readJsonLines(createReadStream(file), file))
    for (const { line, row } of rows) {
      const block = parseHistoryRow(file, line, row)
      if (last && block.parentHash !== last.blockHash)
        throw new MarketFileError(
          file,
          line,
          `block ${block.blockNumber} has another parent than block ${last.blockNumber}`,
        )
      yield block
      last = block
    }
}

/** A block as a line, without its end. */
export function historyLine(block: HistoryBlock): string {
  const { chainId, blockNumber, blockHash, parentHash, timestamp } = block
  return JSON.stringify({
    type: 'block',
    chainId,
    blockNumber,
    blockHash,
    parentHash,
    timestamp,
    baseFeePerGas: block.baseFeePerGas.toString(),
    logs: block.logs.map(
      ({ address, topics, data, txHash, txIndex, logIndex }) => ({
        address,
        topics,
        data,
        txHash,
        txIndex,
        logIndex,
      }),
    ),
  })
}

async function writeThrough(
  gzip: Gzip,
  file: WriteStream,
  text: string,
): Promise<void> {
  if (file.errored) throw file.errored
  gzip.write(text)
  await new Promise<void>((resolve) => {
    gzip.flush(constants.Z_SYNC_FLUSH, resolve)
  })
}

function parseHistoryRow(
  file: string,
  line: number,
  row: JsonLine['row'],
): HistoryBlock {
  const fault = (message: string): never => {
    throw new MarketFileError(file, line, message)
  }
  const { type, baseFeePerGas, logs } = row
  if (type !== 'block')
    fault(`a history has rows of type "block", not ${JSON.stringify(type)}`)
  const whole = (name: string, from = row): number => {
    const value = from[name]
    return Number.isSafeInteger(value) && (value as number) >= 0
      ? (value as number)
      : fault(`${name} is no whole number: ${JSON.stringify(value)}`)
  }
  const hex = (name: string, bytes?: number, from = row): Hex =>
    isHex(from[name], bytes)
      ? from[name]
      : fault(`${name} is no hex: ${JSON.stringify(from[name])}`)
  if (typeof baseFeePerGas !== 'string' || !/^\d+$/.test(baseFeePerGas))
    fault(
      `baseFeePerGas is no decimal text: ${JSON.stringify(baseFeePerGas ?? null)}`,
    )
  if (!Array.isArray(logs)) return fault('logs is no list')
  return {
    chainId: whole('chainId'),
    blockNumber: whole('blockNumber'),
    blockHash: hex('blockHash', 32),
    parentHash: hex('parentHash', 32),
    timestamp: whole('timestamp'),
    baseFeePerGas: BigInt(baseFeePerGas as string),
    logs: logs.map((log: Record<string, unknown>): Log => {
      const { topics } = log
      if (!Array.isArray(topics) || !topics.every((topic) => isHex(topic, 32)))
        return fault('topics is no list of 32-byte words')
      return {
        address: hex('address', 20, log),
        topics,
        data: hex('data', undefined, log),
        txHash: hex('txHash', 32, log),
        txIndex: whole('txIndex', log),
        logIndex: whole('logIndex', log),
      }
    }),
  }
}

function isHex(value: unknown, bytes?: number): value is Hex {
  return (
    typeof value === 'string' &&
    /^0x([\da-f]{2})*$/i.test(value) &&
    (bytes === undefined || value.length === 2 + 2 * bytes)
  )
}

/** The folder a history should go to holds something already. */
export class HistoryFolderError extends ApexError {
  override readonly name = 'HistoryFolderError'

  constructor(folder: string, entries: number) {
    super(
      'HISTORY_FOLDER',
      `${folder} is not empty: ${entries} ${entries === 1 ? 'entry' : 'entries'}`,
      {
        facts: { folder, entries },
        hint: 'name a new or empty folder: nothing recorded is overwritten',
      },
    )
  }
}
