import type { Io } from './io.ts'

/** Work shorter than this stays silent. */
const defaultPatienceMs = 500
const periodMs = 100
const clearLine = '\r\u001b[K'

/** One line on stderr that tells how far a long piece of work is. */
export type Progress = {
  /** Replaces the line, at most ten times a second. */
  show(text: () => string): void
  /** Takes the line away. */
  end(): void
}

/** Silent where stderr is no terminal, and for work that takes less than `patienceMs`. */
export function createProgress(
  io: Io,
  patienceMs: number = defaultPatienceMs,
): Progress {
  const { stderrColumns } = io
  if (stderrColumns === undefined) return { show: () => {}, end: () => {} }
  let nextMs = performance.now() + patienceMs
  let shown = false
  return {
    show: (text) => {
      const now = performance.now()
      if (now < nextMs) return
      nextMs = now + periodMs
      shown = true
      // A line that wraps could not be taken back.
      io.stderr(clearLine + text().slice(0, stderrColumns - 1))
    },
    end: () => {
      if (shown) io.stderr(clearLine)
      shown = false
    },
  }
}
