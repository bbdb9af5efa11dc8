import type { LenderKind } from '../contracts/calldata.ts'
import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'

/** A deployed lender: a line of data. */
export type Lender = {
  /** In kebab case: `balancer-v2`. */
  readonly name: string
  readonly chainId: number
  readonly kind: LenderKind
  readonly address: Hex
  readonly verified: boolean
  readonly source: string
}

/** What a lender gives of one token at one block, read from the chain. */
export type LoanTerms = {
  /** Most that can be borrowed now, in base units; 0 where it is paused or empty. */
  readonly available: bigint
  /** What a loan of `amount` base units costs, in base units, rounded as the contract rounds. */
  premium(amount: bigint): bigint
  /** The loan is token1 of the lending pool; false elsewhere. */
  readonly lendsToken1: boolean
}

/** How a kind of lender is asked for its terms. One object for a kind. */
export type LenderProtocol = {
  readonly kind: LenderKind
  /** Gas that the loan itself costs, about; decides between lenders of equal premium. */
  readonly gas: number
  /** Reads the terms at the latest block. */
  readTerms(rpc: Rpc, lender: Lender, token: Hex): Promise<LoanTerms>
}
