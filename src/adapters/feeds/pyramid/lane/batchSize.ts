/** How many calls a batch begins with, where nothing is known of the node. */
const startSize = 100
const defaultMost = 1000

/**
 * The size of batches that a node takes: halved by each refusal, grown by a
 * quarter by each full batch that was answered.
 */
export class BatchSize {
  readonly #most: number
  #size: number

  constructor(start: number = startSize, most: number = defaultMost) {
    this.#most = most
    this.#size = Math.max(1, Math.min(start, most))
  }

  /** Calls in the next batch; at least 1. */
  get size(): number {
    return Math.floor(this.#size)
  }

  /** A batch of so many was answered. */
  answered(count: number): void {
    // A small batch tells nothing of larger ones.
    if (count >= this.size)
      this.#size = Math.min(this.#most, Math.max(count * 1.25, count + 1))
  }

  /** A batch of so many was refused. */
  refused(count: number): void {
    this.#size = Math.max(1, Math.min(this.#size, count / 2))
  }
}
