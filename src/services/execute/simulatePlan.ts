import type { Hex } from '../../core/hex.ts'
import { RpcError } from '../../core/rpcError.ts'
import {
  type GasPrice,
  type Plan,
  poolNames,
  type Revert,
  type Simulation,
} from '../../market/plan.ts'
import type { BlockContext } from './blockContext.ts'
import { decodeRevert, outOfGas, type RevertNames } from './decodeRevert.ts'
import { decodeExecuteResult, withMinProfit } from './executorCall.ts'
import { effectiveGasPrice } from './gasPrice.ts'
import { nativeRate } from './nativeValue.ts'
import { readL1DataCost } from './planOpportunity.ts'
import type { ExecutionSettings } from './settings.ts'
import {
  gasLimitFor,
  highestGasLimit,
  transactionGas,
} from './transactionGas.ts'
import { leastProfit, type PlanFigures, weigh } from './weighPlan.ts'

const bps = 10_000n
const outOfGasMessage = /out of gas|gas (?:uint64 )?overflow|exceeds allowance/i

/** What one call told: exact profit and gas. */
export type Measured = {
  /** Base units of the token, after premium and tip. */
  readonly profit: bigint
  /** Gas before refunds, without what the calldata costs. */
  readonly executionGas: bigint
  /** Wei on top of the gas. */
  readonly l1DataFee: bigint
}

/**
 * Runs the plan once, by `eth_call` of the operator upon the latest block, and
 * sets its gas limit, least profit and expected profit from what was measured.
 *
 * @throws RpcError where the node does not answer, or not with a revert.
 */
export async function simulatePlan(
  settings: ExecutionSettings,
  context: BlockContext,
  plan: Plan,
): Promise<Simulation> {
  const called = await callExecutor(settings, context, plan)
  if (typeof called !== 'string')
    return { kind: 'reverted', plan, revert: called }
  const result = decodeExecuteResult(called)
  if (!result)
    return { kind: 'reverted', plan, revert: noExecutor(plan.executor, called) }
  const l1 = await readL1DataCost(settings, context, plan.data)
  const measured: Measured = {
    profit: result.profit,
    executionGas: result.gasUsed + l1.gas,
    l1DataFee: l1.fee,
  }
  return settlePlan(settings, context, plan, measured, plan.gasPrice)
}

/** The plan as measured, at this price of gas; or that it does not pay. */
export function settlePlan(
  settings: ExecutionSettings,
  { head }: BlockContext,
  plan: Plan,
  measured: Measured,
  gasPrice: GasPrice,
): Simulation {
  const { profit, executionGas } = measured
  // A plan is only made where the rate is known.
  const rate = nativeRate(plan.opportunity)!
  const figuresAt = (gas: bigint): PlanFigures => ({
    balanceGain: beforeTip(profit, plan),
    premium: plan.loan.premium,
    tipBps: plan.tip.bps,
    gas,
    l1DataFee: measured.l1DataFee,
  })
  const { maxFeePerGas } = gasPrice
  const { minNetProfit } = settings
  let { data, minProfit } = plan
  let gasUsed = transactionGas(data, executionGas)
  // All of the gas limit is covered, not only what was measured: others' swaps
  // may make ours cross more ticks, and not every node runs calls at the time
  // of the next block, where a pair writes its price accumulators.
  // The least profit stands in the calldata, whose gas it has to cover too.
  for (let covered = 0n; covered < gasUsed; ) {
    covered = gasUsed
    const mostGas = gasLimitFor(covered, head.blockGasLimit)
    const dearest = figuresAt(mostGas)
    minProfit = leastProfit(rate, dearest, maxFeePerGas, minNetProfit)
    data = withMinProfit(data, minProfit)
    gasUsed = transactionGas(data, executionGas)
  }
  const figures = figuresAt(gasUsed)
  const nextPrice = effectiveGasPrice(gasPrice, head.nextBaseFeePerGas)
  const expected = weigh(rate, figures, nextPrice)
  const gasLimit = gasLimitFor(gasUsed, head.blockGasLimit)
  if (profit < minProfit)
    return {
      kind: 'unprofitable',
      plan: { ...plan, gasPrice, gasLimit, expected },
      profit,
      gasUsed,
      detail: `it leaves ${profit} base units, up to ${gasLimit} gas at up to ${maxFeePerGas} wei and the rest need ${minProfit}`,
    }
  return {
    kind: 'succeeded',
    plan: { ...plan, data, minProfit, gasPrice, gasLimit, expected },
    blockNumber: head.blockNumber,
    profit,
    gasUsed,
  }
}

/** What the words of a revert call the hops and the lender. */
export function revertNames(plan: Plan): RevertNames {
  return { hops: poolNames(plan.opportunity), lender: plan.loan.lender }
}

/** What the call returned, or why it reverted. */
async function callExecutor(
  { operator, executor, nextBlock, blockSeconds }: ExecutionSettings,
  { head }: BlockContext,
  plan: Plan,
): Promise<string | Revert> {
  const gas = highestGasLimit(head.blockGasLimit)
  const call = {
    from: operator,
    to: executor,
    data: plan.data,
    gas: `0x${gas.toString(16)}`,
  }
  try {
    const timestamp = head.timestamp + blockSeconds
    return await nextBlock.call(call, timestamp)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    if (error.data !== undefined)
      return decodeRevert(error.data, revertNames(plan))
    if (outOfGasMessage.test(error.message)) return outOfGas
    throw error
  }
}

/** The gain of which the contract took the tip: the tip rounded down, so this may be a base unit less. */
function beforeTip(
  profit: bigint,
  { tip, predictedProfit, opportunity, loan }: Plan,
): bigint {
  if (tip.bps === 0) return profit
  if (profit === predictedProfit) return opportunity.grossProfit - loan.premium
  const kept = bps - BigInt(tip.bps)
  return kept === 0n ? profit : (profit * bps) / kept
}

function noExecutor(executor: Hex, answer: string): Revert {
  return {
    error: 'unknown',
    facts: { answer },
    hop: undefined,
    detail: `there is no executor at ${executor}`,
  }
}
