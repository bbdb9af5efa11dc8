import type { PlanRejection } from '../../market/plan.ts'
import type { RiskRule } from '../../services/risk/judgeTrade.ts'

/** Why what was found was not sent, as a block's report counts it; docs/TROUBLESHOOTING.md explains each. */
export type SkipReason =
  | PlanRejection
  | RiskRule
  /** The error's name stands behind it. */
  | `simulation reverted: ${string}`
  /** There is no executor to trade with. */
  | 'only watched'
  /** What a reorg did to a transaction in flight is not known yet. */
  | 'reorg'
  /** The bot was asked to end. */
  | 'stopping'
  /** A better plan, or one in flight, trades in the same pool. */
  | 'shares-pool'
  /** No node answered while it was planned or simulated. */
  | 'node-fault'
  /** Too few nodes told what their newest block is. */
  | 'unknown-head'
  /** No node or relay took it. */
  | 'refused'
