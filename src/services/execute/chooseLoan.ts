import { lenderProtocol } from '../../adapters/lenders/index.ts'
import type {
  ExecutorHop,
  ExecutorPlan,
  LenderKind,
} from '../../contracts/calldata.ts'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import type { Loan } from '../../market/plan.ts'
import type { LenderTerms } from './lenderTerms.ts'

/** A loan, what the executor is told of it, and its gas. */
export type LoanChoice = {
  readonly loan: Loan
  readonly lender: ExecutorPlan['lender']
  /** Gas that the loan itself costs, about. */
  readonly gas: number
}

/** What is to be borrowed, for which hops. */
export type LoanRequest = {
  /** Base units. */
  readonly amount: bigint
  readonly hops: readonly ExecutorHop[]
  /** Base units of the token that the executor owns and may use. */
  readonly ownFunds: bigint
  /** The last pair, if the last hop is one, can pay in advance. */
  readonly lastPairLends: boolean
  /** What a cost is worth, to compare premium and gas: wei of so many base units and so much gas. */
  cost(premium: bigint, gas: number): bigint
}

/**
 * The cheapest way to have the amount: own funds, the flash swap of the last
 * pair, or a lender that has enough and is not itself in use by the route.
 * Cheap is premium and gas together; of equals the first.
 */
export function chooseLoan(
  request: LoanRequest,
  lenders: readonly LenderTerms[],
): LoanChoice | undefined {
  let best: LoanChoice | undefined
  let bestCost = 0n
  for (const choice of choices(request, lenders)) {
    const cost = request.cost(choice.loan.premium, choice.gas)
    if (best && cost >= bestCost) continue
    best = choice
    bestCost = cost
  }
  return best
}

/** Why each lender cannot be used, for people: `balancer-v2 has 5, morpho is used by the route`. */
export function explainNoLoan(
  { amount, hops }: LoanRequest,
  lenders: readonly LenderTerms[],
): string {
  if (lenders.length === 0) return 'no lender is known'
  return lenders
    .map(({ lender, terms, fault }) => {
      if (fault !== undefined) return `${lender.name} does not answer: ${fault}`
      if (isUsedByRoute(lender.kind, lender.address, hops))
        return `${lender.name} is itself in the route`
      return terms!.available < amount
        ? `${lender.name} has ${terms!.available}`
        : `${lender.name} lends`
    })
    .join(', ')
}

function* choices(
  { amount, hops, ownFunds, lastPairLends }: LoanRequest,
  lenders: readonly LenderTerms[],
): Generator<LoanChoice> {
  if (ownFunds >= amount) yield withoutLender('none', amount)
  const last = hops.at(-1)!
  // The contract asks the last pair for its output before it has its input: the plan must name it.
  if (lastPairLends && isPair(last) && last.amountOut > 0n && hops.length > 1)
    yield withoutLender('v2FlashSwap', amount)
  for (const { lender, protocol, terms } of lenders) {
    if (!terms || terms.available < amount) continue
    if (isUsedByRoute(lender.kind, lender.address, hops)) continue
    yield {
      loan: {
        lender: lender.name,
        kind: lender.kind,
        address: lender.address,
        amount,
        premium: terms.premium(amount),
      },
      lender: {
        kind: lender.kind,
        address: lender.address,
        lendsToken1: terms.lendsToken1,
      },
      gas: protocol.gas,
    }
  }
}

/** Of the names a plan has for a loan, those that need no lender. */
function withoutLender(
  kind: 'none' | 'v2FlashSwap',
  amount: bigint,
): LoanChoice {
  return {
    loan: {
      lender: kind === 'none' ? 'none' : 'v2-flash-swap',
      kind,
      address: zeroAddress,
      amount,
      premium: 0n,
    },
    lender: { kind, address: zeroAddress, lendsToken1: false },
    gas: lenderProtocol(kind).gas,
  }
}

/**
 * A contract that locks itself while it lends cannot trade in the same call:
 * the Balancer V2 Vault (`nonReentrant` on `flashLoan` and `swap`) and the
 * Uniswap V3 pool (`lock`). Uniswap V4's PoolManager lends and trades in one
 * unlocking.
 */
function isUsedByRoute(
  kind: LenderKind,
  address: Hex,
  hops: readonly ExecutorHop[],
): boolean {
  if (kind !== 'balancerV2' && kind !== 'uniswapV3') return false
  return hops.some(
    ({ target }) => target.toLowerCase() === address.toLowerCase(),
  )
}

function isPair({ module }: ExecutorHop): boolean {
  return module === 'v2' || module === 'solidly'
}
