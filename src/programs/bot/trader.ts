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
  SucceededSimulation,
} from '../../market/plan.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import { worstLossOf } from '../../services/risk/riskTrade.ts'
import { byNetProfit, TakenPools, weighedPerBlock } from '../plansOfBlock.ts'
import { type EndedTrade, FinalityWatch } from './finalityWatch.ts'
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
  /** The chain's head as last told. */
  readonly head: BlockHeader
  /** The number of the chain's head, whenever it is asked. */
  readonly headNow: () => number
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
  }

  /** Searches, weighs and sends for the next block. @throws RpcError, StoreInvalidError */
  async act(news: BlockNews): Promise<ChainBlockReport> {
    const { apex, scan, name, execution } = this.#parts
    const { event, arrivedAt, applyMs, poolsChanged } = news
    const turn = new Turn(news)
    turn.times.apply = applyMs
    turn.times.read = performance.now() - arrivedAt - applyMs
    this.#head = event.block.blockNumber
    const settling = this.settle()
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
  async settle(): Promise<void> {
    const { execution, risk, onOutcome, onFault } = this.#parts
    if (!execution) return
    const reopened = await this.#watch?.recheck(this.#head)
    if (reopened) this.#open = [...this.#open, ...reopened]
    for (const pending of this.#open) {
      let outcome: Outcome | undefined
      try {
        outcome = await execution.settle(pending)
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        onFault(error)
      }
      if (!outcome) continue
      this.#open = this.#open.filter(({ txHash }) => txHash !== pending.txHash)
      const miss = await this.#whyMissed(pending, outcome)
      const { id } = pending.terms
      await risk.note({ ...outcome, plan: { id } }, causeOf(miss))
      onOutcome(pending, outcome, miss)
      this.#watch?.add({ pending, outcome, miss })
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
    const taken = new TakenPools(execution, turn.news.event.header.timestamp)
    for (const pending of this.#open) taken.takeInFlight(pending)
    for (const plan of plans) {
      if (this.#parts.signal.aborted) turn.skip('stopping')
      else if (await taken.refuses(plan)) turn.skip('shares-pool')
      else if (await this.#trySend(execution, plan, turn)) taken.take(plan)
    }
  }

  /** Plans by falling net profit. */
  async #plan(
    execution: ExecutionService,
    opportunities: readonly Opportunity[],
    turn: Turn,
  ): Promise<readonly Plan[]> {
    const results = await Promise.all(
      opportunities.map((opportunity) => execution.plan(opportunity)),
    )
    const plans: Plan[] = []
    for (const result of results)
      if (result.kind === 'planned') plans.push(result.plan)
      else turn.skip(result.reason)
    return plans.sort(byNetProfit)
  }

  /** Whether the plan was sent, or would have been. */
  async #trySend(
    execution: ExecutionService,
    plan: Plan,
    turn: Turn,
  ): Promise<boolean> {
    const { risk } = this.#parts
    if (!(await this.#isAllowed(execution, plan, turn))) return false
    let simulation: Awaited<ReturnType<ExecutionService['simulate']>>
    try {
      simulation = await turn.timed('simulate', () => execution.simulate(plan))
    } catch (error) {
      await risk.note(unsent(plan))
      throw error
    }
    if (simulation.kind !== 'succeeded') {
      await risk.note(unsent(plan))
      turn.skip(
        simulation.kind === 'reverted'
          ? `simulation reverted: ${simulation.revert.error}`
          : simulation.kind,
      )
      return false
    }
    // Risk reckoned with an estimate of gas: what is sent must fit its limits too.
    if (worstLossOf(simulation.plan) > worstLossOf(plan)) {
      await risk.note(unsent(plan))
      if (!(await this.#isAllowed(execution, simulation.plan, turn)))
        return false
    }
    return this.#parts.isLive
      ? await this.#send(execution, simulation, turn)
      : await this.#note(execution, simulation, turn)
  }

  async #isAllowed(
    { store, ledger }: ExecutionService,
    plan: Plan,
    turn: Turn,
  ): Promise<boolean> {
    const { event, head } = turn.news
    const judgement = await turn.timed('judge', () =>
      this.#parts.risk.judge(plan, head),
    )
    if (judgement.kind === 'allowed') return true
    turn.skip(judgement.rule)
    await store.recordDecision(ledger, {
      opportunity: plan.opportunity,
      stage: 'score',
      verdict: judgement.rule,
      detail: judgement.detail,
      blockTimestamp: event.header.timestamp,
    })
    return false
  }

  async #send(
    execution: ExecutionService,
    simulation: SucceededSimulation,
    turn: Turn,
  ): Promise<boolean> {
    const { risk } = this.#parts
    // A fault leaves the room under the limits taken: it may be on its way.
    const submission = await turn.timed('submit', () =>
      execution.submit(simulation),
    )
    if (submission.kind !== 'sent') {
      await risk.note(submission)
      turn.skip(submission.kind)
      return false
    }
    this.#open = [...this.#open, submission.pending]
    this.#sentAt.set(submission.pending.txHash, turn.news.headNow())
    turn.sent += 1
    turn.take(submission.plan)
    return true
  }

  async #note(
    { store, ledger }: ExecutionService,
    simulation: SucceededSimulation,
    turn: Turn,
  ): Promise<boolean> {
    const { plan } = simulation
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
    return true
  }
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
