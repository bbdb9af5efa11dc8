import type { Outcome, Plan } from '../../market/plan.ts'

/** Who traded in one of a plan's pools before it in its block. */
export type Rival = 'user' | 'competitor' | 'self'

/** A transaction of ours that is over. */
export type SettledTrade = {
  readonly plan: Plan
  readonly outcome: Outcome
  /** Empty where nobody touched its pools first: then it must land exactly as predicted. */
  readonly rivals: readonly Rival[]
}

/** How a trade went, in a word. */
export type Verdict =
  /** Landed with exactly the predicted profit. */
  | 'as-predicted'
  /** Landed with another profit: somebody traded in its pools first. */
  | 'changed-by-rival'
  | 'lost-to-competitor'
  | 'lost-to-user'
  /** Nobody touched its pools, and still it did not land as predicted: our own fault. */
  | 'fault'
  | 'dropped'

/**
 * Tells what others did to a trade from what we did wrong: one that nobody
 * interfered with has no excuse.
 */
export function judge({ plan, outcome, rivals }: SettledTrade): Verdict {
  if (outcome.kind === 'dropped') return 'dropped'
  if (outcome.kind === 'landed' && outcome.profit === plan.predictedProfit)
    return 'as-predicted'
  if (rivals.length === 0) return 'fault'
  if (outcome.kind === 'landed') return 'changed-by-rival'
  if (rivals.includes('competitor')) return 'lost-to-competitor'
  return rivals.includes('user') ? 'lost-to-user' : 'fault'
}
