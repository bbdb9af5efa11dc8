import type { LenderKind } from '../contracts/calldata.ts'
import type { Hex } from '../core/hex.ts'
import type { Opportunity } from './opportunity.ts'

/** The price of gas a transaction offers (EIP-1559), in wei. */
export type GasPrice = {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Where a plan's loan comes from. */
export type Loan = {
  /** Name of the lender: `balancer-v2`; `none` for own funds. */
  readonly lender: string
  readonly kind: LenderKind
  readonly address: Hex
  /** Base units of the cycle's token. */
  readonly amount: bigint
  /** Base units of the cycle's token. */
  readonly premium: bigint
}

/**
 * What a plan gains and costs, each its own field, in wei of the native coin:
 * `netProfit = grossProfit - premium - gas - l1DataFee - tip`.
 */
export type ProfitAndCost = {
  readonly grossProfit: bigint
  readonly premium: bigint
  readonly gas: bigint
  readonly l1DataFee: bigint
  readonly tip: bigint
  readonly netProfit: bigint
}

/** An opportunity made executable: simulate it, then send it. */
export type Plan = {
  /** Name of the plan: hash of executor and packed plan as first planned; a simulation keeps it. */
  readonly id: Hex
  readonly opportunity: Opportunity
  readonly chainId: number
  /** Block whose state the amounts are of. */
  readonly blockNumber: number
  readonly executor: Hex
  /** Account that sends it. */
  readonly operator: Hex
  readonly loan: Loan
  /** Call of the executor, packed plan included. */
  readonly data: Hex
  /** Checked on chain, after premium and tip; base units of the cycle's token. */
  readonly minProfit: bigint
  /** What the contract should report: gross profit less premium and tip; base units of the cycle's token. */
  readonly predictedProfit: bigint
  /** Share of the profit in 1/10,000; `to` the zero address means `block.coinbase`. */
  readonly tip: { readonly bps: number; readonly to: Hex }
  /** Unix seconds; the last second in which it may run. */
  readonly deadline: number
  /** `block.number` of the first and last block it may run in, both inclusive. */
  readonly firstBlock: number
  readonly lastBlock: number
  readonly gasLimit: bigint
  readonly gasPrice: GasPrice
  /** What is expected; gas by estimate until the plan is simulated. */
  readonly expected: ProfitAndCost
}

/** Why no plan was made. */
export type PlanRejection =
  /** No lender has the token in that amount. */
  | 'no-lender'
  /** Premium, gas, L1 data fee and tip eat the profit. */
  | 'unprofitable'
  /** A hop's DEX is unknown, or the executor cannot trade it. */
  | 'untradable'
  /** What the profit is worth in native coin is unknown, so costs cannot be weighed. */
  | 'no-price'
  /** The next block's base fee is above the highest fee that may be offered. */
  | 'fee-cap'

export type PlanResult =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | {
      readonly kind: 'rejected'
      readonly reason: PlanRejection
      /** One sentence with the numbers. */
      readonly detail: string
    }

/** Why the contract reverted, in words. */
export type Revert = {
  /** Name of the error: `ProfitTooLow`, `HopFailed`, … or `unknown`. */
  readonly error: string
  /** Arguments by name, integers as bigint. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Which hop failed, from 0; undefined where it was none. */
  readonly hop: number | undefined
  /** One sentence for people. */
  readonly detail: string
}

/** What running a plan against the latest state gave; nothing was sent. */
export type Simulation =
  | SucceededSimulation
  | { readonly kind: 'reverted'; readonly plan: Plan; readonly revert: Revert }
  | {
      /** Pays on the chain, but not for its gas. */
      readonly kind: 'unprofitable'
      readonly plan: Plan
      /** Base units of the cycle's token, after premium and tip, exact. */
      readonly profit: bigint
      readonly gasUsed: bigint
      readonly detail: string
    }

export type SucceededSimulation = {
  readonly kind: 'succeeded'
  /** Plan with min profit, gas limit and expected profit set from this run. */
  readonly plan: Plan
  /** The chain's latest block as known when it ran. */
  readonly blockNumber: number
  /** Base units of the cycle's token, after premium and tip, exact. */
  readonly profit: bigint
  /** Gas before refunds, the 21,000 and calldata included: what the gas limit must cover. */
  readonly gasUsed: bigint
}

/** What of a plan settles its transaction: a store gives it back after a restart, when the opportunity is gone. */
export type PlanTerms = Omit<Plan, 'opportunity'> & {
  /** Begins and ends the cycle. */
  readonly token: Hex
  readonly tokenDecimals: number
  /** DEX and pool of each hop, for people. */
  readonly pools: readonly string[]
  /** Base units of the token, and what they were worth in wei of the native coin. */
  readonly grossProfit: bigint
  readonly grossProfitNative: bigint
}

/** A transaction whose outcome is not known yet. */
export type PendingTransaction = {
  /** Ledger of the store it is written in. */
  readonly ledger: string
  readonly txHash: Hex
  /** Its versions that pay the tip elsewhere: of all of them at most one is mined. */
  readonly otherHashes: readonly Hex[]
  readonly nonce: number
  readonly terms: PlanTerms
}

/** What became of a transaction. */
export type Outcome =
  | {
      readonly kind: 'landed'
      /** Of the version that was mined. */
      readonly txHash: Hex
      readonly blockNumber: number
      readonly blockHash: Hex
      /** Unix seconds of the block. */
      readonly blockTimestamp: number
      /** Base units of the cycle's token, as the contract reported it, after premium and tip. */
      readonly profit: bigint
      /** Base units of the cycle's token, as the contract reported it. */
      readonly tip: bigint
      readonly gasUsed: bigint
      readonly effectiveGasPrice: bigint
      /** In wei of the native coin, with what was really paid. */
      readonly real: ProfitAndCost
    }
  | {
      readonly kind: 'reverted'
      readonly txHash: Hex
      readonly blockNumber: number
      readonly blockHash: Hex
      readonly blockTimestamp: number
      readonly revert: Revert
      readonly gasUsed: bigint
      readonly effectiveGasPrice: bigint
      /** All costs, no gain: `netProfit` is negative. In wei of the native coin. */
      readonly real: ProfitAndCost
    }
  | {
      /** Never mined: its blocks passed, or another transaction took its nonce. */
      readonly kind: 'dropped'
      readonly txHash: Hex
      readonly reason: DropReason
    }

export type DropReason =
  | 'expired'
  | 'replaced'
  /** The chain it was for is gone: an embedded one dies with its process. */
  | 'chain-gone'

/** A plan that was not sent. */
export type NotSent =
  | {
      /** The simulation just before sending said no; or it succeeded, and the plan it made was not approved. */
      readonly kind: 'not-sent'
      readonly plan: Plan
      readonly simulation: Simulation
    }
  | {
      /** The submitter refused it; its nonce is free again. */
      readonly kind: 'refused'
      readonly plan: Plan
      readonly txHash: Hex
      readonly reason: string
      /** No node looked at it, for all were busy or out of reach: that says nothing of the transaction. */
      readonly isUnseen: boolean
    }

/** A plan on its way, or why it is not. */
export type Submission =
  | {
      readonly kind: 'sent'
      readonly plan: Plan
      readonly pending: PendingTransaction
    }
  | NotSent

/** What became of a plan. */
export type Execution = (Outcome & { readonly plan: Plan }) | NotSent

/** What a store keeps of a plan. */
export function planTerms(plan: Plan): PlanTerms {
  const { opportunity, ...terms } = plan
  const { tokenIn } = opportunity.cycle
  return {
    ...terms,
    token: tokenIn.address,
    tokenDecimals: tokenIn.decimals,
    pools: poolNames(opportunity),
    grossProfit: opportunity.grossProfit,
    // A plan is only made where this is known.
    grossProfitNative: opportunity.grossProfitNative ?? 0n,
  }
}

/** `uniswap-v2 0x…` of each hop: the DEX, and the pool's address after the space. */
export function poolNames({ cycle }: Opportunity): readonly string[] {
  return cycle.hops.map(({ pool }) => `${pool.dex} ${pool.address}`)
}
