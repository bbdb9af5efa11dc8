/** How long a node took to answer, in milliseconds. */
export type Latencies = {
  add(ms: number): void
  /** Exponentially weighted mean; undefined before the first answer. */
  readonly mean: number | undefined
  /** Of the last answers; undefined while there are too few to tell. */
  percentile(share: number): number | undefined
}

const kept = 128
const leastForPercentile = 16
/** Weight of the newest answer in the mean. */
const weight = 0.1

export function createLatencies(): Latencies {
  const ring: number[] = []
  let next = 0
  let mean: number | undefined
  return {
    add(ms) {
      ring[next] = ms
      next = (next + 1) % kept
      mean = mean === undefined ? ms : mean + weight * (ms - mean)
    },
    get mean() {
      return mean
    },
    percentile(share) {
      if (ring.length < leastForPercentile) return undefined
      const rising = ring.toSorted((a, b) => a - b)
      return rising[Math.min(rising.length - 1, (rising.length * share) | 0)]
    },
  }
}
