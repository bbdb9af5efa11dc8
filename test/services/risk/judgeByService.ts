import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Plan } from '../../../src/market/plan.ts'
import type { SettledTrade } from '../../../src/services/risk/account.ts'
import {
  type Cause,
  createRisk,
  type NotedExecution,
  type RiskLimits,
} from '../../../src/services/risk/createRisk.ts'
import type { RiskTrade } from '../../../src/services/risk/riskTrade.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
  revertedOf,
} from '../../support/plans.ts'
import type { StreamJudge } from './streams.ts'

type Reverted = Extract<NotedExecution, { kind: 'reverted' }>

/** A judge that is a service on a database: closed in the end. */
export type ServiceJudge = StreamJudge & { close(): Promise<void> }

/**
 * The whole service of risk on a database of SQLite: a restart closes the
 * database, and the next service has nothing but what is in it.
 *
 * @param whileClosed what befalls the database between two processes.
 */
export async function judgeByService(
  file: string,
  ledger: string,
  limits: RiskLimits,
  whileClosed: () => void = () => {},
): Promise<ServiceJudge> {
  let now = 0
  const begin = async () => {
    const store = await openSqliteStore(file)
    return {
      store,
      risk: await createRisk({ limits, store, ledger, clock: () => now }),
    }
  }
  let process = await begin()
  const plans = new Map<Hex, Plan>()
  return {
    async allows(trade, head, time) {
      now = time
      const plan = planFor(trade)
      plans.set(plan.id, plan)
      const { kind } = await process.risk.judge(plan, head)
      return kind === 'allowed'
    },
    async settle(settled) {
      const plan = plans.get(settled.planId)!
      await process.risk.note(...notedOf(plan, settled))
    },
    async restart(openPlanIds, time) {
      now = time
      await process.store.close()
      whileClosed()
      process = await begin()
      await process.risk.keepOnly(openPlanIds)
    },
    close: () => process.store.close(),
  }
}

/** A plan that risks just what the trade does. */
function planFor(trade: RiskTrade): Plan {
  const { worstLoss, amountIn, inputWorth } = trade
  const plan = planOf(opportunityOf(trade.blockNumber))
  const { opportunity, expected } = plan
  const [hop] = opportunity.cycle.hops
  const tokenOf = (address: string) => ({
    ...opportunity.cycle.tokenIn,
    address: address as Hex,
  })
  // Twice the fee for L1 data is at stake.
  const l1DataFee = worstLoss / 4n
  return {
    ...plan,
    id: trade.planId,
    opportunity: {
      ...opportunity,
      amountIn,
      // As much gain as input: worth the same but for one wei.
      grossProfit: amountIn,
      grossProfitNative: inputWorth - 1n,
      cycle: {
        id: trade.route,
        tokenIn: tokenOf(trade.token),
        hops: trade.tokens.map((token, i) => ({
          ...hop!,
          tokenIn: tokenOf(token),
          pool: { ...hop!.pool, address: trade.pools[i] as Hex },
        })),
      },
    },
    gasLimit: worstLoss - 2n * l1DataFee,
    gasPrice: { maxFeePerGas: 1n, maxPriorityFeePerGas: 0n },
    expected: { ...expected, l1DataFee, netProfit: trade.netProfit },
  }
}

/** What the execution says of a plan that ended so, and what the chain says of it. */
function notedOf(
  plan: Plan,
  { end, loss, blockTimestamp, wasSent }: SettledTrade,
): readonly [NotedExecution, (Cause | undefined)?] {
  const intent = intentOf('any', plan, 0)
  const { txHash } = intent
  const mined = { plan, blockTimestamp: blockTimestamp ?? 0 }
  const netProfit = -loss
  if (end === 'landed') {
    const landed = landedOf(intent) as Extract<
      NotedExecution,
      { kind: 'landed' }
    >
    return [{ ...landed, ...mined, real: { ...landed.real, netProfit } }]
  }
  if (end === 'void')
    return wasSent
      ? [{ kind: 'dropped', txHash, reason: 'replaced', plan }]
      : [{ kind: 'not-sent', plan }]
  if (blockTimestamp !== undefined) {
    const reverted = revertedOf(intent) as Reverted
    // The one by the executor's error, the other by what the chain tells.
    const revert = { ...reverted.revert, error: 'HopFailed' }
    const real = { ...reverted.real, netProfit }
    return [
      { ...reverted, ...mined, revert, real },
      end === 'failed' ? end : undefined,
    ]
  }
  return end === 'lost'
    ? [{ kind: 'dropped', txHash, reason: 'expired', plan }]
    : [{ kind: 'refused', plan, txHash, reason: 'no', isUnseen: false }]
}
