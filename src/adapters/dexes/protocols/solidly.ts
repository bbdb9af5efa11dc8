import type { DexProtocol } from '../../../market/dex.ts'
import { eventTopic } from '../logWords.ts'
import { pairLogs } from '../pairProtocol.ts'

/** Solidly and its forks, volatile and stable pairs: Aerodrome, Velodrome, Thena, Ramses. */
export const solidly: DexProtocol = {
  ...pairLogs,
  name: 'solidly',
  families: ['solidlyVolatile', 'solidlyStable'],
  topics: [
    eventTopic('Sync(uint256,uint256)'),
    // Some forks took the narrow words of Uniswap V2.
    eventTopic('Sync(uint112,uint112)'),
  ],

  executorHop(_dex, { pool, tokenOut, zeroForOne, amountOut }) {
    return {
      module: 'solidly',
      target: pool.address,
      tokenOut: tokenOut.address,
      zeroForOne,
      amountOut,
    }
  },
}
