import { MarketFileError } from './errors.ts'

/** Bytes or text of a file in pieces of any size. */
export type ByteSource = AsyncIterable<Uint8Array | string>

/** One line of a file that holds an object, with its number from 1. */
export type JsonLine = {
  readonly line: number
  readonly row: Readonly<Record<string, unknown>>
}

const gzipMagic = [0x1f, 0x8b]

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
      rest += decoder.decode(piece, { stream: true })
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

/** JSON.parse has rounded what lies beyond 2^53; no such value is below it again. */
function refuseRounded(key: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new RoundedNumberError(key)
  return value
}

class RoundedNumberError extends Error {
  constructor(key: string) {
    super(
      `${key} is a JSON number beyond 2^53 and would be rounded: write it as a decimal string`,
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
