import type { DexProtocol } from '../../../market/dex.ts'
import { addressIn, viewCall } from '../../viewCall.ts'
import { v3Protocol } from '../v3Protocol.ts'

/**
 * Algebra before Integral: QuickSwap V3, Thena Fusion. The fee follows the
 * volatility: the first swap of a block records a timepoint and pays the fee
 * that comes out of it, so `nextChange` asks for the fee of the block to trade
 * in. That is exact for pools of its second version, whose ticks are a list;
 * those of the first weigh the block's volume too, which no view tells: theirs
 * stays the fee of their last log.
 */
export const algebraV1: DexProtocol = v3Protocol({
  name: 'algebra-v1',
  hasFeeEvents: true,

  async nextChange(rpc, pool, timestamp) {
    const { address } = pool
    if (pool.family !== 'concentrated' || pool.tickSearch !== 'list')
      return undefined
    const [slot, [operator]] = await Promise.all([
      viewCall(rpc, address, 'globalState()'),
      viewCall(rpc, address, 'dataStorageOperator()'),
    ])
    const [, tick, , fee, timepoint] = slot as readonly bigint[]
    // Only the pool may write: the call is made in its name.
    const [written, newFee] = await viewCall(
      rpc,
      addressIn(operator),
      'write(uint16,uint32,int24)',
      [timepoint!, BigInt(timestamp), tick!],
      address,
    )
    // A block that has its timepoint keeps its fee.
    const feePips = Number(written === timepoint ? fee : newFee)
    return { pool: address, feePips }
  },
})
