import type { Apex } from '../../apex.ts'
import type { Hex } from '../../core/hex.ts'
import type { MarketBlock } from '../../market/marketBlock.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type { PendingTransaction, Plan } from '../../market/plan.ts'
import type { Pool } from '../../market/pool.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import { byNetProfit, TakenPools, weighedPerBlock } from '../plansOfBlock.ts'
import type { MinedBlock } from './minedBlock.ts'
import type { PoolTouches } from './poolTouches.ts'
import { Tally } from './tally.ts'

/** What a participant is made of. */
export type ParticipantParts = {
  readonly name: string
  readonly operator: Hex
  readonly apex: Apex
  readonly execution: ExecutionService
}

/** What a participant did before a block. */
export type Turn = { readonly found: number; readonly sent: number }

/** What the clock says of a participant's work. */
export type WorkTimes = {
  searches: number
  searchMs: number
  plans: number
  planMs: number
}

/** We or a competitor: sees blocks, finds, plans, simulates, sends, settles. */
export class Participant {
  readonly name: string
  readonly operator: Hex
  readonly tally: Tally = new Tally()
  readonly times: WorkTimes = { searches: 0, searchMs: 0, plans: 0, planMs: 0 }
  readonly #parts: ParticipantParts
  #sent: { readonly plan: Plan; readonly pending: PendingTransaction }[] = []
  #hasSearched = false

  constructor(parts: ParticipantParts) {
    this.name = parts.name
    this.operator = parts.operator
    this.#parts = parts
  }

  /** Takes a block into its market; returns the pools that changed. */
  see(block: MarketBlock): readonly Pool[] {
    return this.#parts.apex.update(block)
  }

  /**
   * Looks for opportunities in the blocks seen since it last acted and sends the
   * best of those that share no pool, for the next block.
   */
  async act(blockTimestamp: number): Promise<Turn> {
    const found = this.#search()
    const plans = await this.#plan(found)
    const taken = new TakenPools(this.#parts.execution, blockTimestamp)
    let sent = 0
    for (const plan of plans) if (await this.#trySend(plan, taken)) sent++
    return { found: found.length, sent }
  }

  /** Learns what became of what it sent. */
  async settle(block: MinedBlock, touches: PoolTouches): Promise<void> {
    const sent = this.#sent
    this.#sent = []
    for (const { plan, pending } of sent) {
      const outcome = await this.#parts.execution.settle(pending)
      if (!outcome) {
        this.#sent.push({ plan, pending })
        continue
      }
      const rivals = touches.rivalsOf(plan, outcome, block)
      this.tally.settle({ plan, outcome, rivals })
    }
  }

  #search(): readonly Opportunity[] {
    const { apex } = this.#parts
    const options = { limit: weighedPerBlock }
    const started = performance.now()
    // The first time all pools are new.
    const { opportunities } = this.#hasSearched
      ? apex.scanChanged(options)
      : apex.scan(options)
    this.times.searchMs += performance.now() - started
    this.times.searches++
    this.#hasSearched = true
    this.tally.opportunities += opportunities.length
    return opportunities
  }

  /** Plans by falling net profit. */
  async #plan(opportunities: readonly Opportunity[]): Promise<readonly Plan[]> {
    const plans: Plan[] = []
    for (const opportunity of opportunities) {
      const started = performance.now()
      const result = await this.#parts.execution.plan(opportunity)
      this.times.planMs += performance.now() - started
      this.times.plans++
      if (result.kind === 'planned') plans.push(result.plan)
      else this.tally.skip(result.reason)
    }
    this.tally.planned += plans.length
    return plans.sort(byNetProfit)
  }

  async #trySend(plan: Plan, taken: TakenPools): Promise<boolean> {
    const { execution } = this.#parts
    if (await taken.refuses(plan)) {
      this.tally.skip('shares-pool')
      return false
    }
    const started = performance.now()
    const simulation = await execution.simulate(plan)
    this.times.planMs += performance.now() - started
    if (simulation.kind !== 'succeeded') {
      this.tally.skip(
        simulation.kind === 'reverted'
          ? `simulation reverted: ${simulation.revert.error}`
          : simulation.kind,
      )
      return false
    }
    const submission = await execution.submit(simulation)
    if (submission.kind !== 'sent') {
      this.tally.skip(submission.kind)
      return false
    }
    taken.take(plan)
    this.tally.sent++
    this.#sent.push({ plan: submission.plan, pending: submission.pending })
    return true
  }
}
