import type { Hex } from '../core/hex.ts'
import type { Opportunity } from './opportunity.ts'
import type { DropReason, Outcome, PendingTransaction, Plan } from './plan.ts'

/** Where in its life something was decided about an opportunity. */
export type DecisionStage = 'scan' | 'score' | 'plan' | 'simulate' | 'submit'

/** One decision about an opportunity, with its reason. */
export type Decision = {
  readonly opportunity: Opportunity
  readonly stage: DecisionStage
  /** One word: `planned`, `unprofitable`, `reverted`, … */
  readonly verdict: string
  /** One sentence with the numbers; null where the verdict says all. */
  readonly detail: string | null
  /** Unix seconds of the opportunity's block, where known. */
  readonly blockTimestamp?: number
}

/** A signed transaction about to be sent: written down before it is. */
export type Intent = PendingTransaction & {
  /** Name of the submitter it goes to. */
  readonly submitter: string
}

/** A transaction that is in a block, which a reorg may take back. */
export type MinedTransaction = {
  readonly pending: PendingTransaction
  readonly kind: 'landed' | 'reverted'
  readonly blockNumber: number
}

/** What a store knows of a plan's transaction: `intended` while its end is open. */
export type KeptTransaction =
  | MinedTransaction
  | {
      readonly pending: PendingTransaction
      readonly kind: 'intended' | 'refused'
    }
  | {
      readonly pending: PendingTransaction
      readonly kind: 'dropped'
      readonly reason: DropReason
    }

/** How a transaction ended: on the chain, or refused before it. */
export type Ending =
  | Outcome
  | {
      readonly kind: 'refused'
      readonly txHash: Hex
      readonly reason: string
    }

/** A landed transaction, predicted and real. Profit is base units of the token, the rest wei of the native coin. */
export type Trade = {
  readonly ledger: string
  readonly txHash: Hex
  readonly nonce: number
  readonly planId: Hex
  readonly blockNumber: number
  readonly blockTimestamp: number
  readonly lender: string
  readonly route: string
  readonly token: Hex
  readonly tokenSymbol: string
  readonly amountIn: bigint
  readonly predictedProfit: bigint
  readonly profit: bigint
  readonly expectedNetProfit: bigint
  readonly realNetProfit: bigint
  readonly gas: bigint
}

/**
 * Remembers what was decided, planned, sent and earned. Rows belong to a
 * ledger: one for a chain, or for one run of a chain that dies with its
 * process.
 */
export type ExecutionStore = {
  /** Notes the opportunity, once, and what was decided. */
  recordDecision(ledger: string, decision: Decision): Promise<void>
  /** Notes a plan, or its newer figures. */
  recordPlan(ledger: string, plan: Plan): Promise<void>
  /**
   * Writes down what is about to be sent: durable once the promise is kept.
   * Refuses a nonce whose transaction is unfinished or mined.
   *
   * @throws StoreInvalidError
   */
  writeIntent(intent: Intent): Promise<void>
  /** Notes how a transaction ended, and what it earned where it landed. The last word counts. */
  recordEnding(ledger: string, ending: Ending): Promise<void>
  /** Takes an ending back: a reorg has taken the block it was in, and what comes of the transaction is open. */
  reopen(ledger: string, txHash: Hex): Promise<void>
  /** Transactions of the account that were mined in this block or a later one, by nonce. */
  minedFrom(
    ledger: string,
    account: Hex,
    blockNumber: number,
  ): Promise<readonly MinedTransaction[]>
  /** The transaction of a plan, the one of the greatest nonce; undefined where none was ever about to be sent. */
  transactionOf(
    ledger: string,
    planId: Hex,
  ): Promise<KeptTransaction | undefined>
  /** Transactions of the account that have no ending, by nonce. */
  unfinished(
    ledger: string,
    account: Hex,
  ): Promise<readonly PendingTransaction[]>
  /** Transactions of the account with this nonce that ended as dropped. */
  dropped(
    ledger: string,
    account: Hex,
    nonce: number,
  ): Promise<readonly Intent[]>
  /** Transactions of the account that ended as expired, of this nonce and below. */
  expired(
    ledger: string,
    account: Hex,
    upToNonce: number,
  ): Promise<readonly PendingTransaction[]>
  /** 1 + the greatest nonce of the account that was mined; 0 where none was. */
  nonceAfterMined(ledger: string, account: Hex): Promise<number>
  /** Ends all unfinished transactions of a ledger whose chain is gone; says how many. */
  abandon(ledger: string): Promise<number>
  /** Names of the ledgers, oldest first. */
  ledgers(): Promise<readonly string[]>
  /** Landed transactions in order of their blocks. */
  trades(ledger: string): Promise<readonly Trade[]>
  /** How often each verdict was given at each stage. */
  decisionCounts(ledger: string): Promise<readonly DecisionCount[]>
  close(): Promise<void>
}

export type DecisionCount = {
  readonly stage: DecisionStage
  readonly verdict: string
  readonly count: number
}

/** `uniswap-v2 > uniswap-v3`, for people. */
export function routeName(opportunity: Opportunity): string {
  return opportunity.cycle.hops.map(({ pool }) => pool.dex).join(' > ')
}
