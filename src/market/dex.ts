import type { ExecutorHop } from '../contracts/calldata.ts'
import type { Hex } from '../core/hex.ts'
import type { Log } from '../core/rpc.ts'
import type { QuotedFamily } from '../engine/poolState.ts'
import type { PoolChange } from './marketBlock.ts'
import type { Hop } from './opportunity.ts'
import type { Pool } from './pool.ts'

/**
 * How the pools of a kind of DEX speak: what their logs mean and how the
 * executor trades them. One object for a protocol and all its forks.
 */
export type DexProtocol = {
  /** As in {@link Dex.protocol}: `uniswap-v2`. */
  readonly name: string
  readonly families: readonly QuotedFamily[]
  /** First topics of the logs that change the state of its pools. */
  readonly topics: readonly Hex[]
  /**
   * Names the pool a log is about: the contract that wrote it, or the pool id
   * in it where one contract holds many pools.
   */
  poolOf(log: Log): Hex
  /** What the log changes in the pool; undefined where it changes nothing the state has. */
  changeOf(pool: Pool, log: Log): PoolChange | undefined
  /** The hop in the executor's words. `amountOut` is the exact amount, or the least accepted. */
  executorHop(dex: Dex, hop: Hop): ExecutorHop
}

/** A deployed DEX: a line of data. */
export type Dex = {
  /** In kebab case, as `Pool.dex` has it: `sushiswap-v2`. */
  readonly name: string
  readonly chainId: number
  /** Name of its {@link DexProtocol}. */
  readonly protocol: string
  /** Factory; for Uniswap V4 its PoolManager, for Balancer its Vault. */
  readonly address: Hex
  /** Fee of every pool, in pips, where the protocol has one for all. */
  readonly feePips?: number
  readonly initCodeHash?: Hex
  readonly router?: Hex
  readonly quoter?: Hex
  /** Somebody checked the address; where false the bot checks it on chain before use. */
  readonly verified: boolean
  readonly source: string
}
