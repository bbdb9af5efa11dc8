import type { Io } from './io.ts'

/** Work shorter than this stays silent. */
const defaultPatienceMs = 500
const periodMs = 100
const clearLine = '\r\u001b[K'
const clearLineAbove = '\u001b[1A\u001b[K'

/** One line on stderr that tells how far a long piece of work is. */
export type Progress = {
  /** Replaces the line, at most ten times a second. */
  show(text: () => string): void
  /** Takes the line away. */
  end(): void
}

/** A line for each of several pieces of work at once, one under the other. */
export type ProgressLines = {
  open(): Progress
  /** Writes something else: the lines are taken away for it and come back with the next news. */
  aside(write: () => void): void
}

/** Silent where stderr is no terminal, and for work that takes less than `patienceMs`. */
export function createProgress(io: Io, patienceMs?: number): Progress {
  return createProgressLines(io, patienceMs).open()
}

/** As {@link createProgress}, for several pieces of work. */
export function createProgressLines(
  io: Io,
  patienceMs: number = defaultPatienceMs,
): ProgressLines {
  const { stderrColumns } = io
  if (stderrColumns === undefined)
    return {
      open: () => ({ show: () => {}, end: () => {} }),
      aside: (write) => write(),
    }
  /** In the order in which they were opened; undefined until there is something to tell. */
  const lines = new Map<object, (() => string) | undefined>()
  let nextMs = performance.now() + patienceMs
  let shown = 0
  const cleared = (): string => {
    const text =
      shown > 0 ? clearLine + clearLineAbove.repeat(shown - 1) : clearLine
    shown = 0
    return text
  }
  const draw = (): void => {
    const texts = [...lines.values()].flatMap((text) =>
      // A line that wraps could not be taken back.
      text ? text().slice(0, stderrColumns - 1) : [],
    )
    io.stderr(cleared() + texts.join('\n'))
    shown = texts.length
  }
  return {
    open() {
      const line = {}
      lines.set(line, undefined)
      return {
        show(text) {
          lines.set(line, text)
          const now = performance.now()
          if (now < nextMs) return
          nextMs = now + periodMs
          draw()
        },
        end() {
          lines.delete(line)
          if (shown > 0) draw()
        },
      }
    },
    aside(write) {
      if (shown > 0) io.stderr(cleared())
      write()
    },
  }
}
