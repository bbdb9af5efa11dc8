import type { AppliedEvent } from '../../adapters/feeds/sync/index.ts'
import type { Plan } from '../../market/plan.ts'
import type { NewestBlock } from './newestBlock.ts'
import type { ChainBlockReport, StageTimes } from './options.ts'
import type { SkipReason } from './skipReason.ts'

/** A block that was applied, and what is known of its coming. */
export type BlockNews = {
  readonly event: AppliedEvent
  readonly newest: NewestBlock
  /** When the block was told, by `performance.now()`. */
  readonly arrivedAt: number
  /** Milliseconds that decoding and applying it took. */
  readonly applyMs: number
  /** Since the last search. */
  readonly poolsChanged: number
}

type Times = { -readonly [Stage in keyof StageTimes]: number }

/** Counts and times what a block leads to. */
export class Turn {
  readonly news: BlockNews
  sent = 0
  wouldSend = 0
  readonly #skipped = new Map<SkipReason, number>()
  readonly #times: Times
  readonly #notes: Promise<void>[] = []
  #bestNetProfit: bigint | undefined

  constructor(news: BlockNews) {
    const { arrivedAt, applyMs } = news
    this.news = news
    this.#times = {
      read: performance.now() - arrivedAt - applyMs,
      apply: applyMs,
      scan: 0,
      plan: 0,
      judge: 0,
      simulate: 0,
      submit: 0,
      total: 0,
    }
  }

  skip(reason: SkipReason, count = 1): void {
    if (count > 0)
      this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count)
  }

  take({ expected: { netProfit } }: Plan): void {
    if (this.#bestNetProfit === undefined || netProfit > this.#bestNetProfit)
      this.#bestNetProfit = netProfit
  }

  /** Goes on while a note is written. */
  note(written: Promise<void>): void {
    // A fault is told where it is awaited.
    written.catch(() => {})
    this.#notes.push(written)
  }

  /** Waits until all notes are written. @throws StoreInvalidError */
  async noted(): Promise<void> {
    await Promise.all(this.#notes)
  }

  time<T>(stage: keyof Times, run: () => T): T {
    const started = performance.now()
    const result = run()
    this.#times[stage] += performance.now() - started
    return result
  }

  async timed<T>(stage: keyof Times, run: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await run()
    } finally {
      this.#times[stage] += performance.now() - started
    }
  }

  /** What it came to by now. */
  report(chain: string, found: number): ChainBlockReport {
    const { event, arrivedAt, poolsChanged } = this.news
    return {
      chain,
      blockNumber: event.block.blockNumber,
      blockHash: event.header.blockHash,
      poolsChanged,
      found,
      skipped: Object.fromEntries(this.#skipped),
      sent: this.sent,
      wouldSend: this.wouldSend,
      bestNetProfit: this.#bestNetProfit,
      latencyMs: { ...this.#times, total: performance.now() - arrivedAt },
    }
  }
}
