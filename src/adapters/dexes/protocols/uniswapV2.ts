import type { DexProtocol } from '../../../market/dex.ts'
import { eventTopic } from '../logWords.ts'
import { pairLogs } from '../pairProtocol.ts'

/** Uniswap V2 and its forks: a pair is told how much to pay out. */
export const uniswapV2: DexProtocol = {
  ...pairLogs,
  name: 'uniswap-v2',
  families: ['constantProduct'],
  topics: [eventTopic('Sync(uint112,uint112)')],

  executorHop(_dex, { pool, tokenOut, zeroForOne, amountOut }) {
    if (pool.family !== 'constantProduct')
      return { untradable: `a pair is no ${pool.family} pool` }
    return {
      module: 'v2',
      target: pool.address,
      tokenOut: tokenOut.address,
      zeroForOne,
      amountOut,
      feePips: pool.feePips,
    }
  },
}
