import type { AppliedEvent } from '../../adapters/feeds/sync/index.ts'
import type { Miss } from '../../adapters/relays/index.ts'
import type { Apex } from '../../apex.ts'
import type { BlockHeader } from '../../core/headFeed.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type {
  Outcome,
  PendingTransaction,
  Plan,
  Simulation,
  SucceededSimulation,
} from '../../market/plan.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import { byNetProfit, TakenPools, weighedPerBlock } from '../plansOfBlock.ts'
import { type EndedTrade, FinalityWatch } from './finalityWatch.ts'
import type { NewestBlock } from './newestBlock.ts'
import type { ChainBlockReport, ChainBotOptions } from './options.ts'
import { whyMissed } from './whyMissed.ts'

/** What a trader works with. */
export type TraderParts = Pick<
  ChainBotOptions,
  'name' | 'risk' | 'scan' | 'isLive'
> & {
  readonly apex: Apex
  /** Asked why a transaction missed. */
  readonly rpc: Rpc
  /** Undefined where the chain is only watched. */
  readonly execution: ExecutionService | undefined
  readonly onOutcome: (
    pending: PendingTransaction,
    outcome: Outcome,
    miss: Miss | undefined,
  ) => void
  /** What was told by `onOutcome` is taken back: a reorg has undone it. */
  readonly onReopened: (ended: EndedTrade) => void
  /** Ends that were told and are not final, by plan: outlives the trader. */
  readonly told: Map<Hex, EndedTrade>
  readonly finalityBlocks: number
  readonly onFault: (error: unknown) => void
  readonly signal: AbortSignal
}

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

type Times = {
  -readonly [Stage in keyof ChainBlockReport['latencyMs']]: number
}

/** Trades what blocks open, and learns what became of it. */
export class Trader {
  readonly #parts: TraderParts
  #open: readonly PendingTransaction[] = []
  /** The head when a transaction had been sent, by its hash. */
  readonly #sentAt = new Map<Hex, number>()
  readonly #watch: FinalityWatch | undefined
  #head: number
  #hasSearched = false
  /** Ends with the last settling that was begun. */
  #settled: Promise<void> = Promise.resolve()
  /** Begun for a head whose block is not acted on yet. */
  #settlingAhead: Promise<void> | undefined

  constructor(parts: TraderParts) {
    this.#parts = parts
    this.#head = parts.apex.market.blockNumber
    const { execution } = parts
    this.#watch =
      execution &&
      new FinalityWatch({
        ...parts,
        execution,
        onOutcome: (pending, outcome) =>
          parts.onOutcome(pending, outcome, undefined),
      })
  }

  /** Transactions whose end is not known. */
  get open(): readonly PendingTransaction[] {
    return this.#open
  }

  /**
   * Takes up what an earlier run left in flight, and gives up for risk what no
   * ledger knows any more.
   *
   * @throws RpcError, StoreInvalidError
   */
  async begin(operator: `0x${string}`): Promise<void> {
    const { execution, risk } = this.#parts
    if (!execution) return
    const { store, ledger } = execution
    this.#open = await store.unfinished(ledger, operator)
    const planIds = this.#open.map(({ terms }) => terms.id)
    await this.#watch?.begin(operator, this.#head)
    await this.settle()
    const stillOpen = this.#open.map(({ terms }) => terms.id)
    await risk.keepOnly([...planIds, ...stillOpen])
  }

  /** A reorg has taken this block back. */
  reverted(blockNumber: number): void {
    this.#watch?.reverted(blockNumber)
    // What was asked before this was known is asked again.
    this.#settlingAhead = undefined
  }

  /** Begins, while a new head's logs are on their way, what can be asked without them. */
  prepare({ blockNumber }: BlockHeader): void {
    const { execution } = this.#parts
    if (!execution) return
    execution.prepare(blockNumber)
    this.#settlingAhead = this.settle()
    // A fault of it is told where it is awaited.
    this.#settlingAhead.catch(() => {})
  }

  /** Searches, weighs and sends for the next block. @throws RpcError, StoreInvalidError */
  async act(news: BlockNews): Promise<ChainBlockReport> {
    const { apex, scan, name, execution } = this.#parts
    const { event, arrivedAt, applyMs, poolsChanged } = news
    const turn = new Turn(news)
    turn.times.apply = applyMs
    turn.times.read = performance.now() - arrivedAt - applyMs
    this.#head = event.block.blockNumber
    const settling = this.#settlingAhead ?? this.settle()
    this.#settlingAhead = undefined
    // A fault of it is told below, where it is awaited.
    settling.catch(() => {})
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
      await settling
    }
    turn.times.total = performance.now() - arrivedAt
    return {
      chain: name,
      blockNumber: event.block.blockNumber,
      blockHash: event.header.blockHash,
      poolsChanged,
      found: opportunities.length,
      skipped: Object.fromEntries(turn.skipped),
      sent: turn.sent,
      wouldSend: turn.wouldSend,
      bestNetProfit: turn.bestNetProfit,
      latencyMs: turn.times,
    }
  }

  /** Asks what became of what is in flight; what the node does not tell stays open. @throws StoreInvalidError */
  settle(): Promise<void> {
    const settling = this.#settled.then(() => this.#settleOpen())
    this.#settled = settling.catch(() => {})
    return settling
  }

  async #settleOpen(): Promise<void> {
    const { execution, risk, onOutcome } = this.#parts
    if (!execution) return
    const reopened = await this.#watch?.recheck(this.#head)
    if (reopened) this.#open = [...this.#open, ...reopened]
    const ends = await Promise.all(
      this.#open.map((pending) => this.#endOf(execution, pending)),
    )
    const known = ends.filter((end) => end !== undefined)
    const over = new Set(known.map(({ pending }) => pending.txHash))
    this.#open = this.#open.filter(({ txHash }) => !over.has(txHash))
    await risk.noteAll(
      known.map(({ pending: { terms }, outcome, miss }) => [
        { ...outcome, plan: { id: terms.id } },
        causeOf(miss),
      ]),
    )
    for (const end of known) {
      onOutcome(end.pending, end.outcome, end.miss)
      this.#watch?.add(end, this.#head)
    }
  }

  async #endOf(
    execution: ExecutionService,
    pending: PendingTransaction,
  ): Promise<EndedTrade | undefined> {
    try {
      const outcome = await execution.settle(pending)
      if (!outcome) return undefined
      return { pending, outcome, miss: await this.#whyMissed(pending, outcome) }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      this.#parts.onFault(error)
      return undefined
    }
  }

  /** Undefined too where the node does not tell. */
  async #whyMissed(
    pending: PendingTransaction,
    outcome: Outcome,
  ): Promise<Miss | undefined> {
    const { rpc, apex, onFault } = this.#parts
    const { txHash, terms } = pending
    const sentAtBlock = this.#sentAt.get(txHash) ?? terms.blockNumber
    this.#sentAt.delete(txHash)
    try {
      return await whyMissed(rpc, apex.market, {
        pending,
        outcome,
        sentAtBlock,
      })
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      onFault(error)
      return undefined
    }
  }

  async #trade(
    execution: ExecutionService,
    opportunities: readonly Opportunity[],
    turn: Turn,
    settling: Promise<void>,
  ): Promise<void> {
    const plans = await turn.timed('plan', () =>
      this.#plan(execution, opportunities, turn),
    )
    // What landed in this block no longer takes room under the limits.
    await settling
    if (this.#watch && !this.#watch.isSure)
      return turn.skip('reorg', plans.length)
    const { timestamp } = turn.news.event.header
    const taken = new TakenPools(execution, timestamp)
    for (const pending of this.#open) taken.takeInFlight(pending)
    for (let waiting = plans; waiting.length > 0; ) {
      const round: Plan[] = []
      const later: Plan[] = []
      const claimed = new TakenPools(execution, timestamp)
      for (const plan of waiting)
        if (this.#parts.signal.aborted) turn.skip('stopping')
        else if (await taken.refuses(plan)) turn.skip('shares-pool')
        // Its turn comes if the better plan is not sent.
        else if (claimed.sharedWith(plan)) later.push(plan)
        else {
          claimed.take(plan)
          round.push(plan)
        }
      const { sent, fault } = await this.#trySend(execution, round, turn)
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
        await this.#noteRefusal(plan, 'stale-state', detail, turn)
      return []
    }
    const judgements = await turn.timed('judge', () =>
      by === 'preview' ? risk.preview(plans, head) : risk.judgeAll(plans, head),
    )
    const allowed: Plan[] = []
    for (const [i, plan] of plans.entries()) {
      const judgement = judgements[i]!
      if (judgement.kind === 'allowed') allowed.push(plan)
      else await this.#noteRefusal(plan, judgement.rule, judgement.detail, turn)
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
    // A fault leaves the room under the limits taken: it may be on its way.
    const submission = await execution.submit(simulation, async (plan) => {
      await newest.ask()
      const hasMoved = newest.head.blockNumber > judgedAt
      if (plan === simulation.plan && !hasMoved) return true
      await risk.note(unsent(plan))
      return (await this.#allowed('judge', [plan], turn)).length > 0
    })
    if (submission.kind === 'sent') {
      const { plan, pending } = submission
      this.#open = [...this.#open, pending]
      this.#sentAt.set(pending.txHash, newest.head.blockNumber)
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

  async #noteRefusal(
    { opportunity }: Plan,
    verdict: string,
    detail: string,
    turn: Turn,
  ): Promise<void> {
    turn.skip(verdict)
    const { store, ledger } = this.#parts.execution!
    await store.recordDecision(ledger, {
      opportunity,
      stage: 'score',
      verdict,
      detail,
      blockTimestamp: turn.news.event.header.timestamp,
    })
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
): string {
  return simulation.kind === 'reverted'
    ? `simulation reverted: ${simulation.revert.error}`
    : simulation.kind
}

/** Whose fault a revert was, where the chain shows somebody else's trade before it; otherwise the executor's words decide. */
function causeOf(miss: Miss | undefined): 'lost' | undefined {
  return miss?.kind === 'outbid' || miss?.kind === 'stale' ? 'lost' : undefined
}

function unsent(plan: Plan): {
  readonly kind: 'not-sent'
  readonly plan: Plan
} {
  return { kind: 'not-sent', plan }
}

/** What is counted and timed in a block. */
class Turn {
  readonly news: BlockNews
  readonly skipped = new Map<string, number>()
  readonly times: Times = {
    read: 0,
    apply: 0,
    scan: 0,
    plan: 0,
    judge: 0,
    simulate: 0,
    submit: 0,
    total: 0,
  }
  sent = 0
  wouldSend = 0
  bestNetProfit: bigint | undefined

  constructor(news: BlockNews) {
    this.news = news
  }

  skip(reason: string, count = 1): void {
    if (count > 0)
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count)
  }

  take({ expected: { netProfit } }: Plan): void {
    if (this.bestNetProfit === undefined || netProfit > this.bestNetProfit)
      this.bestNetProfit = netProfit
  }

  time<T>(stage: keyof Times, run: () => T): T {
    const started = performance.now()
    const result = run()
    this.times[stage] += performance.now() - started
    return result
  }

  async timed<T>(stage: keyof Times, run: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await run()
    } finally {
      this.times[stage] += performance.now() - started
    }
  }
}
