import type { SyncTarget } from '../../adapters/feeds/sync/index.ts'
import type { BlockDecoder } from '../../market/blockDecoder.ts'

/** What moves the market, and how long it took. */
export type TimedMoves = {
  readonly target: SyncTarget
  readonly decoder: BlockDecoder
  /** Milliseconds of decoding and applying since it was last asked. */
  takeMs(): number
}

/** Times what a sync does with the market. */
export function timedMoves(
  target: SyncTarget,
  decoder: BlockDecoder,
): TimedMoves {
  let ms = 0
  const timed = <T>(run: () => T): T => {
    const started = performance.now()
    const result = run()
    ms += performance.now() - started
    return result
  }
  return {
    target: {
      update: (block) => timed(() => target.update(block)),
      revert: () => timed(() => target.revert()),
    },
    decoder: {
      ...decoder,
      decode: (block) => timed(() => decoder.decode(block)),
    },
    takeMs() {
      const taken = ms
      ms = 0
      return taken
    },
  }
}
