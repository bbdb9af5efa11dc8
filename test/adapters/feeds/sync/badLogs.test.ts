import { afterEach, describe, expect, it } from 'vitest'
import type { Hex } from '../../../../src/core/hex.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import type { Pool } from '../../../../src/market/index.ts'
import { createSyncStage, type SyncStage } from '../../../support/syncStage.ts'

let stage: SyncStage | undefined
afterEach(async () => {
  await stage?.stop()
  stage = undefined
})

type Lie = { pool: Hex | undefined; readonly data: (data: string) => string }
type RawLog = { readonly address: string; readonly data: string }

/** A node through which one contract writes other data than it should: the bloom knows topics only. */
function misquoting(rpc: Rpc, lie: Lie): Rpc {
  const misquoted = (logs: readonly RawLog[]): readonly RawLog[] =>
    logs.map((log) =>
      log.address.toLowerCase() === lie.pool?.toLowerCase()
        ? { ...log, data: lie.data(log.data) }
        : log,
    )
  return {
    async request(method, params) {
      const answer = await rpc.request(method, params)
      if (method === 'eth_getLogs') return misquoted(answer as RawLog[])
      if (method !== 'eth_getBlockReceipts') return answer
      return (answer as { readonly logs: RawLog[] }[]).map((receipt) => ({
        ...receipt,
        logs: misquoted(receipt.logs),
      }))
    },
  }
}

const words = (word: string) => (data: string) =>
  `0x${word.repeat((data.length - 2) / 64)}`

const cutShort = () => '0x'
const zeros = words('0'.repeat(64))
/** No price is so high; a pair may hold so much. */
const highest = words('f'.repeat(64))

describe('a pool whose logs make no sense', () => {
  it.each([
    ['uniswap-v2', [cutShort, zeros]],
    ['uniswap-v3', [cutShort, zeros, highest]],
  ] as const)(
    '%s: it holds nothing, the others stay exact, and it comes back',
    async (dex, lies) => {
      const lie: Lie = { pool: undefined, data: (data) => data }
      const faults: unknown[] = []
      stage = await createSyncStage({
        random: createSeededRandom(12),
        rpcOf: (rpc) => misquoting(rpc, lie),
        onFault: (fault) => faults.push(fault),
      })
      const { apex, events, ...own } = stage
      const sick = apex.market.pools.find((pool) => pool.dex === dex)!
      const stateOf = () => apex.market.pool(sick.address)
      await own.trade(2)
      await own.tradeIn(sick)
      await own.followed()
      // Control: nothing is misquoted yet.
      expect([await own.differences(), faults]).toEqual([[], []])

      for (const data of lies) {
        Object.assign(lie, { pool: sick.address, data })
        await own.tradeIn(sick)
        await own.trade(2)
        await own.followed()
        expect(holdsNothing(stateOf()), data.toString()).toBe(true)
        const differences = await own.differences()
        expect(differences.map((line) => line.split(' ')[1])).toEqual([
          sick.address,
        ])

        lie.pool = undefined
        await own.tradeIn(sick)
        await own.followed()
        const [real] = (await own.readMarket()).pools.filter(
          ({ address }) => address === sick.address,
        )
        expect(tradedState(stateOf())).toEqual(tradedState(real!))
      }
      expect(events.filter(({ kind }) => kind === 'resync')).toEqual([])
      expect(faults.length).toBeGreaterThanOrEqual(lies.length - 1)
    },
    60_000,
  )
})

/** What a swap's log tells: of ticks it tells nothing. */
function tradedState(pool: Pool): unknown {
  if (pool.family !== 'concentrated') return 'reserves' in pool && pool.reserves
  const { sqrtPriceX96, tick, liquidity } = pool
  return { sqrtPriceX96, tick, liquidity }
}

function holdsNothing(pool: Pool): boolean {
  return pool.family === 'concentrated'
    ? pool.liquidity === 0n
    : pool.family === 'constantProduct' && pool.reserves[0] === 0n
}
