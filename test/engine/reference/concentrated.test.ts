import { describe, expect, it } from 'vitest'
import {
  type ConcentratedState,
  SwapRevertsError,
} from '../../../src/engine/index.ts'
import {
  firstRange,
  quoteExactIn,
  quoteExactOut,
} from '../../../src/engine/reference/concentrated.ts'
import {
  getSqrtRatioAtTick,
  maxSqrtRatio,
  minSqrtRatio,
} from '../../../src/engine/reference/tickMath.ts'

const liquidity = 10n ** 18n

/** One position in [-600, 600), price 1. */
const pool: ConcentratedState = {
  family: 'concentrated',
  feePips: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 2n ** 96n,
  tick: 0,
  liquidity,
  ticks: [
    [-600, liquidity],
    [600, -liquidity],
  ],
  knownTicks: [-887272, 887272],
}

describe('quoteExactIn', () => {
  it('default: takes all of the input', () => {
    expect(quoteExactIn(pool, true, 10n ** 15n)).toEqual({
      amountIn: 10n ** 15n,
      amountOut: 996006981039903n,
      end: 'filled',
    })
  })

  it('behavior: takes no more than the liquidity needs', () => {
    const quote = quoteExactIn(pool, true, 10n ** 30n)
    expect(quote.end).toBe('priceLimit')
    expect(quote.amountIn).toBeLessThan(10n ** 17n)
    expect(quoteExactIn(pool, true, 10n ** 40n)).toEqual(quote)
  })

  it('behavior: stops at the price limit', () => {
    const sqrtPriceLimitX96 = getSqrtRatioAtTick(-30)
    const quote = quoteExactIn(pool, true, 10n ** 18n, { sqrtPriceLimitX96 })
    expect(quote.end).toBe('priceLimit')
    expect(quote.amountOut).toBe(
      (liquidity * (2n ** 96n - sqrtPriceLimitX96)) >> 96n,
    )
  })

  it('behavior: stops where the known ticks end', () => {
    const partial = { ...pool, ticks: [], knownTicks: [-60, 60] } as const
    const quote = quoteExactIn(partial, true, 10n ** 18n)
    expect(quote).toEqual({
      ...quoteExactIn(pool, true, 10n ** 18n, {
        sqrtPriceLimitX96: getSqrtRatioAtTick(-60),
      }),
      end: 'knownTicks',
    })
    // The input that just gets there would go a little further on chain.
    expect(quoteExactIn(partial, true, quote.amountIn).end).toBe('knownTicks')
    expect(quoteExactIn(partial, true, quote.amountIn - 2n)).toEqual(
      quoteExactIn(pool, true, quote.amountIn - 2n),
    )
  })

  it('behavior: a known range over all usable ticks has no end of its own', () => {
    const usable = { ...pool, knownTicks: [-887220, 887220] } as const
    expect(quoteExactIn(usable, true, 10n ** 30n).end).toBe('priceLimit')
  })

  it('behavior: the tick is used as given, one below the price at a border', () => {
    const atBorder = { ...pool, sqrtPriceX96: getSqrtRatioAtTick(600) }
    const inside = { ...atBorder, tick: 599, liquidity }
    const outside = { ...atBorder, tick: 600, liquidity: 0n }
    expect(quoteExactIn(inside, true, 10n ** 15n)).toEqual(
      quoteExactIn(outside, true, 10n ** 15n),
    )
    expect(quoteExactIn(inside, false, 10n ** 15n)).toMatchObject({
      amountIn: 0n,
      end: 'priceLimit',
    })
  })

  it('error: a zero amount, or one above int256', () => {
    for (const amount of [0n, -1n, 2n ** 255n]) {
      expect(() => quoteExactIn(pool, true, amount)).toThrow(SwapRevertsError)
      expect(() => quoteExactOut(pool, true, amount)).toThrow(SwapRevertsError)
    }
  })

  it.each([
    ['behind the price', true, 2n ** 96n],
    ['behind the price', false, 2n ** 96n],
    ['off the scale', true, minSqrtRatio],
    ['off the scale', false, maxSqrtRatio],
  ])('error: a price limit %s', (_, zeroForOne, sqrtPriceLimitX96) => {
    expect(() =>
      quoteExactIn(pool, zeroForOne, 1n, { sqrtPriceLimitX96 }),
    ).toThrow(SwapRevertsError)
  })

  it('error: crossing a tick with more liquidity than there is', () => {
    const broken = { ...pool, ticks: [[-600, 2n * liquidity]] } as const
    expect(() => quoteExactIn(broken, true, 10n ** 30n)).toThrow(
      SwapRevertsError,
    )
  })
})

describe('firstRange', () => {
  it('default: the current range', () => {
    expect(firstRange(pool, true)).toEqual({
      sqrtPriceX96: 2n ** 96n,
      liquidity,
    })
  })

  it('behavior: the next range with liquidity, from outside', () => {
    const above = {
      ...pool,
      sqrtPriceX96: getSqrtRatioAtTick(1000),
      tick: 1000,
      liquidity: 0n,
    }
    expect(firstRange(above, true)).toEqual({
      sqrtPriceX96: getSqrtRatioAtTick(600),
      liquidity,
    })
    expect(firstRange(above, false)).toBeUndefined()
  })
})
