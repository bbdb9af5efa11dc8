import { describe, expect, it } from 'vitest'
import { type Apex, createApex } from '../src/apex.ts'
import { createReferenceEngine } from '../src/engine/reference/engine.ts'
import { MarketConflictError } from '../src/market/errors.ts'
import { generateMarket } from '../src/market/generate/generateMarket.ts'
import type { Market } from '../src/market/market.ts'
import type { PoolChange } from '../src/market/marketBlock.ts'
import { createMarket } from '../src/market/marketBuilder.ts'
import type { Opportunity } from '../src/market/opportunity.ts'

const makeMarket = (): Market =>
  generateMarket({ pools: 50, tokens: 9, seed: 5, mispricedShare: 0.15 })
const everything = { maxHops: 3, limit: 0 } as const

describe.each(['wasm', 'reference'] as const)(
  'Apex on the %s engine',
  (kind) => {
    const makeApex = (market: Market): Promise<Apex> =>
      createApex(
        kind === 'reference'
          ? { market, engine: createReferenceEngine() }
          : { market },
      )

    it('default: uses the engine asked for', async () => {
      const apex = await makeApex(makeMarket())
      expect(apex.engine.kind).toBe(kind)
    })

    it('behavior: after updates a scan equals that of a fresh Apex', async () => {
      const apex = await makeApex(makeMarket())
      for (const block of [2, 3, 4]) {
        const changed = apex.update(shiftedReserves(apex.market, block, 4))
        expect(changed).toHaveLength(4)
        expect(apex.market.blockNumber).toBe(block)
      }
      const { chainId, blockNumber, tokens, pools, wrappedNative } = apex.market
      const fresh = await makeApex(
        createMarket({
          chainId,
          blockNumber,
          tokens,
          pools,
          wrappedNative: wrappedNative!.address,
        }),
      )
      expect(outcome(apex.scan(everything).opportunities)).toEqual(
        outcome(fresh.scan(everything).opportunities),
      )
    })

    it('behavior: scanChanged finds what a scan finds through the changed pools', async () => {
      const apex = await makeApex(makeMarket())
      apex.scan({ maxHops: 2 })
      expect(apex.scanChanged(everything)).toMatchObject({
        cyclesChecked: 0n,
        profitable: 0,
        opportunities: [],
      })
      const changed = apex.update(shiftedReserves(apex.market, 2, 3))
      const touched = apex.scanChanged(everything)
      const expected = apex
        .scan(everything)
        .opportunities.filter(({ cycle }) =>
          cycle.hops.some(({ pool }) => changed.includes(pool)),
        )
      expect(expected.length).toBeGreaterThan(0)
      expect(outcome(touched.opportunities)).toEqual(outcome(expected))
      expect(apex.scanChanged(everything).opportunities).toEqual([])
    })

    it('behavior: revert takes the block back from market and engine', async () => {
      const apex = await makeApex(makeMarket())
      const before = outcome(apex.scan(everything).opportunities)
      apex.update({
        blockNumber: 2,
        changes: shiftedReserves(apex.market, 2, 10),
      })
      expect(outcome(apex.scan(everything).opportunities)).not.toEqual(before)
      expect(apex.revert()).toHaveLength(10)
      expect(outcome(apex.scan(everything).opportunities)).toEqual(before)
      expect(() => apex.revert()).toThrow(MarketConflictError)
    })

    it('error: a wrong update changes nothing', async () => {
      const apex = await makeApex(makeMarket())
      const before = outcome(apex.scan(everything).opportunities)
      const [good] = shiftedReserves(apex.market, 2, 1)
      expect(() =>
        apex.update([good!, { pool: good!.pool, reserves: [-1n, 1n] }]),
      ).toThrow('outside')
      expect(() => apex.update({ blockNumber: 9, changes: [good!] })).toThrow(
        MarketConflictError,
      )
      expect(apex.scanChanged(everything).opportunities).toEqual([])
      expect(outcome(apex.scan(everything).opportunities)).toEqual(before)
    })
  },
)

/** New reserves for so many pools, other ones for each seed: some within the fee, some far off. */
function shiftedReserves(
  market: Market,
  seed: number,
  count: number,
): PoolChange[] {
  return Array.from({ length: count }, (_, i): PoolChange => {
    const pool = market.pools[(seed * 7 + i * 5) % market.pools.length]!
    if (pool.family !== 'constantProduct') throw new Error(pool.family)
    const [reserve0, reserve1] = pool.reserves
    const share = BigInt(1000 + ((seed * 13 + i * 17) % 60) - 30)
    return {
      pool: pool.address,
      reserves: [reserve0, (reserve1 * share) / 1000n],
    }
  })
}

/** Opportunities without the pools' identity, to compare those of two markets. */
function outcome(opportunities: readonly Opportunity[]): unknown[] {
  return opportunities.map(({ cycle, ...amounts }) => ({
    id: cycle.id,
    ...amounts,
    hops: cycle.hops.map((hop) => [
      hop.pool.address,
      hop.zeroForOne,
      hop.amountIn,
      hop.amountOut,
    ]),
  }))
}
