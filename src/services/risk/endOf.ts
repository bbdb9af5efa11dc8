import type { Hex } from '../../core/hex.ts'
import type { Execution, Outcome, Revert } from '../../market/plan.ts'
import type { SettledTrade, TradeEnd } from './account.ts'

/** What became of a plan; after a restart only its id is known. */
export type NotedExecution =
  | Execution
  | (Outcome & { readonly plan: { readonly id: Hex } })
  | { readonly kind: 'not-sent'; readonly plan: { readonly id: Hex } }

/**
 * Errors of the executor that others cause: it ran well in the simulation just
 * before it was sent, so what changed is the chain.
 */
const lostRaces: ReadonlySet<string> = new Set([
  'ProfitTooLow',
  'HopFailed',
  'HopShort',
  // The pair of a flash swap is the lender: when its price has moved it refuses the loan.
  'LoanFailed',
  'Expired',
  'WrongBlock',
])

/** Reads an execution; `cause` where the chain was asked who is to blame for a revert. */
export function settledOf(
  execution: NotedExecution,
  cause?: 'lost' | 'failed',
): SettledTrade {
  const { kind, plan } = execution
  const isMined = kind === 'landed' || kind === 'reverted'
  const netProfit = isMined ? execution.real.netProfit : 0n
  return {
    planId: plan.id,
    end:
      kind === 'reverted'
        ? (cause ?? blame(execution.revert))
        : ends(execution),
    loss: netProfit < 0n ? -netProfit : 0n,
    blockTimestamp: isMined ? execution.blockTimestamp : undefined,
    wasSent: kind !== 'not-sent' && !isUnseen(execution),
  }
}

/** Whose fault a revert is, by what the executor said. */
export function blame({ error }: Revert): 'lost' | 'failed' {
  return lostRaces.has(error) ? 'lost' : 'failed'
}

/** Nodes that are busy are not to blame on a trade. */
function isUnseen(execution: NotedExecution): boolean {
  return execution.kind === 'refused' && execution.isUnseen
}

function ends(execution: NotedExecution): TradeEnd {
  switch (execution.kind) {
    case 'landed':
      return 'landed'
    // A relay or node that refuses what we sign: to be looked at.
    case 'refused':
      return isUnseen(execution) ? 'void' : 'failed'
    case 'dropped':
      return execution.reason === 'expired' ? 'lost' : 'void'
    default:
      return 'void'
  }
}
