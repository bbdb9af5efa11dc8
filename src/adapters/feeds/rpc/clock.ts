/** Time as a pool or feed sees it; tests hand in their own. */
export type Clock = {
  /** Milliseconds since any fixed moment, never going back. */
  now(): number
  /** Runs once after so many milliseconds; the function returned calls it off. */
  after(ms: number, run: () => void): () => void
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after so many milliseconds of the clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((done) => {
    clock.after(ms, done)
  })
}
