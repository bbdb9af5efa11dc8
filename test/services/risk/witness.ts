import type { SettledTrade } from '../../../src/services/risk/account.ts'
import type {
  RiskHead,
  RiskRule,
} from '../../../src/services/risk/judgeTrade.ts'
import type { CheckedLimits } from '../../../src/services/risk/limits.ts'
import type { RiskTrade } from '../../../src/services/risk/riskTrade.ts'

/**
 * Sees which trades go out and how they end, keeps all of it, and recounts
 * every limit from that history alone.
 */
export class Witness {
  readonly #limits: CheckedLimits
  readonly #breaches = new Set<RiskRule>()
  readonly #sent: {
    trade: RiskTrade
    at: number
    isOpen: boolean
    counts: boolean
  }[] = []
  readonly #ends: { trade: RiskTrade; end: SettledTrade; at: number }[] = []
  #time = 0
  #failures = 0
  #lost = 0
  #pausedUntil: number | undefined

  constructor(limits: CheckedLimits) {
    this.#limits = limits
  }

  /** Latest of the chain that it has seen, unix seconds. */
  get time(): number {
    return this.#time
  }

  at(time: number): void {
    this.#time = Math.max(this.#time, time)
    if (this.#pausedUntil !== undefined && this.#time >= this.#pausedUntil) {
      this.#pausedUntil = undefined
      this.#failures = 0
      this.#lost = 0
    }
  }

  allowed(trade: RiskTrade, head: RiskHead, now: number): void {
    const { maxInput, rate, ...limits } = this.#limits
    const isDegraded = this.#lost >= limits.maxLostInRow
    const open = this.#sent.filter(({ isOpen }) => isOpen)
    const share = isDegraded ? limits.degradedInputBps : 10_000n
    const breach = (rule: RiskRule, isBreached: boolean): void => {
      if (isBreached) this.#breaches.add(rule)
    }
    breach('breaker', this.#pausedUntil !== undefined)
    breach('stale-head', now - head.timestamp > limits.maxHeadAgeSeconds)
    breach(
      'stale-state',
      head.blockNumber - trade.blockNumber > limits.maxBlocksBehind,
    )
    breach(
      'blocked-token',
      trade.tokens.some((token) => limits.blockedTokens.has(token)),
    )
    breach(
      'blocked-pool',
      trade.pools.some((pool) => limits.blockedPools.has(pool)),
    )
    const most = maxInput!.get(trade.token) ?? 0n
    breach('max-input', trade.amountIn * 10_000n > most * share)
    breach(
      'max-input-worth',
      trade.inputWorth * 10_000n > limits.maxInputWorth! * share,
    )
    breach('max-gas-cost', trade.worstLoss > limits.maxGasCost!)
    breach('min-net-profit', trade.netProfit < limits.minNetProfit)
    breach(
      'in-flight',
      open.length + 1 > (isDegraded ? 1 : limits.maxInFlight) ||
        open.some((other) => other.trade.route === trade.route),
    )
    breach(
      'route-cool-down',
      this.#ends.some(
        (other) =>
          other.trade.route === trade.route &&
          (other.end.end === 'lost' || other.end.end === 'failed') &&
          this.#time < other.at + limits.routeCoolDownSeconds,
      ),
    )
    this.#sent.push({ trade, at: this.#time, isOpen: true, counts: true })
    const recent = this.#sent.filter(
      ({ at, counts }) => counts && at > this.#time - rate!.seconds,
    )
    breach('rate-limit', recent.length > rate!.trades)
  }

  settled(trade: RiskTrade, end: SettledTrade): void {
    const sent = this.#sent.find((other) => other.trade === trade)!
    sent.isOpen = false
    sent.counts = end.wasSent
    this.#time = Math.max(this.#time, end.blockTimestamp ?? 0)
    this.#ends.push({ trade, end, at: this.#time })
    if (end.end === 'failed') this.#failures++
    if (end.end === 'lost') this.#lost++
    if (end.end === 'landed') {
      this.#failures = 0
      this.#lost = 0
    }
    this.at(this.#time)
    if (
      this.#pausedUntil === undefined &&
      this.#failures >= this.#limits.maxFailuresInRow
    )
      this.#pausedUntil = this.#time + this.#limits.failurePauseSeconds!
  }

  /** Names of the rules whose limit was breached. */
  breaches(): readonly RiskRule[] {
    const ofDays = new Map<number, bigint>()
    for (const { end, at } of this.#ends) {
      const day = Math.floor((end.blockTimestamp ?? at) / 86_400)
      ofDays.set(day, (ofDays.get(day) ?? 0n) + end.loss)
    }
    for (const loss of ofDays.values())
      if (loss > this.#limits.dailyLoss!) this.#breaches.add('daily-loss')
    return [...this.#breaches]
  }
}
