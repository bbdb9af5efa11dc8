import { describe, expect, it } from 'vitest'
import { equalParts, Tally } from '../../../src/programs/simulate/tally.ts'
import { dropped, landed, planOf, reverted } from './support/trades.ts'

describe('Tally', () => {
  const tally = new Tally()
  const plan = planOf(101n)
  tally.settle({ plan, outcome: landed(101n), rivals: [] })
  tally.settle({ plan, outcome: landed(90n), rivals: ['user'] })
  tally.settle({ plan, outcome: reverted(), rivals: ['competitor'] })
  tally.settle({ plan, outcome: dropped, rivals: [] })
  tally.skip('unprofitable')
  tally.skip('shares-pool')
  tally.skip('unprofitable')

  it('default: counts what became of transactions', () => {
    expect(tally).toMatchObject({ landed: 2, reverted: 1, dropped: 1 })
    expect(tally).toMatchObject({ uncontested: 1, equal: 1, contested: 1 })
    expect(tally.faults).toEqual([])
  })

  it('behavior: gas of what reverted is a cost too', () => {
    expect(tally.money.grossProfit).toBe(191n)
    expect(tally.money.gas).toBe(30n)
    expect(tally.money.netProfit).toBe(161n)
    expect(tally.gasUsed).toBe(15n)
  })

  it('behavior: reasons are counted, the most frequent first', () => {
    expect(tally.skipped).toEqual([
      { name: 'unprofitable', count: 2 },
      { name: 'shares-pool', count: 1 },
    ])
    expect(tally.revertReasons.map(({ name }) => name)).toEqual([
      'a competitor was first: HopFailed',
      'dropped: expired',
    ])
  })

  it('behavior: shares of lenders, DEXs and routes add up to the landed profit', () => {
    const total = (shares: readonly { readonly netProfit: bigint }[]): bigint =>
      shares.reduce((sum, { netProfit }) => sum + netProfit, 0n)
    expect(total(tally.byLender)).toBe(171n)
    expect(total(tally.byRoute)).toBe(171n)
    expect(tally.byDex).toEqual([
      { name: 'uniswap-v2', trades: 2, netProfit: 86n },
      { name: 'uniswap-v3', trades: 2, netProfit: 85n },
    ])
    expect(tally.byRoute[0]!.name).toBe(
      'WETH → USDC → WETH (uniswap-v2 > uniswap-v3)',
    )
  })

  it('error: a fault is told with the numbers', () => {
    const faulty = new Tally()
    faulty.settle({ plan, outcome: landed(100n), rivals: [] })
    expect(faulty).toMatchObject({ uncontested: 1, equal: 0 })
    expect(faulty.faults[0]).toContain(
      'predicted 101 base units of WETH and landed with 100',
    )
  })
})

describe('equalParts', () => {
  it.each([
    [10n, 3, [4n, 3n, 3n]],
    [-10n, 3, [-4n, -3n, -3n]],
    [2n, 4, [2n, 0n, 0n, 0n]],
  ])('default: %s in %s', (whole, count, parts) => {
    expect(equalParts(whole, count)).toEqual(parts)
  })
})
