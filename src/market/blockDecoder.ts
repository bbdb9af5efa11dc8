import type { Hex } from '../core/hex.ts'
import type { Log, Rpc } from '../core/rpc.ts'
import type { MarketBlock, PoolChange } from './marketBlock.ts'

/** A block's place in its chain and all its logs, in order. */
export type BlockLogs = {
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly parentHash: Hex
  readonly logs: readonly Log[]
}

/** Reads blocks for a market by their logs. */
export type BlockDecoder = {
  /** What a block changes in the pools of the market, which stands at the block before. */
  decode(block: BlockLogs): MarketBlock
  /**
   * What the next block, of this time (unix seconds), changes in the pools
   * whose fees follow the time, asked of the chain's latest block.
   * @throws RpcError
   */
  nextChanges(rpc: Rpc, timestamp: number): Promise<readonly PoolChange[]>
}
