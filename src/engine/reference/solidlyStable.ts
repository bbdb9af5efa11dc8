import type { SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { SolidlyStableState } from '../poolState.ts'
import { directed, requireAmount, requireReserves } from './constantProduct.ts'
import { divRoundingUp } from './fullMath.ts'
import { leastInput } from './leastInput.ts'
import { requirePayable, takeFee, undoFee } from './solidlyVolatile.ts'
import { add, div, mul, sub } from './uint256.ts'
import { unlessReverting } from './unlessReverting.ts'

/**
 * x³y + y³x = k on amounts scaled to 18 decimals: the stable pools of
 * Velodrome V2 and Aerodrome (Pool.sol), every floor where the contract has it.
 * Amounts are base units.
 */

const wad = 10n ** 18n
const maxIterations = 255

/**
 * Sells `amountIn` to the pool: Pool.getAmountOut.
 * @throws SwapRevertsError on an overflow or where the contract's iteration
 * fails, and where Pool.swap refuses what getAmountOut still answers: a zero
 * amount, an empty reserve.
 */
export function quoteExactIn(
  state: SolidlyStableState,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  requireAmount(amountIn)
  requireReserves(...state.reserves)
  const counted = takeFee(amountIn, state.feePips)
  const curve = curveOf(state, zeroForOne)
  const x = add(scale(counted, curve.unitIn), curve.x)
  const dy = sub(curve.y, getY(curve, x, curve.y))
  return { amountIn, amountOut: mul(dy, curve.unitOut) / wad, end: 'filled' }
}

/**
 * Buys `amountOut` from the pool: the least input that pays it. The contract
 * has no such function; this is the exact inverse of its getAmountOut.
 * @throws SwapRevertsError on a zero amount, one the reserve cannot pay, or an overflow.
 */
export function quoteExactOut(
  state: SolidlyStableState,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  const [, reserveOut] = directed(state.reserves, zeroForOne)
  requirePayable(amountOut, reserveOut)
  const amountIn = leastInput(
    (input) =>
      // With few decimals the contract overflows on single inputs amid others
      // that work: those are not enough.
      (unlessReverting(() => quoteExactIn(state, zeroForOne, input))
        ?.amountOut ?? 0n) >= amountOut,
    guessInput(state, zeroForOne, amountOut),
  )
  return { amountIn, amountOut, end: 'filled' }
}

/** The pool seen from the side that sells. */
export type StableCurve = {
  /** 10 ** decimals of the token that comes in, and of the one that goes out. */
  readonly unitIn: bigint
  readonly unitOut: bigint
  /** Reserves scaled to 18 decimals. */
  readonly x: bigint
  readonly y: bigint
  /** The invariant, and the decimals the contract's own _k would scale by. */
  readonly xy: bigint
  readonly unit0: bigint
  readonly unit1: bigint
}

/** The curve of a pool in one direction. @throws SwapRevertsError on an overflow. */
export function curveOf(
  state: SolidlyStableState,
  zeroForOne: boolean,
): StableCurve {
  const [unit0, unit1] = [
    10n ** BigInt(state.decimals[0]),
    10n ** BigInt(state.decimals[1]),
  ]
  const [reserve0, reserve1] = state.reserves
  const scaled = [scale(reserve0, unit0), scale(reserve1, unit1)] as const
  const [x, y] = directed(scaled, zeroForOne)
  const [unitIn, unitOut] = directed([unit0, unit1] as const, zeroForOne)
  const xy = invariant(reserve0, reserve1, unit0, unit1)
  return { unitIn, unitOut, x, y, xy, unit0, unit1 }
}

function scale(amount: bigint, unit: bigint): bigint {
  return mul(amount, wad) / unit
}

/** _f: x·y·(x² + y²), each product floored to 18 decimals. */
function f(x: bigint, y: bigint): bigint {
  const a = mul(x, y) / wad
  const b = add(mul(x, x) / wad, mul(y, y) / wad)
  return mul(a, b) / wad
}

/** _d: the slope of f in y, 3·x·y² + x³. */
function d(x: bigint, y: bigint): bigint {
  const y2 = mul(y, y) / wad
  const x3 = mul(mul(x, x) / wad, x) / wad
  return add(mul(mul(3n, x), y2) / wad, x3)
}

/** _k: f on amounts that are scaled first. */
function invariant(
  amount0: bigint,
  amount1: bigint,
  unit0: bigint,
  unit1: bigint,
): bigint {
  return f(scale(amount0, unit0), scale(amount1, unit1))
}

/** _get_y: Newton's method from `y` to the y with f(x, y) = xy, rounded up for the pool. */
function getY(curve: StableCurve, x: bigint, y: bigint): bigint {
  const { xy, unit0, unit1 } = curve
  for (let i = 0; i < maxIterations; i++) {
    const k = f(x, y)
    if (k < xy) {
      let dy = div(mul(xy - k, wad), d(x, y))
      if (dy === 0n) {
        // The contract asks _k here, which scales the already scaled amounts
        // once more: with fewer than 18 decimals it always answers yes.
        if (invariant(x, add(y, 1n), unit0, unit1) > xy) return y + 1n
        dy = 1n
      }
      y = add(y, dy)
    } else {
      let dy = div(mul(k - xy, wad), d(x, y))
      if (dy === 0n) {
        if (k === xy || f(x, sub(y, 1n)) < xy) return y
        dy = 1n
      }
      y = sub(y, dy)
    }
  }
  throw new SwapRevertsError('the stable curve does not converge', {
    facts: { x, xy },
  })
}

/** About the input that pays `amountOut`: the x that keeps k when y is paid out, in plain integers. */
function guessInput(
  state: SolidlyStableState,
  zeroForOne: boolean,
  amountOut: bigint,
): bigint {
  const { x, y, unitIn, unitOut } = curveOf(state, zeroForOne)
  const left = y - divRoundingUp(amountOut * wad, unitOut)
  if (left <= 0n) return 1n
  const k = x * y * (x * x + y * y)
  const next = leastInput((x) => x * left * (x * x + left * left) >= k, x)
  return undoFee(divRoundingUp((next - x) * unitIn, wad), state.feePips)
}
