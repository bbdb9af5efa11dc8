import type { Plan } from '../market/plan.ts'
import type { ExecutionService } from '../services/execute/executionService.ts'

/** Opportunities weighed a block; the rest are mostly the same gain by another way. */
export const weighedPerBlock = 16

/** Sorts plans by falling net profit; the order is the same in every run. */
export function byNetProfit(a: Plan, b: Plan): number {
  const [x, y] = [a.expected.netProfit, b.expected.netProfit]
  if (x !== y) return x > y ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/**
 * The pools that plans of one block trade in: once one has traded, the state
 * that another was made for is gone.
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

  take(plan: Plan): void {
    for (const pool of poolsOf(plan)) this.#taken.add(pool)
  }

  /** Whether a better plan has taken a pool of this one, which is noted then. @throws StoreInvalidError */
  async refuses(plan: Plan): Promise<boolean> {
    const shared = poolsOf(plan).find((pool) => this.#taken.has(pool))
    if (shared === undefined) return false
    const { store, ledger } = this.#execution
    await store.recordDecision(ledger, {
      opportunity: plan.opportunity,
      stage: 'submit',
      verdict: 'shares-pool',
      detail: `a better plan of this block trades in ${shared}`,
      blockTimestamp: this.#blockTimestamp,
    })
    return true
  }
}

function poolsOf({ opportunity }: Plan): readonly string[] {
  return opportunity.cycle.hops.map(({ pool }) => pool.address)
}
