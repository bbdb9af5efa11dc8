import { RpcError } from '../../core/rpcError.ts'
import type {
  DecisionStage,
  ExecutionStore,
} from '../../market/executionStore.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type {
  Execution,
  Outcome,
  PendingTransaction,
  Plan,
  PlanResult,
  Simulation,
  Submission,
  SucceededSimulation,
} from '../../market/plan.ts'
import {
  BlockContexts,
  type BlockTime,
  readLatestBlock,
} from './blockContext.ts'
import { ExecutionOptionError } from './errors.ts'
import { readLenderTerms } from './lenderTerms.ts'
import type { NonceLedger } from './nonceLedger.ts'
import { OutcomeReader } from './outcome.ts'
import { planOpportunity } from './planOpportunity.ts'
import type { ExecutionSettings } from './settings.ts'
import { simulatePlan } from './simulatePlan.ts'
import { type Sender, submitPlan } from './submitPlan.ts'

/** Faults of the node in a row that waiting for an outcome puts up with. */
const patience = 5

/** How long one waits. */
export type SettleSettings = {
  readonly confirmations: number
  readonly pollMs: number
}

/** A transaction with how it ended after all. */
export type CorrectedEnding = {
  readonly pending: PendingTransaction
  readonly outcome: Outcome
}

/**
 * Plans, simulates, sends and settles for one operator on one chain. Every
 * decision and every transaction is noted in its store. Made by
 * {@link createExecution}.
 */
export class ExecutionService {
  readonly #settings: ExecutionSettings
  readonly #contexts: BlockContexts
  readonly #nonces: NonceLedger
  readonly #sender: Sender | undefined
  readonly #waiting: SettleSettings
  readonly #corrected: CorrectedEnding[] = []
  /** Decisions and plans that are being written: nobody waits for them, but where one cannot be written nothing more is planned. */
  #notes: Promise<void> = Promise.resolve()

  constructor(
    settings: ExecutionSettings,
    nonces: NonceLedger,
    sender: Sender | undefined,
    waiting: SettleSettings,
  ) {
    this.#settings = settings
    this.#contexts = new BlockContexts(settings.rpc)
    this.#nonces = nonces
    this.#sender = sender
    this.#waiting = waiting
  }

  get store(): ExecutionStore {
    return this.#settings.store
  }

  /** Where its rows of the store belong. */
  get ledger(): string {
    return this.#settings.ledger
  }

  /**
   * Begins to read what plans upon a new head will need: to be called as soon
   * as the head is known, while its logs are still on their way. Ends once the
   * node has answered, or has not.
   */
  async prepare(blockNumber: number): Promise<void> {
    const { rpc, lenders } = this.#settings
    const context = this.#contexts.prepare(blockNumber, (token) =>
      readLenderTerms(rpc, lenders, token),
    )
    if (this.#sender) this.#nonces.prepare(blockNumber)
    await context
  }

  /**
   * Makes an opportunity executable with the cheapest loan, or says why not.
   *
   * @throws RpcError
   * @throws StoreInvalidError where an earlier decision could not be written.
   */
  async plan(opportunity: Opportunity): Promise<PlanResult> {
    await this.#notes
    const context = await this.#contexts.at(opportunity.blockNumber)
    const result = await planOpportunity(this.#settings, context, opportunity)
    const isPlanned = result.kind === 'planned'
    const { blockNumber, timestamp } = context.head
    this.#note(
      opportunity,
      'plan',
      isPlanned ? 'planned' : result.reason,
      isPlanned ? null : result.detail,
      blockNumber === opportunity.blockNumber ? timestamp : undefined,
    )
    if (isPlanned) this.#keep(this.store.recordPlan(this.ledger, result.plan))
    return result
  }

  /**
   * Runs a plan at the latest block, sending nothing: exact profit and gas, or
   * why it reverts.
   *
   * @throws RpcError
   */
  async simulate(plan: Plan): Promise<Simulation> {
    const context = await this.#contexts.at(plan.blockNumber)
    const simulation = await simulatePlan(this.#settings, context, plan)
    this.#learnFrom(simulation)
    this.#note(
      plan.opportunity,
      'simulate',
      simulation.kind,
      detailOf(simulation),
    )
    return simulation
  }

  /**
   * Signs a plan and sends it, and does not wait. It is simulated first;
   * a simulation of the latest block is taken as it is.
   *
   * @param approve asked at the last moment, with the plan as it would be sent:
   * another than was given where it was simulated anew, or has to outbid an
   * earlier transaction.
   * @throws ExecutionOptionError where there is no signer.
   * @throws RpcError, StoreInvalidError; whatever `approve` throws.
   */
  async submit(
    plan: Plan | SucceededSimulation,
    approve: (plan: Plan) => Promise<boolean> = async () => true,
  ): Promise<Submission> {
    const sender = this.#sender
    if (!sender)
      throw new ExecutionOptionError('nothing is sent without a signer', {
        hint: 'give execution.signer',
      })
    const simulation = await this.#freshSimulation(plan)
    if (simulation.kind !== 'succeeded')
      return this.#noted({
        kind: 'not-sent',
        plan: simulation.plan,
        simulation,
      })
    const context = await this.#contexts.at(simulation.plan.blockNumber)
    const settings = this.#settings
    return this.#noted(
      await submitPlan(settings, context, sender, simulation, approve),
    )
  }

  /** Reads what became of transactions, and notes nothing. */
  outcomes(): OutcomeReader {
    const { rpc, latestBlock } = this.#settings
    return new OutcomeReader(rpc, latestBlock())
  }

  /**
   * Asks once what became of a transaction and notes it; undefined while that
   * is open.
   *
   * @param outcomes one for several that are asked about at once.
   * @throws RpcError
   */
  async settle(
    pending: PendingTransaction,
    outcomes: OutcomeReader = this.outcomes(),
  ): Promise<Outcome | undefined> {
    const { confirmations } = this.#waiting
    const outcome = await outcomes.read(pending, confirmations)
    if (outcome) await this.#noteOutcome(pending, outcome)
    return outcome
  }

  /**
   * Asks anew what became of a transaction that was mined, for a reorg may
   * have taken its block, and notes it; undefined where it is open again.
   *
   * @param asked what the chain says, where that was asked already.
   * @throws RpcError, StoreInvalidError
   */
  async recheck(
    pending: PendingTransaction,
    asked: Promise<Outcome | undefined> = this.outcomes().read(pending, 0),
  ): Promise<Outcome | undefined> {
    const { store, ledger } = this.#settings
    const outcome = await asked
    if (!outcome || outcome.kind === 'dropped') {
      await store.reopen(ledger, pending.txHash)
      this.#nonces.reopen(pending.nonce)
    }
    if (outcome) await this.#noteOutcome(pending, outcome)
    return outcome
  }

  /**
   * Notes that a reorg has replaced blocks: what was given up as expired may be
   * in one of the new.
   *
   * @throws RpcError, StoreInvalidError
   */
  async noteReorg(): Promise<void> {
    this.#contexts.forget()
    await this.#correctDropped(Number.MAX_SAFE_INTEGER)
  }

  /** Endings that turned out to be others since this was last asked: given up, and mined after all. */
  takeCorrected(): readonly CorrectedEnding[] {
    return this.#corrected.splice(0)
  }

  /**
   * Waits until a transaction is mined or cannot be any more: its last block
   * or its deadline has passed, or its nonce was used.
   *
   * @throws RpcError where the node fails five times in a row; the transaction stays unfinished.
   */
  async waitFor(pending: PendingTransaction): Promise<Outcome> {
    for (let faults = 0; ; ) {
      try {
        const outcome = await this.settle(pending)
        if (outcome) return outcome
        faults = 0
      } catch (error) {
        faults += 1
        if (!(error instanceof RpcError) || faults === patience) throw error
      }
      await delay(this.#waiting.pollMs)
    }
  }

  /**
   * Simulates, sends and waits for the outcome.
   *
   * @throws ExecutionOptionError, RpcError, StoreInvalidError
   */
  async execute(plan: Plan | SucceededSimulation): Promise<Execution> {
    const submission = await this.submit(plan)
    if (submission.kind !== 'sent') return submission
    const outcome = await this.waitFor(submission.pending)
    return { ...outcome, plan: submission.plan }
  }

  /**
   * Settles what an earlier process, or a fault, left open: asks the chain
   * about each. What is still open keeps its nonce: ask again after a block.
   *
   * @throws RpcError
   */
  async settleUnfinished(): Promise<{
    readonly settled: readonly Outcome[]
    readonly open: readonly PendingTransaction[]
  }> {
    const { store, ledger, operator } = this.#settings
    const settled: Outcome[] = []
    const open: PendingTransaction[] = []
    for (const pending of await store.unfinished(ledger, operator)) {
      const outcome = await this.settle(pending)
      if (outcome) settled.push(outcome)
      else open.push(pending)
    }
    return { settled, open }
  }

  /**
   * A fork's pair may call back by a name of its own, which the executor does
   * not have: it reverts without a reason. From then on that DEX is traded
   * with a loan.
   */
  #learnFrom(simulation: Simulation): void {
    if (simulation.kind !== 'reverted') return
    const { plan, revert } = simulation
    const { reason } = revert.facts
    const isDeaf = revert.error === 'LoanFailed' && reason === '0x'
    if (plan.loan.kind !== 'v2FlashSwap' || !isDeaf) return
    const { dex } = plan.opportunity.cycle.hops.at(-1)!.pool
    this.#settings.dexesWithoutFlashSwap.add(dex)
  }

  async #freshSimulation(
    plan: Plan | SucceededSimulation,
  ): Promise<Simulation> {
    const { rpc, latestBlock } = this.#settings
    const latest = latestBlock() ?? (await readLatestBlock(rpc))
    const isSimulated = 'kind' in plan
    const late = tooLate(isSimulated ? plan.plan : plan, latest)
    if (late) return late
    if (!isSimulated) return await this.simulate(plan)
    return plan.blockNumber >= latest.blockNumber
      ? plan
      : await this.simulate(plan.plan)
  }

  async #noteOutcome(
    pending: PendingTransaction,
    outcome: Outcome,
  ): Promise<void> {
    const { store, ledger } = this.#settings
    const { nonce } = pending
    await store.recordEnding(ledger, outcome)
    if (outcome.kind === 'dropped' && outcome.reason === 'expired') {
      this.#nonces.release(nonce)
      return
    }
    if (outcome.kind === 'dropped') this.#nonces.noteUsed(nonce)
    else this.#nonces.noteMined(nonce)
    await this.#correctDropped(nonce)
  }

  /**
   * The nonces up to this one are used. What had been given up was mined too
   * late after all, or in a block that a reorg brought, and paid for its gas;
   * or it was replaced. Where the one to replace it is open, that is settled
   * first: a ledger has one transaction of a nonce that is open or mined.
   */
  async #correctDropped(nonce: number): Promise<void> {
    const { store, ledger, operator } = this.#settings
    const unfinished = await store.unfinished(ledger, operator)
    const open = new Set(unfinished.map((pending) => pending.nonce))
    const expired = await store.expired(ledger, operator, nonce)
    const replaced = await store.dropped(ledger, operator, nonce)
    // What a reorg may have undone is asked about first.
    const isSettled = (nonce: number): boolean =>
      open.has(nonce) || this.#nonces.isMined(nonce)
    const dropped = new Map(
      [...expired, ...replaced]
        .filter((pending) => !isSettled(pending.nonce))
        .map((pending) => [pending.txHash, pending]),
    )
    const outcomes = this.outcomes()
    const asked = [...dropped.values()].map((pending) => {
      const outcome = outcomes.read(pending, 0)
      // A fault is told where it is awaited.
      outcome.catch(() => {})
      return { pending, outcome }
    })
    for (const { pending, outcome: answer } of asked) {
      const outcome = await answer
      // Where it is open once more, its nonce was free for another meanwhile.
      if (!outcome || isSettled(pending.nonce)) continue
      await store.recordEnding(ledger, outcome)
      if (outcome.kind === 'dropped') continue
      this.#nonces.noteMined(pending.nonce)
      this.#corrected.push({ pending, outcome })
    }
  }

  #noted(submission: Submission): Submission {
    const { kind, plan } = submission
    const detail =
      kind === 'sent'
        ? submission.pending.txHash
        : kind === 'refused'
          ? submission.reason
          : detailOf(submission.simulation)
    this.#note(plan.opportunity, 'submit', kind, detail)
    return submission
  }

  #note(
    opportunity: Opportunity,
    stage: DecisionStage,
    verdict: string,
    detail: string | null,
    blockTimestamp?: number,
  ): void {
    this.#keep(
      this.store.recordDecision(this.ledger, {
        opportunity,
        stage,
        verdict,
        detail,
        ...(blockTimestamp !== undefined && { blockTimestamp }),
      }),
    )
  }

  #keep(note: Promise<void>): void {
    this.#notes = Promise.all([this.#notes, note]).then(() => {})
    // A fault is told to who plans next.
    this.#notes.catch(() => {})
  }
}

/** A call runs in the latest block, a transaction in the next one at the earliest: that may be one too late. */
function tooLate(plan: Plan, latest: BlockTime): Simulation | undefined {
  const { firstBlock, lastBlock, deadline } = plan
  if (latest.blockNumber >= lastBlock)
    return {
      kind: 'reverted',
      plan,
      revert: {
        error: 'WrongBlock',
        facts: { firstBlock: BigInt(firstBlock), lastBlock: BigInt(lastBlock) },
        hop: undefined,
        detail: `the next block is ${latest.blockNumber + 1}, the plan's last is ${lastBlock}`,
      },
    }
  if (latest.timestamp < deadline) return undefined
  return {
    kind: 'reverted',
    plan,
    revert: {
      error: 'Expired',
      facts: { deadline: BigInt(deadline) },
      hop: undefined,
      detail: `the latest block is of ${latest.timestamp}, the plan's deadline is ${deadline}`,
    },
  }
}

function detailOf(simulation: Simulation): string | null {
  if (simulation.kind === 'reverted') return simulation.revert.detail
  return simulation.kind === 'unprofitable' ? simulation.detail : null
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
