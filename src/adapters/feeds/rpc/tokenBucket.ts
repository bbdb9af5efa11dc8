/** How often a node lets itself be asked. */
export type RateLimit = {
  /** Calls a second in the long run; a batch of ten counts ten. */
  readonly callsPerSecond: number
  /** Calls at once after a rest; `callsPerSecond` where left out. */
  readonly burst?: number
}

/** Hands out the right to call, first come, first served. Times are of one clock, in milliseconds. */
export type TokenBucket = {
  /** How long a call that came now would wait. */
  waitMs(now: number): number
  /** Takes the next free place; returns how long to wait for it. */
  reserve(now: number): number
  /** Nothing goes out before this time: the node asked for it. */
  pauseUntil(time: number): void
}

/** A full bucket; one without limit where `limit` is left out. */
export function createTokenBucket(limit?: RateLimit): TokenBucket {
  const rate = (limit?.callsPerSecond ?? Number.POSITIVE_INFINITY) / 1000
  const capacity = Math.max(1, limit?.burst ?? rate * 1000)
  // Below zero where places of the future are given away.
  let tokens = capacity
  let filledAt = Number.NEGATIVE_INFINITY
  let pausedUntil = Number.NEGATIVE_INFINITY

  const fill = (now: number): void => {
    if (limit && filledAt > Number.NEGATIVE_INFINITY)
      tokens = Math.min(capacity, tokens + (now - filledAt) * rate)
    filledAt = now
  }
  const waitMs = (now: number): number => {
    fill(now)
    const forToken = limit ? Math.max(0, (1 - tokens) / rate) : 0
    return Math.max(forToken, pausedUntil - now, 0)
  }
  return {
    waitMs,
    reserve(now) {
      const wait = waitMs(now)
      if (limit) tokens -= 1
      return wait
    },
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time)
    },
  }
}
