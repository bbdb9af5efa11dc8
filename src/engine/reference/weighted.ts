import type { SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { WeightedState } from '../poolState.ts'
import { directed, requireAmount } from './constantProduct.ts'
import {
  addFee,
  complement,
  divDown,
  divUp,
  mulDown,
  mulUp,
  one,
  powUp,
  powUpByLogarithm,
  subtractFee,
} from './fixedPoint.ts'
import { sub } from './uint256.ts'
import { requireVaultBalance } from './vault.ts'

/**
 * x^wx · y^wy = k: Balancer V2's WeightedMath behind the fee and the scaling of
 * its pools. Amounts are base units of the tokens; every rounding is the pool's gain.
 */

/** A swap may take in, or pay out, at most 30 % of the balance. */
const maxShare = 3n * 10n ** 17n

/**
 * Sells `amountIn` to the pool:
 * out = balanceOut · (1 - (balanceIn / (balanceIn + in))^(weightIn / weightOut)).
 * @throws SwapRevertsError on a zero amount, or one above 30 % of the balance.
 */
export function quoteExactIn(
  state: WeightedState,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  requireAmount(amountIn)
  const { balanceIn, balanceOut, scaleIn, scaleOut, ...side } = sides(
    state,
    zeroForOne,
  )
  const amount = mulDown(subtractFee(amountIn, state.swapFee), scaleIn)
  requireShare(amount, balanceIn)
  const base = divUp(balanceIn, balanceIn + amount)
  const exponent = divDown(side.weightIn, side.weightOut)
  const power = side.powUp(base, exponent)
  const amountOut = divDown(mulDown(balanceOut, complement(power)), scaleOut)
  requireVaultBalance(side.reserveIn + amountIn)
  return { amountIn, amountOut, end: 'filled' }
}

/**
 * Buys `amountOut` from the pool:
 * in = balanceIn · ((balanceOut / (balanceOut - out))^(weightOut / weightIn) - 1).
 * @throws SwapRevertsError on a zero amount, or one above 30 % of the balance.
 */
export function quoteExactOut(
  state: WeightedState,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  requireAmount(amountOut)
  const { balanceIn, balanceOut, scaleIn, scaleOut, ...side } = sides(
    state,
    zeroForOne,
  )
  const amount = mulDown(amountOut, scaleOut)
  requireShare(amount, balanceOut)
  const base = divUp(balanceOut, sub(balanceOut, amount))
  const exponent = divUp(side.weightOut, side.weightIn)
  const ratio = sub(side.powUp(base, exponent), one)
  const beforeFee = divUp(mulUp(balanceIn, ratio), scaleIn)
  const amountIn = addFee(beforeFee, state.swapFee)
  requireVaultBalance(side.reserveIn + amountIn)
  return { amountIn, amountOut, end: 'filled' }
}

type Sides = {
  /** Balance as the Vault has it, in base units; the others are scaled to 18 decimals. */
  readonly reserveIn: bigint
  readonly balanceIn: bigint
  readonly balanceOut: bigint
  readonly scaleIn: bigint
  readonly scaleOut: bigint
  readonly weightIn: bigint
  readonly weightOut: bigint
  readonly powUp: (x: bigint, y: bigint) => bigint
}

function sides(state: WeightedState, zeroForOne: boolean): Sides {
  const [reserveIn, reserveOut] = directed(state.reserves, zeroForOne)
  const [scaleIn, scaleOut] = directed(state.scalingFactors, zeroForOne)
  const [weightIn, weightOut] = directed(state.weights, zeroForOne)
  return {
    reserveIn,
    balanceIn: mulDown(reserveIn, scaleIn),
    balanceOut: mulDown(reserveOut, scaleOut),
    scaleIn,
    scaleOut,
    weightIn,
    weightOut,
    powUp: state.wholeExponents === 'logarithm' ? powUpByLogarithm : powUp,
  }
}

function requireShare(amount: bigint, balance: bigint): void {
  if (amount > mulDown(balance, maxShare)) {
    throw new SwapRevertsError('a swap takes at most 30 % of a balance', {
      facts: { amount, balance },
    })
  }
}
