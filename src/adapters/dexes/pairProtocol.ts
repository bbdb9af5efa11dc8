import type { Log } from '../../core/rpc.ts'
import type { DexProtocol } from '../../market/dex.ts'
import type { PoolChange } from '../../market/marketBlock.ts'
import type { Pool } from '../../market/pool.ts'
import { unsignedWord } from './logWords.ts'

/** What pairs have in common: one event tells the whole state, Sync(reserve0, reserve1). */
export const pairLogs: Pick<DexProtocol, 'poolOf' | 'changeOf'> = {
  poolOf(log: Log) {
    return log.address
  },
  changeOf(pool: Pool, { data }: Log): PoolChange {
    return {
      pool: pool.address,
      reserves: [unsignedWord(data, 0), unsignedWord(data, 1)],
    }
  },
}
