import type { BlockHeader } from '../../../core/headFeed.ts'

/** More heads than this wait only where nobody follows. */
const mostWaiting = 64

/** Heads that wait to be followed, each once. */
export class HeadInbox {
  readonly #waiting = new Map<string, Waiting>()
  #wake: (() => void) | undefined

  /** A head that is told again counts as new. */
  add(header: BlockHeader, failures: number = 0): void {
    const key = header.blockHash.toLowerCase()
    const known = this.#waiting.get(key)
    this.#waiting.delete(key)
    this.#waiting.set(key, {
      header,
      failures: Math.max(failures, known?.failures ?? 0),
    })
    if (this.#waiting.size > mostWaiting)
      this.#waiting.delete(this.#waiting.keys().next().value!)
    this.#wake?.()
  }

  /** The highest of those that failed least, of equals the last that came. */
  take(): Waiting | undefined {
    let best: Waiting | undefined
    for (const one of this.#waiting.values())
      if (!best || isBefore(one, best)) best = one
    if (best) this.#waiting.delete(best.header.blockHash.toLowerCase())
    return best
  }

  /** The number of the highest head that waits and has not failed; 0 where none does. */
  get highest(): number {
    let highest = 0
    for (const { header, failures } of this.#waiting.values())
      if (failures === 0) highest = Math.max(highest, header.blockNumber)
    return highest
  }

  /** Until a head comes or `wake` is called. */
  async wait(): Promise<void> {
    if (this.#waiting.size > 0) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  wake(): void {
    this.#wake?.()
  }
}

/** A head and how often it could not be followed. */
export type Waiting = {
  readonly header: BlockHeader
  readonly failures: number
}

function isBefore(one: Waiting, best: Waiting): boolean {
  return one.failures === best.failures
    ? one.header.blockNumber >= best.header.blockNumber
    : one.failures < best.failures
}
