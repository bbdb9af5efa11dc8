import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  toNative,
  toNativeRoundingUp,
  toTokenRoundingUp,
} from '../../../src/services/execute/nativeValue.ts'
import {
  leastProfit,
  tipOf,
  weigh,
} from '../../../src/services/execute/weighPlan.ts'

const amount = fc.bigInt(1n, 10n ** 30n)
const rate = fc.record({ tokenAmount: amount, native: amount })
const figures = fc.record({
  balanceGain: fc.bigInt(-(10n ** 24n), 10n ** 27n),
  premium: fc.bigInt(0n, 10n ** 24n),
  tipBps: fc.integer({ min: 0, max: 10_000 }),
  gas: fc.bigInt(21_000n, 16_777_216n),
  l1DataFee: fc.bigInt(0n, 10n ** 16n),
})
const price = fc.bigInt(0n, 10n ** 12n)

describe('weigh', () => {
  it('property: net profit is gross less every cost, none of them negative', () => {
    fc.assert(
      fc.property(rate, figures, price, (rate, figures, price) => {
        const weighed = weigh(rate, figures, price)
        const { grossProfit, premium, gas, l1DataFee, tip } = weighed
        expect(weighed.netProfit).toBe(
          grossProfit - premium - gas - l1DataFee - tip,
        )
        for (const cost of [premium, gas, l1DataFee, tip])
          expect(cost).toBeGreaterThanOrEqual(0n)
      }),
    )
  })

  it('default: in the native coin itself all is exact', () => {
    const native = { tokenAmount: 1n, native: 1n }
    expect(
      weigh(
        native,
        {
          balanceGain: 1_000_019n,
          premium: 7n,
          tipBps: 1000,
          gas: 30_000n,
          l1DataFee: 11n,
        },
        2n,
      ),
    ).toEqual({
      grossProfit: 1_000_026n,
      premium: 7n,
      gas: 60_000n,
      l1DataFee: 11n,
      tip: 100_001n,
      netProfit: 840_007n,
    })
  })
})

describe('leastProfit', () => {
  it('property: that much kept nets the least profit even at the highest price, a unit less does not cover it', () => {
    fc.assert(
      fc.property(
        rate,
        figures,
        price,
        fc.bigInt(0n, 10n ** 18n),
        (rate, figures, price, minNetProfit) => {
          const least = leastProfit(rate, figures, price, minNetProfit)
          const needed = figures.gas * price + figures.l1DataFee + minNetProfit
          expect(toNative(rate, least)).toBeGreaterThanOrEqual(needed)
          if (least > 1n)
            expect((least - 1n) * rate.native).toBeLessThan(
              needed * rate.tokenAmount,
            )
        },
      ),
    )
  })

  it('default: is never 0, not even for free', () => {
    const free = {
      balanceGain: 1n,
      premium: 0n,
      tipBps: 0,
      gas: 0n,
      l1DataFee: 0n,
    }
    expect(leastProfit({ tokenAmount: 1n, native: 1n }, free, 0n, 0n)).toBe(1n)
  })
})

describe('tipOf', () => {
  it('default: rounds down, and a loss pays none', () => {
    expect(tipOf(19_999n, 1)).toBe(1n)
    expect(tipOf(10_000n, 10_000)).toBe(10_000n)
    expect(tipOf(-5n, 10_000)).toBe(0n)
  })
})

describe('nativeValue', () => {
  it('property: up is at most one above down, and there and back never loses', () => {
    fc.assert(
      fc.property(rate, amount, (rate, amount) => {
        const down = toNative(rate, amount)
        const up = toNativeRoundingUp(rate, amount)
        expect(up - down === 0n || up - down === 1n).toBe(true)
        expect(
          toNative(rate, toTokenRoundingUp(rate, amount)),
        ).toBeGreaterThanOrEqual(amount)
      }),
    )
  })
})
