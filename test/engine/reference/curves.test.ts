import { describe, expect, it } from 'vitest'
import { SwapRevertsError } from '../../../src/engine/index.ts'
import {
  feeFraction,
  getAmountIn,
  getAmountOut,
} from '../../../src/engine/reference/constantProduct.ts'
import * as solidlyStable from '../../../src/engine/reference/solidlyStable.ts'
import * as solidlyVolatile from '../../../src/engine/reference/solidlyVolatile.ts'

describe('constantProduct', () => {
  it('default: the published example of the router', () => {
    expect(getAmountOut(2n, 100n, 100n, 3000)).toBe(1n)
    expect(getAmountIn(1n, 100n, 100n, 3000)).toBe(2n)
  })

  it('the denominator of the fee is the contracts’ own', () => {
    expect(feeFraction(3000)).toEqual([997n, 1000n])
    expect(feeFraction(2500)).toEqual([9975n, 10_000n])
    expect(feeFraction(50)).toEqual([999_950n, 1_000_000n])
  })

  it('error: a zero amount, an empty reserve, an output above the reserve, an overflow', () => {
    const max = 2n ** 256n - 1n
    for (const revert of [
      () => getAmountOut(0n, 100n, 100n, 3000),
      () => getAmountOut(1n, 0n, 100n, 3000),
      () => getAmountOut(1n, 100n, 0n, 3000),
      () => getAmountOut(max / 997n + 1n, 1n, 1n, 3000),
      () => getAmountIn(0n, 100n, 100n, 3000),
      () => getAmountIn(100n, 100n, 100n, 3000),
      () => getAmountIn(101n, 100n, 100n, 3000),
      () => getAmountIn(2n, max / 1000n, 100n, 3000),
    ]) {
      expect(revert).toThrow(SwapRevertsError)
    }
  })
})

describe('solidlyVolatile', () => {
  const pool = {
    family: 'solidlyVolatile',
    feePips: 3000,
    reserves: [1_000_000n, 2_000_000n],
  } as const

  it('default: the fee is off, rounded down, before the swap', () => {
    // 999 - floor(2.997) = 997; 997 × 2,000,000 / 1,000,997 = 1992.01
    expect(solidlyVolatile.quoteExactIn(pool, true, 999n).amountOut).toBe(1992n)
  })

  it('exact output is the least input', () => {
    const { amountIn } = solidlyVolatile.quoteExactOut(pool, true, 1992n)
    expect(solidlyVolatile.quoteExactIn(pool, true, amountIn).amountOut).toBe(
      1992n,
    )
    expect(
      solidlyVolatile.quoteExactIn(pool, true, amountIn - 1n).amountOut,
    ).toBeLessThan(1992n)
  })

  it('error: an output the reserve cannot pay', () => {
    for (const amountOut of [0n, 2_000_000n]) {
      expect(() =>
        solidlyVolatile.quoteExactOut(pool, true, amountOut),
      ).toThrow(SwapRevertsError)
    }
  })
})

describe('solidlyStable', () => {
  const pool = {
    family: 'solidlyStable',
    feePips: 0,
    decimals: [18, 6],
    reserves: [10n ** 24n, 10n ** 12n],
  } as const

  it('default: nearly one for one around balance, whatever the decimals', () => {
    expect(solidlyStable.quoteExactIn(pool, true, 10n ** 18n).amountOut).toBe(
      999_999n,
    )
    expect(
      solidlyStable.quoteExactIn(pool, false, 10n ** 6n).amountOut,
    ).toBeGreaterThan(999_999n * 10n ** 12n)
  })

  it('error: a zero amount, an empty reserve, an output the reserve cannot pay', () => {
    const empty = { ...pool, reserves: [0n, 10n ** 12n] } as const
    expect(() => solidlyStable.quoteExactIn(empty, true, 1n)).toThrow(
      SwapRevertsError,
    )
    expect(() => solidlyStable.quoteExactIn(pool, true, 0n)).toThrow(
      SwapRevertsError,
    )
    expect(() => solidlyStable.quoteExactOut(pool, true, 10n ** 12n)).toThrow(
      SwapRevertsError,
    )
  })
})
