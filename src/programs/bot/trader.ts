import type { Apex } from '../../apex.ts'
import type { BlockHeader } from '../../core/headFeed.ts'
import type { Hex } from '../../core/hex.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type {
  PendingTransaction,
  Plan,
  Simulation,
  SucceededSimulation,
} from '../../market/plan.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import type { RiskRule } from '../../services/risk/judgeTrade.ts'
import { byNetProfit, TakenPools, weighedPerBlock } from '../plansOfBlock.ts'
import {
  OpenTrades,
  type OpenTradesParts,
  type Settling,
} from './openTrades.ts'
import type { ChainBlockReport, ChainBotOptions } from './options.ts'
import type { SkipReason } from './skipReason.ts'
import { type BlockNews, Turn } from './turn.ts'

/** Rules that refuse for what is in flight. */
const roomRules: ReadonlySet<RiskRule> = new Set(['in-flight', 'daily-loss'])

/** What a trader works with. */
export type TraderParts = Pick<
  ChainBotOptions,
  'name' | 'risk' | 'scan' | 'isLive'
> &
  Omit<OpenTradesParts, 'execution' | 'market'> & {
    readonly apex: Apex
    /** Undefined where the chain is only watched. */
    readonly execution: ExecutionService | undefined
    readonly signal: AbortSignal
  }

/** Trades what blocks open, and learns what became of it. */
export class Trader {
  readonly #parts: TraderParts
  /** Undefined where the chain is only watched. */
  readonly #trades: OpenTrades | undefined
  #hasSearched = false
  #isPreparing = false

  constructor(parts: TraderParts) {
    this.#parts = parts
    const { execution } = parts
    const { market } = parts.apex
    this.#trades = execution && new OpenTrades({ ...parts, execution, market })
  }

  /** Transactions whose end is not known. */
  get open(): readonly PendingTransaction[] {
    return this.#trades?.all ?? []
  }

  /** Takes up what an earlier run left in flight. @throws RpcError, StoreInvalidError */
  async begin(operator: Hex): Promise<void> {
    await this.#trades?.begin(operator)
  }

  /** A reorg has taken this block back. */
  reverted(blockNumber: number): void {
    this.#trades?.reverted(blockNumber)
  }

  /** Begins, while a new head's logs are on their way, what can be asked without them. */
  prepare({ blockNumber }: BlockHeader): void {
    this.#trades?.settleAhead()
    const { execution } = this.#parts
    // Where heads come faster than answers, a block asks for itself.
    if (!execution || this.#isPreparing) return
    this.#isPreparing = true
    void execution.prepare(blockNumber).then(() => {
      this.#isPreparing = false
    })
  }

  /**
   * Searches, weighs and sends for the next block.
   *
   * @param onReport hears what it came to, where a fault cut it short too.
   * @throws RpcError, StoreInvalidError; what `onReport` throws.
   */
  async act(
    news: BlockNews,
    onReport: (report: ChainBlockReport) => void,
  ): Promise<void> {
    const { apex, scan, name, execution } = this.#parts
    const turn = new Turn(news)
    const settling = this.#trades?.settleAt(news.event.header)
    const options = { ...scan, limit: weighedPerBlock }
    const opportunities = turn.time('scan', () =>
      // The first time all pools are new.
      this.#hasSearched ? apex.scanChanged(options) : apex.scan(options),
    ).opportunities
    this.#hasSearched = true
    try {
      if (!execution) turn.skip('only watched', opportunities.length)
      else await this.#trade(execution, opportunities, turn, settling)
    } finally {
      onReport(turn.report(name, opportunities.length))
      await settling?.noted
      await turn.noted()
    }
  }

  /** Asks what became of what is in flight; what the node does not tell stays open. @throws StoreInvalidError */
  async settle(): Promise<void> {
    await this.#trades?.settle()
    await this.rest()
  }

  /** Waits until all that was asked for is settled and told. @throws StoreInvalidError */
  async rest(): Promise<void> {
    await this.#trades?.rest()
  }

  async #trade(
    execution: ExecutionService,
    opportunities: readonly Opportunity[],
    turn: Turn,
    settling: Settling | undefined,
  ): Promise<void> {
    const plans = await turn.timed('plan', () =>
      this.#plan(execution, opportunities, turn),
    )
    await settling?.known
    if (this.#trades && !this.#trades.isSure)
      return turn.skip('reorg', plans.length)
    const { timestamp } = turn.news.event.header
    const taken = new TakenPools(execution, timestamp)
    for (const pending of this.open) taken.takeInFlight(pending)
    for (let waiting = plans; waiting.length > 0; ) {
      const round: Plan[] = []
      const later: Plan[] = []
      const claimed = new TakenPools(execution, timestamp)
      for (const plan of waiting) {
        const shared = taken.sharedWith(plan)
        if (this.#parts.signal.aborted) turn.skip('stopping')
        else if (shared !== undefined) {
          turn.skip('shares-pool')
          turn.note(taken.noteShared(plan, shared))
        }
        // Its turn comes if the better plan is not sent.
        else if (claimed.sharedWith(plan)) later.push(plan)
        else {
          claimed.take(plan)
          round.push(plan)
        }
      }
      const noted = settling?.noted
      const tried = this.#trySend(execution, round, turn, noted)
      const { sent, fault } = await tried
      if (fault) throw fault.reason
      for (const plan of sent) taken.take(plan)
      waiting = later
    }
  }

  /** Plans by falling net profit. */
  async #plan(
    execution: ExecutionService,
    opportunities: readonly Opportunity[],
    turn: Turn,
  ): Promise<readonly Plan[]> {
    const results = this.#answered(
      await Promise.allSettled(
        opportunities.map((opportunity) => execution.plan(opportunity)),
      ),
      turn,
    )
    const plans: Plan[] = []
    for (const result of results)
      if (result.kind === 'planned') plans.push(result.plan)
      else turn.skip(result.reason)
    return plans.sort(byNetProfit)
  }

  /** Simulates plans that share no pool, and sends those that do well, all at once. */
  async #trySend(
    execution: ExecutionService,
    plans: readonly Plan[],
    turn: Turn,
    noted: Promise<void> | undefined,
  ): Promise<Round> {
    const { isLive } = this.#parts
    const hopeful = await this.#allowed('preview', plans, turn)
    const [simulations] = await turn.timed('simulate', () =>
      Promise.all([
        Promise.allSettled(hopeful.map((plan) => execution.simulate(plan))),
        hopeful.length > 0 && this.#knowsNewest(turn),
      ]),
    )
    const succeeded = new Map<Plan, SucceededSimulation>()
    for (const simulation of this.#answered(simulations, turn))
      if (simulation.kind === 'succeeded')
        succeeded.set(simulation.plan, simulation)
      else turn.skip(reasonOf(simulation))
    // Where the simulations took long, what was asked meanwhile is old.
    const isKnown = succeeded.size > 0 && (await this.#knowsNewest(turn))
    if (!isKnown) turn.skip('unknown-head', succeeded.size)
    // What landed in this block no longer takes room under the limits.
    await noted
    // Risk judges what was measured: gas was an estimate before.
    const allowed = await this.#allowed(
      'judge',
      isKnown ? [...succeeded.keys()] : [],
      turn,
    )
    const submissions = await turn.timed('submit', () =>
      Promise.allSettled(
        allowed.map((plan) =>
          isLive
            ? this.#send(execution, succeeded.get(plan)!, turn)
            : this.#note(execution, plan, turn),
        ),
      ),
    )
    return {
      sent: submissions.filter(isKept).flatMap(({ value }) => value ?? []),
      fault: submissions.find(isBroken),
    }
  }

  /** Whether the nodes tell what their newest block is. */
  async #knowsNewest(turn: Turn): Promise<boolean> {
    const asked = await Promise.allSettled([turn.news.newest.ask()])
    return this.#answered(asked, turn).length > 0
  }

  /** What was answered; faults of the nodes are told and left out. @throws whatever else was met. */
  #answered<T>(results: readonly PromiseSettledResult<T>[], turn: Turn): T[] {
    for (const { reason } of results.filter(isBroken)) {
      if (!(reason instanceof RpcError)) throw reason
      this.#parts.onFault(reason)
      turn.skip('node-fault')
    }
    return results.filter(isKept).map(({ value }) => value)
  }

  /** Those that risk allows; why it refuses the others is noted. */
  async #allowed(
    by: 'preview' | 'judge',
    plans: readonly Plan[],
    turn: Turn,
  ): Promise<readonly Plan[]> {
    if (plans.length === 0) return []
    const { risk } = this.#parts
    const { head } = turn.news.newest
    const { blockNumber, blockHash } = turn.news.event.header
    if (head.blockNumber <= blockNumber && head.blockHash !== blockHash) {
      const detail = `block ${blockNumber} is ${head.blockHash} now, the plan is of ${blockHash}`
      for (const plan of plans)
        this.#noteRefusal(plan, 'stale-state', detail, turn)
      return []
    }
    const judgements = await turn.timed('judge', () =>
      by === 'preview' ? risk.preview(plans, head) : risk.judgeAll(plans, head),
    )
    const allowed: Plan[] = []
    for (const [i, plan] of plans.entries()) {
      const judgement = judgements[i]!
      if (judgement.kind === 'allowed') allowed.push(plan)
      // Before the judgement what landed may give room back.
      else if (by === 'preview' && roomRules.has(judgement.rule))
        allowed.push(plan)
      else this.#noteRefusal(plan, judgement.rule, judgement.detail, turn)
    }
    return allowed
  }

  /** The plan as it was sent; undefined where it was not. */
  async #send(
    execution: ExecutionService,
    simulation: SucceededSimulation,
    turn: Turn,
  ): Promise<Plan | undefined> {
    const { risk } = this.#parts
    const { newest } = turn.news
    const judgedAt = newest.head.blockNumber
    let isApproved = false
    const submission = await execution
      .submit(simulation, async (plan) => {
        await newest.ask()
        const hasMoved = newest.head.blockNumber > judgedAt
        isApproved = plan === simulation.plan && !hasMoved
        if (isApproved) return true
        await risk.note(unsent(plan))
        isApproved = (await this.#allowed('judge', [plan], turn)).length > 0
        return isApproved
      })
      .catch(async (error) => {
        // From then on it may be on its way: it keeps its room under the limits.
        if (isApproved || !(error instanceof RpcError)) throw error
        await risk.note(unsent(simulation.plan))
        this.#parts.onFault(error)
        turn.skip('node-fault')
        return undefined
      })
    if (!submission) return undefined
    if (submission.kind === 'sent') {
      const { plan, pending } = submission
      this.#trades?.add(pending, newest.head.blockNumber)
      turn.sent += 1
      turn.take(plan)
      return plan
    }
    await risk.note(submission)
    if (submission.kind === 'refused') turn.skip(submission.kind)
    // Where it succeeded, risk has told why it refused the plan.
    else if (submission.simulation.kind !== 'succeeded')
      turn.skip(reasonOf(submission.simulation))
    return undefined
  }

  async #note(
    { store, ledger }: ExecutionService,
    plan: Plan,
    turn: Turn,
  ): Promise<Plan> {
    await this.#parts.risk.note(unsent(plan))
    await store.recordDecision(ledger, {
      opportunity: plan.opportunity,
      stage: 'submit',
      verdict: 'dry-run',
      detail: `it would be sent, for ${plan.expected.netProfit} wei`,
      blockTimestamp: turn.news.event.header.timestamp,
    })
    turn.wouldSend += 1
    turn.take(plan)
    return plan
  }

  #noteRefusal(
    { opportunity }: Plan,
    verdict: RiskRule,
    detail: string,
    turn: Turn,
  ): void {
    turn.skip(verdict)
    const { store, ledger } = this.#parts.execution!
    turn.note(
      store.recordDecision(ledger, {
        opportunity,
        stage: 'score',
        verdict,
        detail,
        blockTimestamp: turn.news.event.header.timestamp,
      }),
    )
  }
}

/** What became of plans that were tried together. */
type Round = {
  readonly sent: readonly Plan[]
  /** What one of them met; the others were tried all the same. */
  readonly fault: PromiseRejectedResult | undefined
}

function isKept<T>(
  result: PromiseSettledResult<T>,
): result is PromiseFulfilledResult<T> {
  return result.status === 'fulfilled'
}

function isBroken(
  result: PromiseSettledResult<unknown>,
): result is PromiseRejectedResult {
  return result.status === 'rejected'
}

/** As a report counts it. */
function reasonOf(
  simulation: Exclude<Simulation, SucceededSimulation>,
): SkipReason {
  return simulation.kind === 'reverted'
    ? `simulation reverted: ${simulation.revert.error}`
    : simulation.kind
}

function unsent(plan: Plan): {
  readonly kind: 'not-sent'
  readonly plan: Plan
} {
  return { kind: 'not-sent', plan }
}
