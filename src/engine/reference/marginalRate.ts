import type {
  ConcentratedState,
  PoolState,
  SolidlyStableState,
} from '../poolState.ts'
import { firstRange } from './concentrated.ts'
import { directed } from './constantProduct.ts'
import { curveOf } from './solidlyStable.ts'
import { unlessReverting } from './unlessReverting.ts'

/** A rate as an exact fraction of integers; the denominator is above zero. */
export type Rate = { readonly numerator: bigint; readonly denominator: bigint }

const noRate: Rate = { numerator: 0n, denominator: 1n }
const wholeFee = 1_000_000n

/**
 * What a pool pays per unit for the first unit, after its fee and before any
 * rounding, both sides in base units. Zero where it can trade nothing. As every
 * curve is concave, this rate alone decides whether a cycle can pay.
 */
export function marginalRate(state: PoolState, zeroForOne: boolean): Rate {
  const { numerator, denominator } = rateBeforeFee(state, zeroForOne)
  return {
    numerator: numerator * (wholeFee - BigInt(state.feePips)),
    denominator: denominator * wholeFee,
  }
}

function rateBeforeFee(state: PoolState, zeroForOne: boolean): Rate {
  switch (state.family) {
    case 'constantProduct':
    case 'solidlyVolatile': {
      const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
      if (reserveIn <= 0n) return noRate
      return { numerator: reserveOut, denominator: reserveIn }
    }
    case 'solidlyStable':
      return stableRate(state, zeroForOne)
    case 'concentrated':
      return concentratedRate(state, zeroForOne)
  }
}

/** x³y + y³x = k: dy/dx = (3x²y + y³) / (x³ + 3xy²), of scaled amounts. */
function stableRate(state: SolidlyStableState, zeroForOne: boolean): Rate {
  // Reserves too large for the contract's own arithmetic cannot trade.
  const curve = unlessReverting(() => curveOf(state, zeroForOne))
  if (!curve || curve.x === 0n || curve.y === 0n) return noRate
  const { x, y, unitIn, unitOut } = curve
  return {
    numerator: (3n * x * x + y * y) * y * unitOut,
    denominator: (x * x + 3n * y * y) * x * unitIn,
  }
}

/** √P² one way, 1 / √P² the other, at the first range with liquidity. */
function concentratedRate(state: ConcentratedState, zeroForOne: boolean): Rate {
  const range = firstRange(state, zeroForOne)
  if (range === undefined) return noRate
  const price = range.sqrtPriceX96 * range.sqrtPriceX96
  return zeroForOne
    ? { numerator: price, denominator: 1n << 192n }
    : { numerator: 1n << 192n, denominator: price }
}
