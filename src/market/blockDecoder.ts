import type { Hex } from '../core/hex.ts'
import type { Log, Rpc } from '../core/rpc.ts'
import type { Dex } from './dex.ts'
import type { MarketBlock, PoolChange } from './marketBlock.ts'
import type { Pool } from './pool.ts'

/** A block's place in its chain and all its logs, in order. */
export type BlockLogs = {
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly parentHash: Hex
  readonly logs: readonly Log[]
}

/** Reads blocks for a market by their logs. */
export type BlockDecoder = {
  /** Those whose logs it reads. */
  readonly dexes: readonly Dex[]
  /** First topics of the logs it reads. */
  readonly topics: readonly Hex[]
  /** What a block changes in the pools of the market, which stands at the block before. */
  decode(block: BlockLogs): MarketBlock
  /** What logs change in pools that the market does not have: one change a pool, in their order. */
  changesOf(logs: readonly Log[], poolAt: PoolAt): readonly PoolChange[]
  /**
   * What the next block, of this time (unix seconds), changes in the pools
   * whose fees follow the time, asked of the chain's latest block. A pool whose
   * fee is not told keeps its last one.
   * @throws RpcError where nobody is told of faults.
   */
  nextChanges(rpc: Rpc, timestamp: number): Promise<readonly PoolChange[]>
}

/** The pool of an address or id, in any case of letters; undefined where there is none. */
export type PoolAt = (address: Hex) => Pool | undefined
