import type { PoolState } from '../poolState.ts'
import { leastAmountIn, quoteExactIn } from './quote.ts'
import { unlessReverting } from './unlessReverting.ts'

/** One hop of a route: a pool and the direction through it. */
export type RouteHop = {
  readonly state: PoolState
  readonly zeroForOne: boolean
}

/** Why a route has no amounts: a hop pays nothing, or cannot take all it is given. */
export type RouteFailure = 'tooSmall' | 'tooLarge'

/**
 * The amounts along a route that starts with `amountIn`: that input and the
 * exact output of every hop. Every hop must fill.
 */
export function sellAlong(
  route: readonly RouteHop[],
  amountIn: bigint,
): readonly bigint[] | RouteFailure {
  const amounts = [amountIn]
  for (const { state, zeroForOne } of route) {
    const amount = amounts.at(-1)!
    if (amount === 0n) return 'tooSmall'
    const quote = unlessReverting(() => quoteExactIn(state, zeroForOne, amount))
    if (quote?.end !== 'filled') return 'tooLarge'
    amounts.push(quote.amountOut)
  }
  return amounts
}

/**
 * The least input with which a route pays `amountOut`: hop by hop backwards,
 * the least input of each. Undefined where no input does.
 */
export function leastInputAlong(
  route: readonly RouteHop[],
  amountOut: bigint,
): bigint | undefined {
  let amount = amountOut
  for (const { state, zeroForOne } of route.toReversed()) {
    if (amount === 0n) return 0n
    const needed = amount
    const least = unlessReverting(() =>
      leastAmountIn(state, zeroForOne, needed),
    )
    if (least === undefined) return undefined
    amount = least
  }
  return amount
}
