import type { ExecutorHop, ExecutorPlan } from '../../contracts/calldata.ts'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakHex } from '../../core/keccak.ts'
import type { Opportunity } from '../../market/opportunity.ts'
import type { Plan, PlanRejection, PlanResult } from '../../market/plan.ts'
import type { BlockContext } from './blockContext.ts'
import { chooseLoan, explainNoLoan, type LoanRequest } from './chooseLoan.ts'
import { encodeExecute, packedPlanIn, withMinProfit } from './executorCall.ts'
import { chooseGasPrice, effectiveGasPrice } from './gasPrice.ts'
import { approximateLeastGas } from './hopGas.ts'
import { type L1DataCost, noL1DataFee } from './l1DataFee.ts'
import { readLenderTerms } from './lenderTerms.ts'
import { nativeRate, toNativeRoundingUp } from './nativeValue.ts'
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
 * @throws PlanInvalidError where an amount is beyond what a plan can hold.
 */
export async function planOpportunity(
  settings: ExecutionSettings,
  context: BlockContext,
  opportunity: Opportunity,
): Promise<PlanResult> {
  const rate = nativeRate(opportunity)
  if (opportunity.grossProfit <= 0n)
    return rejected('unprofitable', `it gains ${opportunity.grossProfit}`)
  if (!rate)
    return rejected(
      'no-price',
      `what ${opportunity.cycle.tokenIn.symbol} is worth in the native coin is unknown`,
    )
  const hops = executorHops(settings, opportunity)
  if (typeof hops === 'string') return rejected('untradable', hops)

  const { head } = context
  const gasPrice = chooseGasPrice(
    head,
    settings.gasPrice,
    settings.windowBlocks,
  )
  if (!gasPrice)
    return rejected(
      'fee-cap',
      `the next base fee is ${head.nextBaseFeePerGas} wei, the cap is ${settings.gasPrice.maxFeePerGas}`,
    )
  const nextPrice = effectiveGasPrice(gasPrice, head.nextBaseFeePerGas)

  const token = erc20Of(settings, opportunity)
  if (!token)
    return rejected(
      'untradable',
      `the token that wraps the native coin of chain ${settings.chainId} is unknown`,
    )
  const [lenders, ownFunds] = await Promise.all([
    context.loans.get(token, () =>
      readLenderTerms(settings.rpc, settings.lenders, token),
    ),
    settings.usesOwnFunds
      ? context.balances.get(token, () =>
          readBalance(settings.rpc, token, settings.executor),
        )
      : 0n,
  ])
  const request: LoanRequest = {
    amount: opportunity.amountIn,
    hops,
    ownFunds,
    lastPairLends: !settings.dexesWithoutFlashSwap.has(
      opportunity.cycle.hops.at(-1)!.pool.dex,
    ),
    cost: (premium, gas) =>
      toNativeRoundingUp(rate, premium) + BigInt(gas) * nextPrice,
  }
  const choice = chooseLoan(request, lenders)
  if (!choice)
    return rejected(
      'no-lender',
      `nobody lends ${opportunity.amountIn} base units of ${opportunity.cycle.tokenIn.symbol}: ${explainNoLoan(request, lenders)}`,
    )

  // Only profit in the wrapped native coin can be unwrapped for a tip.
  const tip =
    settings.wrappedNative?.toLowerCase() === token.toLowerCase()
      ? settings.tip
      : { bps: 0, to: zeroAddress }
  const executorPlan: ExecutorPlan = {
    chainId: settings.chainId,
    token,
    amountIn: opportunity.amountIn,
    minProfit: 0n,
    tip,
    lender: choice.lender,
    hops: asked(settings, hops, choice.loan.kind === 'v2FlashSwap'),
    ...timeWindow(settings, context, opportunity),
  }
  const draft = encodeExecute(executorPlan)
  const l1 = await readL1DataCost(settings, context, draft)
  const figures: PlanFigures = {
    balanceGain: opportunity.grossProfit - choice.loan.premium,
    premium: choice.loan.premium,
    tipBps: tip.bps,
    gas:
      transactionGas(draft, BigInt(approximateLeastGas(hops) + choice.gas)) +
      l1.gas,
    l1DataFee: l1.fee,
  }
  const profit =
    figures.balanceGain - tipOf(figures.balanceGain, figures.tipBps)
  const minProfit = leastProfit(
    rate,
    figures,
    gasPrice.maxFeePerGas,
    settings.minNetProfit,
  )
  const expected = weigh(rate, figures, nextPrice)
  if (profit < minProfit)
    return rejected(
      'unprofitable',
      `after premium and tip ${profit} base units of ${opportunity.cycle.tokenIn.symbol} are left, gas and the rest need ${minProfit}: ${explain(expected)}`,
    )
  const data = withMinProfit(draft, minProfit)
  const { deadline, firstBlock, lastBlock } = executorPlan
  const plan: Plan = {
    id: planId(settings, data),
    opportunity,
    chainId: settings.chainId,
    blockNumber: opportunity.blockNumber,
    executor: settings.executor,
    operator: settings.operator,
    loan: choice.loan,
    data,
    minProfit,
    predictedProfit: profit,
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

function rejected(reason: PlanRejection, detail: string): PlanResult {
  return { kind: 'rejected', reason, detail }
}
