import fc from 'fast-check'
import type {
  ConcentratedState,
  ConstantProductState,
  PoolState,
  SolidlyStableState,
  SolidlyVolatileState,
} from '../../src/engine/index.ts'
import {
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
} from '../../src/engine/reference/tickMath.ts'

/** Random pools of every family, as fast-check arbitraries. */

const feePips: fc.Arbitrary<number> = fc.constantFrom(0, 100, 500, 2500, 3000)
const reserve: fc.Arbitrary<bigint> = anyBits(20, 110)

export const constantProductStates: fc.Arbitrary<ConstantProductState> =
  fc.record({
    family: fc.constant('constantProduct'),
    feePips,
    reserves: fc.tuple(reserve, reserve),
  })

export const solidlyVolatileStates: fc.Arbitrary<SolidlyVolatileState> =
  fc.record({
    family: fc.constant('solidlyVolatile'),
    feePips,
    reserves: fc.tuple(reserve, reserve),
  })

/** From ten to a billion tokens a side, at most one to twenty: below a token the contract's own rounding wavers. */
export const solidlyStableStates: fc.Arbitrary<SolidlyStableState> = fc
  .record({
    feePips,
    decimals: fc.tuple(fc.constantFrom(6, 8, 18), fc.constantFrom(6, 8, 18)),
    thousandths: fc.bigInt(10_000n, 1_000_000_000_000n),
    twentieths: fc.bigInt(1n, 20n),
  })
  .map(({ feePips, decimals, thousandths, twentieths }) => ({
    family: 'solidlyStable',
    feePips,
    decimals,
    reserves: [
      (thousandths * 10n ** BigInt(decimals[0])) / 1000n,
      (thousandths * twentieths * 10n ** BigInt(decimals[1])) / 20_000n,
    ],
  }))

/** Overlapping positions around the price, some at its own tick, in known and in cut-off tick maps. */
export const concentratedStates: fc.Arbitrary<ConcentratedState> = fc
  .record({
    feePips,
    tickSpacing: fc.constantFrom(1, 10, 60, 200),
    center: fc.integer({ min: -300_000, max: 300_000 }),
    shift: fc.integer({ min: 0, max: 100 }),
    isKnown: fc.boolean(),
    positions: fc.array(
      fc.record({
        below: fc.integer({ min: -20, max: 300 }),
        width: fc.integer({ min: 1, max: 600 }),
        liquidity: anyBits(10, 90),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ feePips, tickSpacing, center, shift, isKnown, positions }) => {
    const middle = Math.floor(center / tickSpacing)
    const price = getSqrtRatioAtTick(center)
    const step = getSqrtRatioAtTick(center + 1) - price
    const sqrtPriceX96 = price + (step * BigInt(shift)) / 101n
    const tick = getTickAtSqrtRatio(sqrtPriceX96)
    const nets = new Map<number, bigint>()
    let liquidity = 0n
    for (const position of positions) {
      const lower = (middle - position.below) * tickSpacing
      const upper = lower + position.width * tickSpacing
      nets.set(lower, (nets.get(lower) ?? 0n) + position.liquidity)
      nets.set(upper, (nets.get(upper) ?? 0n) - position.liquidity)
      if (lower <= tick && tick < upper) liquidity += position.liquidity
    }
    return {
      family: 'concentrated',
      feePips,
      tickSpacing,
      sqrtPriceX96,
      tick,
      liquidity,
      ticks: [...nets]
        .filter(([, net]) => net !== 0n)
        .sort(([a], [b]) => a - b),
      knownTicks: isKnown
        ? [-887272, 887272]
        : [(middle - 100) * tickSpacing, (middle + 101) * tickSpacing],
    }
  })

/** Pools of all families. */
export const poolStates: fc.Arbitrary<PoolState> = fc.oneof(
  constantProductStates,
  solidlyVolatileStates,
  solidlyStableStates,
  concentratedStates,
)

/** Any number of bits in a range is as likely: amounts differ by orders of magnitude. */
export function anyBits(low: number, high: number): fc.Arbitrary<bigint> {
  return fc
    .integer({ min: low, max: high })
    .chain((bits) => fc.bigInt(2n ** BigInt(bits - 1), 2n ** BigInt(bits) - 1n))
}
