import type { SwapQuote } from '../engine.ts'
import { SwapRevertsError } from '../errors.ts'
import type { StableState } from '../poolState.ts'
import { directed, requireAmount } from './constantProduct.ts'
import {
  addFee,
  divDown,
  divIntegersUp,
  divUp,
  mulDown,
  subtractFee,
} from './fixedPoint.ts'
import { add, div, mul, sub } from './uint256.ts'
import { requireVaultBalance } from './vault.ts'

/**
 * Curve's stable invariant as Balancer V2's composable stable pools compute it
 * (StableMath), behind their fee and scaling. Amounts are base units of the
 * tokens; every rounding is the pool's gain.
 */

const amplificationPrecision = 1000n
const maxIterations = 255

/**
 * Sells `amountIn` to the pool.
 * @throws SwapRevertsError on a zero amount, one so small that a unit too much would be owed, or an overflow.
 */
export function quoteExactIn(
  state: StableState,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapQuote {
  requireAmount(amountIn)
  const [tokenIn, tokenOut] = directed(state.pair, zeroForOne)
  const { balances, amplification, scalingFactors } = scaled(state)
  const amount = mulDown(
    subtractFee(amountIn, state.swapFee),
    scalingFactors[tokenIn]!,
  )
  const invariant = calculateInvariant(amplification, balances)
  const finalBalance = balanceGivenInvariant(
    amplification,
    balances.with(tokenIn, add(balances[tokenIn]!, amount)),
    invariant,
    tokenOut,
  )
  const out = sub(sub(balances[tokenOut]!, finalBalance), 1n)
  const amountOut = divDown(out, scalingFactors[tokenOut]!)
  requireVaultBalance(state.balances[tokenIn]! + amountIn)
  return { amountIn, amountOut, end: 'filled' }
}

/**
 * Buys `amountOut` from the pool.
 * @throws SwapRevertsError on a zero amount, one above the balance, or an overflow.
 */
export function quoteExactOut(
  state: StableState,
  zeroForOne: boolean,
  amountOut: bigint,
): SwapQuote {
  requireAmount(amountOut)
  const [tokenIn, tokenOut] = directed(state.pair, zeroForOne)
  const { balances, amplification, scalingFactors } = scaled(state)
  const amount = mulDown(amountOut, scalingFactors[tokenOut]!)
  const invariant = calculateInvariant(amplification, balances)
  const finalBalance = balanceGivenInvariant(
    amplification,
    balances.with(tokenOut, sub(balances[tokenOut]!, amount)),
    invariant,
    tokenIn,
  )
  const beforeFee = divUp(
    add(sub(finalBalance, balances[tokenIn]!), 1n),
    scalingFactors[tokenIn]!,
  )
  const amountIn = addFee(beforeFee, state.swapFee)
  requireVaultBalance(state.balances[tokenIn]! + amountIn)
  if (amountOut > state.balances[tokenOut]!) {
    throw new SwapRevertsError('the Vault has less than this output')
  }
  return { amountIn, amountOut, end: 'filled' }
}

/** The state with its balances scaled to 18 decimals. */
function scaled(state: StableState): StableState {
  return {
    ...state,
    balances: state.balances.map((balance, i) =>
      mulDown(balance, state.scalingFactors[i]!),
    ),
  }
}

/**
 * D of A·n^n·S + D = A·D·n^n + D^(n+1) / (n^n·P), by Newton's method, rounded down.
 * `amplification` is A·n^(n-1) with three decimals.
 * @throws SwapRevertsError where it does not converge.
 */
function calculateInvariant(
  amplification: bigint,
  balances: readonly bigint[],
): bigint {
  const sum = balances.reduce(add)
  if (sum === 0n) return 0n
  const count = BigInt(balances.length)
  const ampTimesTotal = amplification * count
  let invariant = sum
  for (let i = 0; i < maxIterations; i++) {
    let product = invariant
    for (const balance of balances) {
      product = div(mul(product, invariant), mul(balance, count))
    }
    const previous = invariant
    invariant = div(
      mul(
        add(
          mul(ampTimesTotal, sum) / amplificationPrecision,
          mul(product, count),
        ),
        invariant,
      ),
      add(
        mul(ampTimesTotal - amplificationPrecision, invariant) /
          amplificationPrecision,
        mul(count + 1n, product),
      ),
    )
    if (isSettled(invariant, previous)) return invariant
  }
  throw new SwapRevertsError('the stable invariant does not converge')
}

/**
 * The balance of one token that keeps the invariant when those of all others
 * are given, by Newton's method, rounded up.
 * @throws SwapRevertsError where it does not converge.
 */
function balanceGivenInvariant(
  amplification: bigint,
  balances: readonly bigint[],
  invariant: bigint,
  token: number,
): bigint {
  const count = BigInt(balances.length)
  const ampTimesTotal = amplification * count
  let sum = balances[0]!
  let product = balances[0]! * count
  for (const balance of balances.slice(1)) {
    product = div(mul(mul(product, balance), count), invariant)
    sum = add(sum, balance)
  }
  sum -= balances[token]!
  const square = mul(invariant, invariant)
  // The token's own balance, inside the product, is multiplied out of c again.
  const c = mul(
    mul(
      divIntegersUp(square, mul(ampTimesTotal, product)),
      amplificationPrecision,
    ),
    balances[token]!,
  )
  const b = add(sum, mul(div(invariant, ampTimesTotal), amplificationPrecision))
  let balance = divIntegersUp(add(square, c), add(invariant, b))
  for (let i = 0; i < maxIterations; i++) {
    const previous = balance
    balance = divIntegersUp(
      add(mul(balance, balance), c),
      sub(add(mul(balance, 2n), b), invariant),
    )
    if (isSettled(balance, previous)) return balance
  }
  throw new SwapRevertsError('a stable balance does not converge')
}

function isSettled(now: bigint, before: bigint): boolean {
  return now > before ? now - before <= 1n : before - now <= 1n
}
