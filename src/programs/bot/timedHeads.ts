import type { BlockHeader, HeadFeed } from '../../core/headFeed.ts'
import type { Hex } from '../../core/hex.ts'

/** Blocks whose arrival is remembered. */
const arrivalsKept = 1024

/** A feed of heads that remembers what it told, and when. */
export type TimedHeads = HeadFeed & {
  /** The last head told. */
  readonly latest: BlockHeader | undefined
  /** When a block was first told, by `performance.now()`; undefined where it was not told. */
  arrivalOf(blockHash: Hex): number | undefined
}

/** Listens to a feed on behalf of another listener; `onHead` hears of each new head first. */
export function timedHeads(
  feed: HeadFeed,
  onHead: (header: BlockHeader) => void,
): TimedHeads {
  const arrivals = new Map<string, number>()
  let latest: BlockHeader | undefined
  return {
    get state() {
      return feed.state
    },
    get latest() {
      return latest
    },
    arrivalOf: (blockHash) => arrivals.get(blockHash.toLowerCase()),
    close: () => feed.close(),
    start: (listener) =>
      feed.start({
        ...listener,
        onHeads: (heads) => {
          const now = performance.now()
          for (const { blockHash } of heads.headers) {
            const key = blockHash.toLowerCase()
            if (!arrivals.has(key)) arrivals.set(key, now)
          }
          for (const key of arrivals.keys()) {
            if (arrivals.size <= arrivalsKept) break
            arrivals.delete(key)
          }
          const head = heads.headers.at(-1)!
          latest = head
          onHead(head)
          return listener.onHeads(heads)
        },
      }),
  }
}
