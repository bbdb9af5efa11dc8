import type { Miss } from '../../adapters/relays/index.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import type { EndedTrade } from './finalityWatch.ts'
import type { ChainBlockReport, ChainSummary } from './options.ts'

/** Blocks whose latency is remembered: the last ones. */
const latenciesKept = 10_000

/** Counts what a chain's run came to. */
export class ChainTally {
  faults = 0
  restarts = 0
  readonly #counts = {
    blocks: 0,
    found: 0,
    wouldSend: 0,
    sent: 0,
    landed: 0,
    asPredicted: 0,
    reverted: 0,
    dropped: 0,
  }
  readonly #skipped = new Map<string, number>()
  readonly #missed: Partial<Record<Miss['kind'], number>> = {}
  readonly #latencies: number[] = []
  #lastBlock: number | undefined
  #netProfit = 0n
  #gas = 0n

  block(report: ChainBlockReport): void {
    const counts = this.#counts
    const place = counts.blocks % latenciesKept
    counts.blocks += 1
    counts.found += report.found
    counts.wouldSend += report.wouldSend
    counts.sent += report.sent
    for (const [reason, count] of Object.entries(report.skipped))
      this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count)
    this.#lastBlock = report.blockNumber
    this.#latencies[place] = report.latencyMs.total
  }

  end(
    { terms }: PendingTransaction,
    outcome: Outcome,
    miss: Miss | undefined,
  ): void {
    const counts = this.#counts
    counts[outcome.kind] += 1
    if (miss) this.#missed[miss.kind] = (this.#missed[miss.kind] ?? 0) + 1
    if (outcome.kind === 'dropped') return
    this.#netProfit += outcome.real.netProfit
    this.#gas += outcome.real.gas
    if (outcome.kind === 'landed' && outcome.profit === terms.predictedProfit)
      counts.asPredicted += 1
  }

  /** Takes back what was counted of a transaction. */
  reopen({ pending: { terms }, outcome, miss }: EndedTrade): void {
    const counts = this.#counts
    counts[outcome.kind] -= 1
    if (miss) this.#missed[miss.kind] = (this.#missed[miss.kind] ?? 0) - 1
    if (outcome.kind === 'dropped') return
    this.#netProfit -= outcome.real.netProfit
    this.#gas -= outcome.real.gas
    if (outcome.kind === 'landed' && outcome.profit === terms.predictedProfit)
      counts.asPredicted -= 1
  }

  summary(
    run: Pick<
      ChainSummary,
      'chain' | 'chainId' | 'isLive' | 'open' | 'endedBy'
    >,
  ): ChainSummary {
    return {
      ...run,
      ...this.#counts,
      lastBlock: this.#lastBlock,
      skipped: Object.fromEntries(this.#skipped),
      missed: { ...this.#missed },
      netProfit: this.#netProfit,
      gas: this.#gas,
      faults: this.faults,
      restarts: this.restarts,
      latencyMs: percentiles(this.#latencies),
    }
  }
}

function percentiles(values: readonly number[]): ChainSummary['latencyMs'] {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return { p50: at(0.5), p95: at(0.95) }
}
