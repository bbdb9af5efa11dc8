import type { Clock } from '../../src/adapters/feeds/rpc/index.ts'

/** Time that passes when it is told to. */
export type ManualClock = Clock & {
  /** Runs what comes due, in its order. */
  advance(ms: number): void
}

export function createManualClock(): ManualClock {
  let time = 0
  let due: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run }
      due.push(timer)
      return () => {
        due = due.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      const end = time + ms
      for (;;) {
        const [next] = due
          .filter(({ at }) => at <= end)
          .toSorted((a, b) => a.at - b.at)
        if (!next) break
        due = due.filter((other) => other !== next)
        time = next.at
        next.run()
      }
      time = end
    },
  }
}
