import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Market } from '../market/market.ts'
import { parseMarketLines } from '../market/marketFile.ts'
import { parseQuotesLines, type QuotesFile } from '../market/quotesFile.ts'
import type { Io } from './io.ts'
import { createProgress } from './progress.ts'

/** Reads a market file, with a progress line. */
export function readMarket(file: string, io: Io): Promise<Market> {
  return parseMarketLines(readBytes(file, io), file)
}

/** Reads a quotes file, with a progress line. */
export function readQuotes(file: string, io: Io): Promise<QuotesFile> {
  return parseQuotesLines(readBytes(file, io), file)
}

async function* readBytes(file: string, io: Io): AsyncGenerator<Uint8Array> {
  const progress = createProgress(io)
  try {
    const { size } = await stat(file)
    let done = 0
    for await (const piece of createReadStream(file)) {
      yield piece
      done += piece.length
      progress.show(() => `reading ${basename(file)}: ${howFar(done, size)}`)
    }
  } catch (error) {
    // What fails after the opening does not name its file.
    if (error instanceof Error && 'syscall' in error)
      Object.assign(error, { path: file })
    throw error
  } finally {
    progress.end()
  }
}

/** A pipe does not know its size. */
function howFar(done: number, size: number): string {
  return size > 0
    ? `${Math.floor((100 * done) / size)} %`
    : `${(done / 1e6).toFixed(1)} MB`
}
