import { cubeRoot } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'
import type {
  ConcentratedState,
  PoolFamily,
  PoolState,
  SolidlyStableState,
} from '../../engine/poolState.ts'
import { getTickAtSqrtRatio, maxTick } from '../../engine/reference/tickMath.ts'

/** What a generated pool holds, before its curve is chosen. f64: it only sets the scene, the state is integers. */
export type PoolSketch = {
  readonly family: PoolFamily
  readonly feePips: number
  readonly tickSpacing: number
  /** Base units of each token whose quotient is the price. */
  readonly reserves: readonly [number, number]
  /** Base units in one token. */
  readonly units: readonly [number, number]
  readonly decimals: readonly [number, number]
}

const rangesAroundPrice = 3
const rangesElsewhere = 2
/** Widest range on either side, in tick spacings. */
const maxRangeSpacings = 60

/** Makes the state of a pool of this family, price and depth. */
export function makeState(sketch: PoolSketch, random: SeededRandom): PoolState {
  const { family, feePips, reserves } = sketch
  if (family === 'concentrated') return makeConcentrated(sketch, random)
  if (family === 'solidlyStable') return makeSolidlyStable(sketch)
  return {
    family,
    feePips,
    reserves: [wholeUnits(reserves[0]), wholeUnits(reserves[1])],
  }
}

/**
 * x³y + y³x = k pays u(3 + u²) / (1 + 3u²) of y for one x, u = y/x on scaled
 * amounts. With w = (1 - u)/(1 + u) that is (1 - w³)/(1 + w³), so the price
 * gives w, and w gives u.
 */
function makeSolidlyStable(sketch: PoolSketch): SolidlyStableState {
  const { feePips, reserves, units, decimals } = sketch
  const x = reserves[0] / units[0]
  const price = reserves[1] / units[1] / x
  const w = cubeRoot((1 - price) / (1 + price))
  const u = (1 - w) / (1 + w)
  return {
    family: 'solidlyStable',
    feePips,
    reserves: [wholeUnits(reserves[0]), wholeUnits(x * u * units[1])],
    decimals,
  }
}

/** A full-range position, some round the price and some beside it. */
function makeConcentrated(
  sketch: PoolSketch,
  random: SeededRandom,
): ConcentratedState {
  const { feePips, tickSpacing, reserves } = sketch
  const sqrtPriceX96 = wholeUnits(
    Math.sqrt(reserves[1] / reserves[0]) * 2 ** 96,
  )
  const tick = getTickAtSqrtRatio(sqrtPriceX96)
  const fullRange = Math.sqrt(reserves[0] * reserves[1])
  const netAt = new Map<number, bigint>()
  let liquidity = 0n
  const addRange = (from: number, to: number, share: number): void => {
    const amount = wholeUnits(fullRange * share) + 1n
    netAt.set(from, (netAt.get(from) ?? 0n) + amount)
    netAt.set(to, (netAt.get(to) ?? 0n) - amount)
    if (from <= tick && tick < to) liquidity += amount
  }
  const spacings = (): number =>
    tickSpacing * (1 + Math.floor(random.next() * maxRangeSpacings))
  const lastTick = maxTick - (maxTick % tickSpacing)
  const home = Math.floor(tick / tickSpacing) * tickSpacing

  addRange(-lastTick, lastTick, 0.2 + 0.3 * random.next())
  for (let i = 0; i < rangesAroundPrice; i++)
    addRange(home - spacings(), home + spacings(), 0.5 + 3 * random.next())
  for (let i = 0; i < rangesElsewhere; i++) {
    const distance = spacings() * (i % 2 === 0 ? 1 : -1)
    const middle = home + distance * 2
    addRange(middle, middle + spacings(), 0.5 + 3 * random.next())
  }
  return {
    family: 'concentrated',
    feePips,
    tickSpacing,
    sqrtPriceX96,
    tick,
    liquidity,
    ticks: [...netAt].filter(([, net]) => net !== 0n).sort(([a], [b]) => a - b),
    knownTicks: [-maxTick, maxTick],
  }
}

function wholeUnits(x: number): bigint {
  return BigInt(Math.floor(x))
}
