import type { Io } from './io.ts'

/** Exit code of a program that a second signal ends: 128 + 2. */
const interrupted = 130
const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * The first SIGINT or SIGTERM asks to end, telling what happens now; the second
 * ends at once. `end` gives the signals back.
 */
export function stopOnSignals(
  io: Io,
  stopping: string,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(interrupted)
    io.stderr(`stopping: ${stopping}; once more to end at once\n`)
    controller.abort()
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
