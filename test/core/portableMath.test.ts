import { expect, it } from 'vitest'
import { cosTurns, cubeRoot, exp, ln } from '../../src/core/portableMath.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'

const random = createSeededRandom(1)
const samples = Array.from({ length: 20_000 }, () => random.next())

function worst(
  own: (x: number) => number,
  platform: (x: number) => number,
  inputs: readonly number[],
): number {
  return inputs.reduce(
    (most, x) =>
      Math.max(
        most,
        Math.abs(own(x) - platform(x)) / Math.max(1e-3, Math.abs(platform(x))),
      ),
    0,
  )
}

it('agrees with the platform to the last bits', () => {
  const spread = samples.map((x) => (x - 0.5) * 60)
  expect(
    worst(
      ln,
      Math.log,
      samples.map((x) => x * 1e6 + 1e-9),
    ),
  ).toBeLessThan(1e-14)
  expect(worst(exp, Math.exp, spread)).toBeLessThan(1e-14)
  expect(worst(cubeRoot, Math.cbrt, [...spread, 0])).toBeLessThan(1e-14)
  expect(
    worst(cosTurns, (t) => Math.cos(2 * Math.PI * t), [
      ...samples,
      0,
      0.125,
      0.25,
      0.5,
      0.75,
    ]),
  ).toBeLessThan(1e-12)
})

it('draws the same numbers for a seed on every platform', () => {
  const { next, gauss } = createSeededRandom(42)
  expect([next(), next()]).toEqual([0.6011037519201636, 0.44829055899754167])
  expect([gauss(), gauss()]).toMatchInlineSnapshot(`
    [
      -0.9453528099747291,
      -0.6112802846514628,
    ]
  `)
})
