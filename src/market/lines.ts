import { MarketFileError } from './errors.ts'

/** Bytes or text of a file in pieces of any size. */
export type ByteSource = AsyncIterable<Uint8Array | string>

/** One line of a file that holds an object, with its number from 1. */
export type JsonLine = {
  readonly line: number
  readonly row: Readonly<Record<string, unknown>>
}

const gzipMagic = [0x1f, 0x8b]
const newline = 0x0a

/**
 * Screens a line for numbers that JSON.parse could round: sixteen digits or
 * more, an exponent. May be wrong inside a string; the careful look follows.
 */
const suspectNumber = /[:,[\s]-?(?:\d{16}|[\d.]+[eE])/

/**
 * Reads a `.jsonl` or `.jsonl.gz` file (told by its first bytes) line by line;
 * blank lines are passed over.
 *
 * @throws MarketFileError with the line of the first fault: malformed JSON, a
 * number that JSON cannot hold exactly, no object, damaged or truncated gzip.
 */
export async function* readJsonLines(
  source: ByteSource,
  file: string,
): AsyncGenerator<JsonLine[]> {
  let line = 0
  for await (const texts of readLines(source, file)) {
    const rows: JsonLine[] = []
    for (const text of texts) {
      line++
      if (text.trim() === '') continue
      rows.push({ line, row: parseLine(text, file, line) })
    }
    yield rows
  }
}

/** Batches of whole lines, as the pieces of the source allow. */
async function* readLines(
  source: ByteSource,
  file: string,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lines = 0
  let rest = ''
  try {
    for await (const piece of inflate(toBytes(source))) {
      try {
        rest += decoder.decode(piece, { stream: true })
      } catch (error) {
        lines += linesBeforeFault(piece)
        throw error
      }
      const texts = rest.split('\n')
      rest = texts.pop()!
      if (texts.length === 0) continue
      yield texts
      lines += texts.length
    }
    rest += decoder.decode()
  } catch (error) {
    throw readFault(error, file, lines + 1)
  }
  if (rest !== '') yield [rest]
}

/** Whole lines of a piece before the first that is not UTF-8. */
function linesBeforeFault(piece: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let lines = 0
  // A character that the piece before began is not held against the first line.
  let start = piece.findIndex((byte) => byte >> 6 !== 2)
  for (;;) {
    const end = piece.indexOf(newline, start)
    if (end < 0) return lines
    try {
      decoder.decode(piece.subarray(start, end))
    } catch {
      return lines
    }
    lines++
    start = end + 1
  }
}

function parseLine(
  text: string,
  file: string,
  line: number,
): Readonly<Record<string, unknown>> {
  let row: unknown
  try {
    row = suspectNumber.test(text)
      ? JSON.parse(text, refuseRounded)
      : JSON.parse(text)
  } catch (error) {
    const message =
      error instanceof RoundedNumberError
        ? error.message
        : `malformed JSON: ${(error as Error).message}`
    throw new MarketFileError(file, line, message, { cause: error })
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new MarketFileError(file, line, 'not a JSON object')
  return row as Record<string, unknown>
}

/**
 * JSON.parse has rounded what lies beyond 2^53; no such value is below it
 * again. The entries of a list wait for the list, which has a name.
 */
function refuseRounded(this: unknown, key: string, value: unknown): unknown {
  const name = Array.isArray(this) ? undefined : roundedName(key, value)
  if (name !== undefined) throw new RoundedNumberError(name)
  return value
}

/** `ticks[3][1]`: where in a value the first rounded number is; undefined where there is none. */
function roundedName(name: string, value: unknown): string | undefined {
  if (typeof value === 'number')
    return Math.abs(value) > Number.MAX_SAFE_INTEGER ? name : undefined
  if (!Array.isArray(value)) return undefined
  for (const [i, entry] of value.entries()) {
    const found = roundedName(`${name}[${i}]`, entry)
    if (found !== undefined) return found
  }
  return undefined
}

class RoundedNumberError extends Error {
  constructor(name: string) {
    super(
      `${name} is a JSON number beyond 2^53 and would be rounded: write it as a decimal string`,
    )
  }
}

async function* toBytes(source: ByteSource): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const piece of source)
    yield typeof piece === 'string' ? encoder.encode(piece) : piece
}

/** Passes plain text through and unpacks gzip. */
async function* inflate(
  source: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const first = await source.next()
  if (first.done) return
  const whole = prepend(first.value, source)
  if (!gzipMagic.every((byte, i) => first.value[i] === byte)) {
    yield* whole
    return
  }
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { done, value } = await whole.next()
      if (done) controller.close()
      else controller.enqueue(value as Uint8Array<ArrayBuffer>)
    },
    async cancel() {
      await whole.return(undefined)
    },
  })
  yield* piecesOf(packed.pipeThrough(new DecompressionStream('gzip')))
}

/** Not every browser iterates streams. */
async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

async function* prepend(
  first: Uint8Array,
  source: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield first
    yield* source
  } finally {
    await source.return(undefined)
  }
}

/** A reader's own errors and those of the file system pass; what gzip and UTF-8 report gets its line. */
function readFault(error: unknown, file: string, line: number): unknown {
  if (!(error instanceof TypeError)) return error
  const { code } = error as { code?: string }
  const message =
    code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? 'not UTF-8 text'
      : code === 'Z_BUF_ERROR'
        ? 'the gzip data ends too early: the file is truncated'
        : `the gzip data is damaged or truncated${code ? ` (${code})` : ''}`
  return new MarketFileError(file, line, message, { cause: error })
}
