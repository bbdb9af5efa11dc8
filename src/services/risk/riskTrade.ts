import type { Hex } from '../../core/hex.ts'
import type { Plan } from '../../market/plan.ts'

/** What of a plan its risk depends on. Addresses and ids in small letters. */
export type RiskTrade = {
  readonly planId: Hex
  readonly route: Hex
  /** Token the cycle begins with. */
  readonly token: string
  /** All tokens and pools of the cycle. */
  readonly tokens: readonly string[]
  readonly pools: readonly string[]
  /** Base units of the token. */
  readonly amountIn: bigint
  /** Of the input, in wei of the native coin. */
  readonly inputWorth: bigint
  /** Expected, in wei of the native coin. */
  readonly netProfit: bigint
  /** In wei of the native coin. */
  readonly worstLoss: bigint
  /** Block whose state the plan's amounts are of. */
  readonly blockNumber: number
}

const addressOrId = /^0x(?:[0-9a-f]{40}|[0-9a-f]{64})$/i

/** The L1 data fee has no cap of its own: room for its price to double until the block. */
const l1DataFeeRoom = 2n

export function riskTradeOf(plan: Plan): RiskTrade {
  const { cycle, amountIn } = plan.opportunity
  return {
    planId: plan.id,
    route: cycle.id,
    token: cycle.tokenIn.address.toLowerCase(),
    tokens: cycle.hops.map(({ tokenIn }) => tokenIn.address.toLowerCase()),
    pools: cycle.hops.map(({ pool }) => pool.address.toLowerCase()),
    amountIn,
    inputWorth: inputWorthOf(plan),
    netProfit: plan.expected.netProfit,
    worstLoss: worstLossOf(plan),
    blockNumber: plan.blockNumber,
  }
}

/**
 * The loan is repaid or the transaction reverts, and the contract checks the
 * least profit: at worst all gas is paid for at the highest price, for nothing.
 * In wei of the native coin.
 */
export function worstLossOf({ gasLimit, gasPrice, expected }: Plan): bigint {
  return gasLimit * gasPrice.maxFeePerGas + l1DataFeeRoom * expected.l1DataFee
}

/**
 * By the price at which the gross profit would sell. That was rounded down: one
 * wei more, rounded up, is never less than the true worth at that price.
 */
function inputWorthOf({ opportunity }: Plan): bigint {
  const { amountIn, grossProfit, grossProfitNative } = opportunity
  // A plan is only made where both are known.
  const native = (grossProfitNative ?? 0n) + 1n
  return (amountIn * native + grossProfit - 1n) / grossProfit
}

export function isAddressOrId(text: string): boolean {
  return addressOrId.test(text)
}
