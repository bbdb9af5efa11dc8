/** Waited before the first new attempt. */
export const firstBackoffMs = 250
/** However often it failed. */
export const longestBackoffMs = 30_000

/** How long to wait after so many failures in a row, in milliseconds: doubled each time. */
export function backoffAfter(failures: number, firstMs: number): number {
  return Math.min(longestBackoffMs, firstMs * 2 ** failures)
}

/** Waits; no longer once the signal asks to stop. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
