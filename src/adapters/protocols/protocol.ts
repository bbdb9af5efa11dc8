import type { Hex } from '../../core/hex.ts'
import type { QuotedFamily } from '../../engine/poolState.ts'
import type { Dex } from '../../market/dex.ts'
import type { Lender } from '../../market/lender.ts'
import type { Pool } from '../../market/pool.ts'
import type { HelperAddresses } from './helpers.ts'
import type { Transactor } from './transactor.ts'

/** A protocol whose own published bytecode can be deployed: a DEX. */
export type Protocol = {
  /** As `DexProtocol.name`: `uniswap-v2`. */
  readonly name: string
  readonly families: readonly QuotedFamily[]
  /** Deploys it once more. `name` is that of the DEX it becomes. */
  deploy(setting: Setting, name: string): Promise<Deployment>
}

/** What protocols are deployed into. */
export type Setting = {
  /** Sends as the account that owns everything. */
  readonly transactor: Transactor
  readonly chainId: number
  readonly wrappedNative: Hex
  readonly helpers: HelperAddresses
}

/** A deployed protocol. */
export type Deployment = {
  readonly dex: Dex
  /**
   * Keeps a place for the pool, or says why there is none: its key is taken, or
   * the protocol has no such pools.
   */
  reserve(pool: Pool): string | undefined
  /**
   * Makes pools that have a place, of these states, and returns their addresses or ids, in order.
   * The deployer must hold the tokens. Fields a protocol fixes (the fee of a
   * V2 pair) are left as it fixes them; read the pool back to see.
   * @throws WorldInvalidError where the contract refuses.
   */
  createPools(pools: readonly Pool[]): Promise<readonly Hex[]>
  /** The pool as its contract tells it at the latest block; `pool` names it and says what never changes. */
  readPool(pool: Pool): Promise<Pool>
  /** The call with which a user sells exactly `amountIn` base units to the pool. */
  swapCall(swap: SwapCallRequest): Promise<SwapCall>
}

export type SwapCallRequest = {
  readonly pool: Pool
  readonly user: Hex
  readonly zeroForOne: boolean
  readonly amountIn: bigint
}

export type SwapCall = {
  readonly to: Hex
  readonly data: Hex
  /** Wei sent along: where the native coin is sold. */
  readonly value?: bigint
  /** Whom the user must approve for the token. */
  readonly spender: Hex
}

/** A lender that is no pool, of genuine bytecode. */
export type GenuineLender = {
  /** As `Lender.name`: `morpho`. */
  readonly name: string
  deploy(setting: Setting): Promise<LenderDeployment>
}

/** A deployed lender. */
export type LenderDeployment = {
  readonly lender: Lender
  /** Queues what gives it so many base units to lend; the deployer has them. */
  fund(token: Hex, amount: bigint): Promise<void>
}
