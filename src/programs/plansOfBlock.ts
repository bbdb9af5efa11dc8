import type { Plan, PlanTerms } from '../market/plan.ts'
import type { ExecutionService } from '../services/execute/executionService.ts'

/** Opportunities weighed a block; the rest are mostly the same gain by another way. */
export const weighedPerBlock = 16

/** Sorts plans by falling net profit; the order is the same in every run. */
export function byNetProfit(a: Plan, b: Plan): number {
  const [x, y] = [a.expected.netProfit, b.expected.netProfit]
  if (x !== y) return x > y ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** What trades in pools. */
type Trading = Pick<Plan, 'opportunity'>

/**
 * The pools that plans of one block trade in, and what is in flight: once one
 * has traded, the state that another was made for is gone.
 */
export class TakenPools {
  readonly #execution: Pick<ExecutionService, 'store' | 'ledger'>
  /** Unix seconds of the block. */
  readonly #blockTimestamp: number
  readonly #taken = new Set<string>()

  constructor(
    execution: Pick<ExecutionService, 'store' | 'ledger'>,
    blockTimestamp: number,
  ) {
    this.#execution = execution
    this.#blockTimestamp = blockTimestamp
  }

  take(plan: Trading): void {
    for (const pool of poolsOf(plan)) this.#taken.add(pool)
  }

  /** Takes the pools of what was sent before and is not mined yet: it will change them first. */
  takeInFlight({ terms }: { readonly terms: Pick<PlanTerms, 'pools'> }): void {
    for (const name of terms.pools)
      this.#taken.add(name.slice(name.lastIndexOf(' ') + 1))
  }

  /** The first pool of the plan that is taken. */
  sharedWith(plan: Trading): string | undefined {
    return poolsOf(plan).find((pool) => this.#taken.has(pool))
  }

  /** Whether a better plan has taken a pool of this one, which is noted then. @throws StoreInvalidError */
  async refuses(plan: Trading): Promise<boolean> {
    const shared = this.sharedWith(plan)
    if (shared === undefined) return false
    await this.noteShared(plan, shared)
    return true
  }

  /** Notes that a plan was left out for a pool that is taken. @throws StoreInvalidError */
  async noteShared({ opportunity }: Trading, pool: string): Promise<void> {
    const { store, ledger } = this.#execution
    await store.recordDecision(ledger, {
      opportunity,
      stage: 'submit',
      verdict: 'shares-pool',
      detail: `a better plan, or one in flight, trades in ${pool}`,
      blockTimestamp: this.#blockTimestamp,
    })
  }
}

function poolsOf({ opportunity }: Trading): readonly string[] {
  return opportunity.cycle.hops.map(({ pool }) => pool.address)
}
