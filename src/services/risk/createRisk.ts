import { StoreInvalidError } from '../../adapters/stores/errors.ts'
import type { Hex } from '../../core/hex.ts'
import type { Plan } from '../../market/plan.ts'
import type {
  Breaker,
  BreakerState,
  RiskAccount,
  RiskStore,
  StoredBreaker,
} from '../../market/risk.ts'
import {
  atStake,
  atTime,
  dayOf,
  emptyAccount,
  lossOf,
  withOnly,
  withReopened,
  withSettled,
  withTrade,
} from './account.ts'
import { firstBreaker, nextBreaker, withBreaker } from './breaker.ts'
import { type NotedExecution, settledOf } from './endOf.ts'
import {
  chainTime,
  type Judgement,
  judgeTrade,
  type RiskHead,
} from './judgeTrade.ts'
import { type CheckedLimits, checkLimits, type RiskLimits } from './limits.ts'
import { type RiskTrade, riskTradeOf } from './riskTrade.ts'

export type { Judgement, NotedExecution, RiskHead, RiskLimits }

/** What {@link createRisk} is told. */
export type RiskOptions = {
  readonly limits: RiskLimits
  readonly store: RiskStore
  /** Whose trades: as of the execution's store. */
  readonly ledger: string
  /** Unix seconds: the machine's on a live chain, the chain's where time is simulated. */
  readonly clock: () => number
  /** Why all trading must stop; undefined where it need not. Asked before each trade. */
  readonly killSwitch?: () => Promise<string | undefined>
}

/** Who sets the breaker, and why: one sentence. */
export type Reason = { readonly by: string; readonly why: string }

/** Whose fault a revert is: somebody else was quicker, or ours. */
export type Cause = 'lost' | 'failed'

/** How risk stands. Amounts in wei of the native coin. */
export type RiskStatus = {
  readonly breaker: Breaker
  readonly lossToday: bigint
  /** What the trades in flight may lose at worst. */
  readonly atStake: bigint
  /** May still be lost today; undefined where there is no limit. */
  readonly dailyLossLeft: bigint | undefined
  readonly account: RiskAccount
}

/**
 * Takes up the account and the breaker where the ledger left them.
 *
 * @throws RiskOptionError where a limit makes no sense.
 * @throws StoreInvalidError
 * @example
 * const risk = await createRisk({
 *   limits: { dailyLoss: 10n ** 17n },
 *   store,
 *   ledger: 'chain-1',
 *   clock: () => Date.now() / 1000,
 * })
 * const judgement = await risk.judge(plan, head)
 * if (judgement.kind === 'allowed') await risk.note(await apex.execute(plan))
 */
export async function createRisk(options: RiskOptions): Promise<Risk> {
  const limits = checkLimits(options.limits)
  const account = await options.store.readRisk(options.ledger)
  return new Risk(options, limits, account ?? emptyAccount)
}

/** Judges the trades of one ledger and keeps their account; one for each ledger. */
export class Risk {
  readonly #options: RiskOptions
  readonly #limits: CheckedLimits
  #account: RiskAccount
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    options: RiskOptions,
    limits: CheckedLimits,
    account: RiskAccount,
  ) {
    this.#options = options
    this.#limits = limits
    this.#account = account
  }

  /**
   * Whether a plan may be sent. What is allowed takes its room under the limits
   * until its end is noted, and that is written down before this answers.
   *
   * @throws StoreInvalidError; then the trade must not be sent.
   */
  async judge(plan: Plan, head: RiskHead): Promise<Judgement> {
    const [judgement] = await this.judgeAll([plan], head)
    return judgement!
  }

  /**
   * Judges several plans, the most wanted first: each as if those allowed
   * before it were sent. Otherwise as `judge`; all are written down at once.
   *
   * @throws StoreInvalidError; then none must be sent.
   */
  judgeAll(
    plans: readonly Plan[],
    head: RiskHead,
  ): Promise<readonly Judgement[]> {
    return this.#oneByOne(async () => {
      const judge = await this.#judgeAt(head)
      let account = this.#account
      const judgements = plans.map((plan) => {
        const trade = riskTradeOf(plan)
        const judgement = judge(trade, account)
        if (judgement.kind === 'allowed') account = withTrade(account, trade)
        return judgement
      })
      if (account !== this.#account) await this.#keep(account)
      return judgements
    })
  }

  /**
   * Whether `judge` would allow each of the plans by itself: what is refused
   * need not be simulated. Takes no room under the limits.
   *
   * @throws StoreInvalidError
   */
  preview(
    plans: readonly Plan[],
    head: RiskHead,
  ): Promise<readonly Judgement[]> {
    return this.#oneByOne(async () => {
      const judge = await this.#judgeAt(head)
      return plans.map((plan) => judge(riskTradeOf(plan), this.#account))
    })
  }

  /**
   * Notes what became of a plan that was allowed.
   *
   * @param cause whose fault a revert is, where the chain was asked; by default
   * what the executor's error says.
   * @throws StoreInvalidError
   */
  note(execution: NotedExecution, cause?: Cause): Promise<void> {
    return this.noteAll([[execution, cause]])
  }

  /** As `note`, for several at once. @throws StoreInvalidError */
  noteAll(
    ends: readonly (readonly [NotedExecution, Cause | undefined])[],
  ): Promise<void> {
    return this.#oneByOne(async () => {
      if (ends.length === 0) return
      let account = this.#account
      for (const [execution, cause] of ends) {
        const settled = settledOf(execution, cause)
        account = withSettled(account, this.#limits, settled)
      }
      await this.#keep(account)
      // What is written down counts, though the breaker be out of reach: the next judgement looks at it.
      await this.#breakerNow().catch(passOverStoreFault)
    })
  }

  /**
   * Takes back what was noted of a plan: a reorg has undone its end, and it is
   * in flight again. Nothing changes where its end is not remembered.
   *
   * @throws StoreInvalidError
   */
  reopen(planId: Hex): Promise<void> {
    return this.#oneByOne(() => this.#keep(withReopened(this.#account, planId)))
  }

  /**
   * After a restart: ends the trades in flight that the execution's store does
   * not know as unfinished. Nobody noted what they cost, so the worst is
   * assumed. Says how many there were.
   *
   * @throws StoreInvalidError
   */
  keepOnly(openPlanIds: Iterable<Hex>): Promise<number> {
    return this.#oneByOne(async () => {
      const before = this.#account.inFlight.length
      await this.#keep(
        withOnly(this.#account, new Set(openPlanIds), this.#options.clock()),
      )
      return before - this.#account.inFlight.length
    })
  }

  /** Stops trading until `until` (unix seconds), or until it is resumed. @throws StoreInvalidError */
  pause(reason: Reason & { readonly until?: number }): Promise<void> {
    return this.#oneByOne(() => this.#set('paused', reason))
  }

  /** Trades again, whatever stopped it; counts in a row begin anew. @throws StoreInvalidError */
  resume(reason: Reason): Promise<void> {
    return this.#oneByOne(() => this.#set('running', reason))
  }

  /** Stops trading until a person resumes it. @throws StoreInvalidError */
  halt(reason: Reason): Promise<void> {
    return this.#oneByOne(() => this.#set('halted', reason))
  }

  /** How risk stands, as of the last block it saw. @throws StoreInvalidError */
  status(): Promise<RiskStatus> {
    return this.#oneByOne(async () => {
      const breaker = await this.#breakerNow()
      const account = this.#account
      const lossToday = lossOf(account, dayOf(account.lastSeen))
      const { dailyLoss } = this.#limits
      const left = (dailyLoss ?? 0n) - lossToday - atStake(account)
      return {
        breaker,
        lossToday,
        atStake: atStake(account),
        dailyLossLeft:
          dailyLoss === undefined ? undefined : left > 0n ? left : 0n,
        account,
      }
    })
  }

  async #judgeAt(
    head: RiskHead,
  ): Promise<(trade: RiskTrade, account: RiskAccount) => Judgement> {
    const limits = this.#limits
    const now = this.#options.clock()
    this.#account = atTime(this.#account, limits, chainTime(head, now))
    const breaker = await this.#breakerNow()
    return (trade, account) =>
      judgeTrade({ limits, account, breaker, trade, head, now })
  }

  /** The breaker as another process, the kill switch and risk itself left it. */
  async #breakerNow(): Promise<StoredBreaker> {
    const { store, ledger, killSwitch } = this.#options
    const why = await killSwitch?.()
    for (;;) {
      const breaker = (await store.readBreaker(ledger)) ?? firstBreaker
      this.#account = withBreaker(this.#account, breaker)
      const next =
        why !== undefined && breaker.state !== 'halted'
          ? this.#breaker('halted', { by: 'kill switch', why })
          : nextBreaker(this.#account, this.#limits, breaker)
      if (!next) return breaker
      // Whoever was quicker is looked at anew: a person's word is never overwritten.
      const revision = breaker.revision + 1
      await store.writeBreaker(ledger, { ...next, revision })
    }
  }

  async #set(
    state: BreakerState,
    reason: Reason & { readonly until?: number },
  ): Promise<void> {
    await setBreaker(this.#options, this.#breaker(state, reason))
  }

  #breaker(
    state: BreakerState,
    { by, why, until }: Reason & { readonly until?: number },
  ): Breaker {
    const at = Math.floor(this.#options.clock())
    return { state, by, why, at, until: until ?? null }
  }

  /** What could not be written down has not happened. */
  async #keep(account: RiskAccount): Promise<void> {
    await this.#options.store.writeRisk(this.#options.ledger, account)
    this.#account = account
  }

  #oneByOne<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run)
    this.#last = result.catch(() => {})
    return result
  }
}

/** @throws whatever else it is. */
function passOverStoreFault(error: unknown): void {
  if (!(error instanceof StoreInvalidError)) throw error
}

/**
 * Sets the breaker from any process that has the store open, whoever else sets
 * it at the same time: a running bot obeys before its next trade.
 *
 * @throws StoreInvalidError
 */
export async function setBreaker(
  { store, ledger }: Pick<RiskOptions, 'store' | 'ledger'>,
  breaker: Breaker,
): Promise<void> {
  let written = false
  while (!written) {
    const before = (await store.readBreaker(ledger)) ?? firstBreaker
    const revision = before.revision + 1
    written = await store.writeBreaker(ledger, { ...breaker, revision })
  }
}
