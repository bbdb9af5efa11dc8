import type { Breaker, RiskAccount, StoredBreaker } from '../../market/risk.ts'
import { dayOf, lossOf } from './account.ts'
import type { CheckedLimits } from './limits.ts'

/** How risk signs what it does to the breaker by itself. */
export const byRisk = 'risk'

/** The breaker where none was ever set. */
export const firstBreaker: StoredBreaker = {
  revision: 0,
  state: 'running',
  by: byRisk,
  why: 'nothing has gone wrong',
  at: 0,
  until: null,
}

/** What risk itself makes of the breaker now; undefined where it stays as it is. */
export function nextBreaker(
  account: RiskAccount,
  limits: CheckedLimits,
  breaker: Breaker,
): Breaker | undefined {
  const { failuresInRow, lostInRow, lastSeen: at } = account
  const set = (
    state: Breaker['state'],
    why: string,
    until: number | null = null,
  ): Breaker => ({ state, by: byRisk, why, at, until })

  if (breaker.state === 'halted') return undefined
  const loss = lossOf(account, dayOf(at))
  if (limits.dailyLoss !== undefined && loss > limits.dailyLoss)
    return set(
      'halted',
      `${loss} wei were lost in a day, more than the ${limits.dailyLoss} allowed`,
    )
  if (breaker.state === 'paused')
    return breaker.until !== null && breaker.until <= at
      ? set('running', 'the pause is over')
      : undefined
  if (failuresInRow >= limits.maxFailuresInRow)
    return set(
      'paused',
      `${failuresInRow} trades in a row failed by our fault`,
      limits.failurePauseSeconds === undefined
        ? null
        : at + limits.failurePauseSeconds,
    )
  if (breaker.state === 'running' && lostInRow >= limits.maxLostInRow)
    return set('degraded', `${lostInRow} trades in a row were lost`)
  if (breaker.state === 'degraded' && lostInRow === 0 && breaker.by === byRisk)
    return set('running', 'a trade landed again')
  return undefined
}

/** Counts in a row begin anew when the breaker is set to run. */
export function withBreaker(
  account: RiskAccount,
  { revision, state }: StoredBreaker,
): RiskAccount {
  if (revision === account.breakerRevision) return account
  return {
    ...account,
    breakerRevision: revision,
    ...(state === 'running' && { failuresInRow: 0, lostInRow: 0 }),
  }
}
