import {
  type ExecutorHop,
  type ExecutorPlan,
  PlanInvalidError,
} from '../../contracts/calldata.ts'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakHex } from '../../core/keccak.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type {
  GasPrice,
  Plan,
  PlanRejection,
  PlanResult,
} from '../../market/plan.ts'
import type { BlockContext } from './blockContext.ts'
import {
  chooseLoan,
  explainNoLoan,
  type LoanChoice,
  type LoanRequest,
} from './chooseLoan.ts'
import { encodeExecute, packedPlanIn, withMinProfit } from './executorCall.ts'
import { chooseGasPrice, effectiveGasPrice } from './gasPrice.ts'
import { approximateLeastGas } from './hopGas.ts'
import { type L1DataCost, noL1DataFee } from './l1DataFee.ts'
import { readLenderTerms } from './lenderTerms.ts'
import {
  type NativeRate,
  nativeRate,
  toNativeRoundingUp,
} from './nativeValue.ts'
import { readBalance } from './readBalance.ts'
import type { ExecutionSettings } from './settings.ts'
import { gasLimitFor, transactionGas } from './transactionGas.ts'
import { leastProfit, type PlanFigures, tipOf, weigh } from './weighPlan.ts'

const wordBytes = 32
/** Here `block.number` is the parent chain's: a plan is bounded by its deadline alone. */
const chainsOfOtherBlockNumbers: ReadonlySet<number> = new Set([42161, 42170])
/** The greatest block number a plan can name. */
const lastBlockEver = 2 ** 48 - 1

/**
 * Makes an opportunity executable with the cheapest loan; its gas is an
 * estimate at the low end until it is simulated, so that nothing is rejected
 * that might pay.
 *
 * @throws RpcError where the node does not answer.
 */
export async function planOpportunity(
  settings: ExecutionSettings,
  context: BlockContext,
  opportunity: Opportunity,
): Promise<PlanResult> {
  const request = describe(settings, context, opportunity)
  if ('reason' in request) return request
  const choice = await borrow(settings, context, request)
  if ('reason' in choice) return choice
  const executorPlan = instruct(settings, context, request, choice)
  const draft = encoded(executorPlan)
  if (typeof draft !== 'string') return draft

  const { head } = context
  const { rate, gasPrice, nextPrice, hops } = request
  const { loan } = choice
  const { tip, deadline, firstBlock, lastBlock } = executorPlan
  const l1 = await readL1DataCost(settings, context, draft)
  const leastGas = BigInt(approximateLeastGas(hops) + choice.gas)
  const figures: PlanFigures = {
    balanceGain: opportunity.grossProfit - loan.premium,
    premium: loan.premium,
    tipBps: tip.bps,
    gas: transactionGas(draft, leastGas) + l1.gas,
    l1DataFee: l1.fee,
  }
  const predictedProfit =
    figures.balanceGain - tipOf(figures.balanceGain, tip.bps)
  const { maxFeePerGas } = gasPrice
  const { minNetProfit } = settings
  const minProfit = leastProfit(rate, figures, maxFeePerGas, minNetProfit)
  const expected = weigh(rate, figures, nextPrice)
  if (predictedProfit < minProfit)
    return rejected(
      'unprofitable',
      `after premium and tip ${predictedProfit} base units of ${symbolOf(opportunity)} are left, gas and the rest need ${minProfit}: ${explain(expected)}`,
    )
  const data = withMinProfit(draft, minProfit)
  const plan: Plan = {
    id: planId(settings, data),
    opportunity,
    chainId: settings.chainId,
    blockNumber: opportunity.blockNumber,
    executor: settings.executor,
    operator: settings.operator,
    loan,
    data,
    minProfit,
    predictedProfit,
    tip,
    deadline,
    firstBlock,
    lastBlock,
    gasLimit: gasLimitFor(figures.gas, head.blockGasLimit),
    gasPrice,
    expected,
  }
  return { kind: 'planned', plan }
}

/** An opportunity with all that is known of it before the loan. */
type Request = {
  readonly opportunity: Opportunity
  /** ERC-20 that is borrowed and earned. */
  readonly token: Hex
  readonly hops: readonly ExecutorHop[]
  readonly rate: NativeRate
  readonly gasPrice: GasPrice
  /** What is paid for gas in the next block, in wei. */
  readonly nextPrice: bigint
}

type Rejected = PlanResult & { readonly kind: 'rejected' }

function describe(
  settings: ExecutionSettings,
  { head }: BlockContext,
  opportunity: Opportunity,
): Request | Rejected {
  if (opportunity.grossProfit <= 0n)
    return rejected('unprofitable', `it gains ${opportunity.grossProfit}`)
  const rate = nativeRate(opportunity)
  if (!rate)
    return rejected(
      'no-price',
      `what ${symbolOf(opportunity)} is worth in the native coin is unknown`,
    )
  const token = erc20Of(settings, opportunity)
  if (!token)
    return rejected(
      'untradable',
      `the token that wraps the native coin of chain ${settings.chainId} is unknown`,
    )
  const hops = executorHops(settings, opportunity)
  if (typeof hops === 'string') return rejected('untradable', hops)
  const policy = settings.gasPrice
  const gasPrice = chooseGasPrice(head, policy, settings.windowBlocks)
  if (!gasPrice)
    return rejected(
      'fee-cap',
      `the next base fee is ${head.nextBaseFeePerGas} wei, the cap is ${policy.maxFeePerGas}`,
    )
  const nextPrice = effectiveGasPrice(gasPrice, head.nextBaseFeePerGas)
  return { opportunity, token, hops, rate, gasPrice, nextPrice }
}

/** The cheapest way to have what the first hop sells. */
async function borrow(
  settings: ExecutionSettings,
  { loans, balances }: BlockContext,
  { opportunity, token, hops, rate, nextPrice }: Request,
): Promise<LoanChoice | Rejected> {
  const { rpc, executor, usesOwnFunds, dexesWithoutFlashSwap } = settings
  const [lenders, ownFunds] = await Promise.all([
    loans.get(token, () => readLenderTerms(rpc, settings.lenders, token)),
    usesOwnFunds
      ? balances.get(token, () => readBalance(rpc, token, executor))
      : 0n,
  ])
  const { dex } = opportunity.cycle.hops.at(-1)!.pool
  const request: LoanRequest = {
    amount: opportunity.amountIn,
    hops,
    ownFunds,
    lastPairLends: !dexesWithoutFlashSwap.has(dex),
    cost: (premium, gas) =>
      toNativeRoundingUp(rate, premium) + BigInt(gas) * nextPrice,
  }
  return (
    chooseLoan(request, lenders) ??
    rejected(
      'no-lender',
      `nobody lends ${opportunity.amountIn} base units of ${symbolOf(opportunity)}: ${explainNoLoan(request, lenders)}`,
    )
  )
}

/** What the executor is told, the least profit left open. */
function instruct(
  settings: ExecutionSettings,
  context: BlockContext,
  { opportunity, token, hops }: Request,
  { lender, loan }: LoanChoice,
): ExecutorPlan {
  // Only profit in the wrapped native coin can be unwrapped for a tip.
  const paysTip = settings.wrappedNative?.toLowerCase() === token.toLowerCase()
  return {
    chainId: settings.chainId,
    token,
    amountIn: opportunity.amountIn,
    minProfit: 0n,
    tip: paysTip ? settings.tip : { bps: 0, to: zeroAddress },
    lender,
    hops: asked(settings, hops, loan.kind === 'v2FlashSwap'),
    ...timeWindow(settings, context, opportunity),
  }
}

/** Tokens of absurd supply have amounts that no plan can hold. */
function encoded(plan: ExecutorPlan): Hex | Rejected {
  try {
    return encodeExecute(plan)
  } catch (error) {
    if (!(error instanceof PlanInvalidError)) throw error
    return rejected('untradable', error.message)
  }
}

/** What the chain adds for posting this call's data; asked once a block for each size. */
export async function readL1DataCost(
  { l1DataFee, rpc, executor }: ExecutionSettings,
  context: BlockContext,
  data: Hex,
): Promise<L1DataCost> {
  if (l1DataFee === noL1DataFee) return { fee: 0n, gas: 0n }
  const words = Math.ceil(data.length / (2 * wordBytes))
  return await context.l1DataCosts.get(String(words), () =>
    l1DataFee.read(rpc, executor, data),
  )
}

/** The executor holds the native coin wrapped. */
function erc20Of(
  { wrappedNative }: ExecutionSettings,
  { cycle }: Opportunity,
): Hex | undefined {
  const { address } = cycle.tokenIn
  return address === zeroAddress ? wrappedNative : address
}

/** The hops in the executor's words, or why there are none. */
function executorHops(
  { dexes }: ExecutionSettings,
  { cycle }: Opportunity,
): ExecutorHop[] | string {
  const hops: ExecutorHop[] = []
  for (const [i, hop] of cycle.hops.entries()) {
    const known = dexes.get(hop.pool.dex)
    if (!known) return `hop ${i + 1}: no DEX ${hop.pool.dex} is known`
    if (!known.protocol.families.includes(hop.pool.family))
      return `hop ${i + 1}: ${hop.pool.dex} has no ${hop.pool.family} pools`
    const made = known.protocol.executorHop(known.dex, hop)
    if ('untradable' in made) return `hop ${i + 1}: ${made.untradable}`
    hops.push(made)
  }
  return hops
}

/** The hops with the amounts to ask for. The pair of a flash swap pays in advance: it must be told how much. */
function asked(
  { hopAmounts }: ExecutionSettings,
  hops: readonly ExecutorHop[],
  isFlashSwap: boolean,
): readonly ExecutorHop[] {
  if (hopAmounts === 'exact') return hops
  return hops.map((hop, i) =>
    isFlashSwap && i === hops.length - 1 ? hop : { ...hop, amountOut: 0n },
  )
}

/** From the block of the amounts on, a simulation runs in it, as many blocks and seconds as the settings say. */
function timeWindow(
  settings: ExecutionSettings,
  { head }: BlockContext,
  { blockNumber }: Opportunity,
): Pick<ExecutorPlan, 'deadline' | 'firstBlock' | 'lastBlock'> {
  const deadline = head.timestamp + settings.deadlineSeconds
  return chainsOfOtherBlockNumbers.has(settings.chainId)
    ? { deadline, firstBlock: 0, lastBlock: lastBlockEver }
    : {
        deadline,
        firstBlock: blockNumber,
        lastBlock: blockNumber + settings.windowBlocks,
      }
}

/** The packed plan names its chain. */
function planId({ executor }: ExecutionSettings, data: Hex): Hex {
  return keccakHex(`${executor}${packedPlanIn(data).slice(2)}`)
}

function explain(expected: Plan['expected']): string {
  const { grossProfit, premium, gas, l1DataFee, tip } = expected
  return `gross ${grossProfit}, premium ${premium}, gas ${gas}, L1 data ${l1DataFee}, tip ${tip} wei`
}

function symbolOf({ cycle }: Opportunity): string {
  return cycle.tokenIn.symbol
}

function rejected(reason: PlanRejection, detail: string): Rejected {
  return { kind: 'rejected', reason, detail }
}
