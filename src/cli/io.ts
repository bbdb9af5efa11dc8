import picocolors from 'picocolors'

/** Where a command writes, and what it knows of the terminal. Tests hand in their own. */
export type Io = {
  /** Results. */
  stdout(text: string): void
  /** Logs, progress and errors. */
  stderr(text: string): void
  /** Width of the terminal behind stdout; undefined where it is none. */
  readonly columns: number | undefined
  /** Width of the terminal behind stderr; undefined where it is none: then no progress is shown. */
  readonly stderrColumns: number | undefined
  readonly colors: Colors
  /** Keys and passwords come from here where no reference names them. */
  readonly stdin: Stdin
}

/** A stream to read; a terminal where it says so. */
export type Stdin = NodeJS.ReadableStream & {
  readonly isTTY?: boolean
  /** Whether each key comes as it is pressed, and unechoed. */
  setRawMode?(isRaw: boolean): unknown
}

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>

/** The streams of this process. A reader that goes away early (`| head`) is no fault. */
export function processIo(): Io {
  const { stdout, stderr } = process
  const { NO_COLOR } = process.env
  let readerGone = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    readerGone = true
  })
  return {
    stdout: (text) => {
      if (!readerGone) stdout.write(text)
    },
    stderr: (text) => {
      stderr.write(text)
    },
    columns: stdout.isTTY ? stdout.columns : undefined,
    stderrColumns: stderr.isTTY ? stderr.columns : undefined,
    colors: picocolors.createColors(Boolean(stdout.isTTY) && !NO_COLOR),
    // Opened only where a command reads it.
    get stdin() {
      return process.stdin
    },
  }
}
