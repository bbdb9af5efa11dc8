import { describe, expect, it } from 'vitest'
import type { ConcentratedState } from '../../src/engine/index.ts'
import { narrowKnownTicks } from '../../src/market/pools/knownTicks.ts'

const whole: ConcentratedState = {
  family: 'concentrated',
  feePips: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 1n << 96n,
  tick: 0,
  liquidity: 100n,
  ticks: [
    [-120, 100n],
    [180, -100n],
  ],
  knownTicks: [-887272, 887272],
}

describe('narrowKnownTicks', () => {
  it('default: a list that adds up to nothing at both ends is known as far as it says', () => {
    expect(narrowKnownTicks(whole)).toBe(whole)
  })

  it('behavior: liquidity left below the lowest tick ends the known range there', () => {
    const state = { ...whole, liquidity: 130n }
    expect(narrowKnownTicks(state).knownTicks).toEqual([-120, 180])
  })

  it('behavior: each end is judged on its own', () => {
    const ticks = [
      [-120, 70n],
      [180, -100n],
    ] as const
    const state = { ...whole, ticks }
    expect(narrowKnownTicks(state).knownTicks).toEqual([-120, 887272])
  })

  it('behavior: without a tick only the current spacing is known', () => {
    const state = { ...whole, ticks: [], tick: 61 }
    expect(narrowKnownTicks(state).knownTicks).toEqual([60, 120])
  })

  it('behavior: a range that claims no end of the scale is left alone', () => {
    const state: ConcentratedState = {
      ...whole,
      liquidity: 130n,
      knownTicks: [-600, 600],
    }
    expect(narrowKnownTicks(state)).toBe(state)
  })

  it('error: ticks that take more liquidity than there is', () => {
    const state = { ...whole, liquidity: 99n }
    expect(() => narrowKnownTicks(state)).toThrow(
      'more liquidity than there is',
    )
  })
})
