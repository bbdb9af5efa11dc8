import type { ExecutorHop } from '../contracts/calldata.ts'
import type { Hex } from '../core/hex.ts'
import type { Log, Rpc } from '../core/rpc.ts'
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
  /**
   * What a log with one of the topics changes in the pool, which is as all logs
   * before left it; undefined where it changes nothing the state has.
   */
  changeOf(pool: Pool, log: Log): PoolChange | undefined
  /**
   * Where fees follow the time: what a block of this time (unix seconds), the
   * next after the latest, changes in the pool before its first swap.
   * @throws RpcError
   */
  nextChange?(
    rpc: Rpc,
    pool: Pool,
    timestamp: number,
  ): Promise<PoolChange | undefined>
  /**
   * The hop in the executor's words, or why it cannot be traded. `amountOut` is
   * the exact amount, or the least accepted.
   */
  executorHop(dex: Dex, hop: Hop): ExecutorHop | Untradable
}

/** Why the executor cannot trade a hop, in a few words. */
export type Untradable = { readonly untradable: string }

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
