import type { QuoteOptions, SwapQuote } from '../engine.ts'
import type { PoolState, QuotedState } from '../poolState.ts'
import * as concentrated from './concentrated.ts'
import * as constantProduct from './constantProduct.ts'
import * as solidlyStable from './solidlyStable.ts'
import * as solidlyVolatile from './solidlyVolatile.ts'
import * as stable from './stable.ts'
import * as weighted from './weighted.ts'

/** Sells `amountIn` to a pool of any family. @throws SwapRevertsError where its contract would revert. */
export function quoteExactIn(
  state: QuotedState,
  zeroForOne: boolean,
  amountIn: bigint,
  options?: QuoteOptions,
): SwapQuote {
  switch (state.family) {
    case 'constantProduct':
      return constantProduct.quoteExactIn(state, zeroForOne, amountIn)
    case 'solidlyVolatile':
      return solidlyVolatile.quoteExactIn(state, zeroForOne, amountIn)
    case 'solidlyStable':
      return solidlyStable.quoteExactIn(state, zeroForOne, amountIn)
    case 'concentrated':
      return concentrated.quoteExactIn(state, zeroForOne, amountIn, options)
    case 'weighted':
      return weighted.quoteExactIn(state, zeroForOne, amountIn)
    case 'stable':
      return stable.quoteExactIn(state, zeroForOne, amountIn)
  }
}

/** Buys `amountOut` from a pool of any family. @throws SwapRevertsError where its contract would revert. */
export function quoteExactOut(
  state: QuotedState,
  zeroForOne: boolean,
  amountOut: bigint,
  options?: QuoteOptions,
): SwapQuote {
  switch (state.family) {
    case 'constantProduct':
      return constantProduct.quoteExactOut(state, zeroForOne, amountOut)
    case 'solidlyVolatile':
      return solidlyVolatile.quoteExactOut(state, zeroForOne, amountOut)
    case 'solidlyStable':
      return solidlyStable.quoteExactOut(state, zeroForOne, amountOut)
    case 'concentrated':
      return concentrated.quoteExactOut(state, zeroForOne, amountOut, options)
    case 'weighted':
      return weighted.quoteExactOut(state, zeroForOne, amountOut)
    case 'stable':
      return stable.quoteExactOut(state, zeroForOne, amountOut)
  }
}

/**
 * The least input that a pool fills and pays `amountOut` for.
 * @throws SwapRevertsError where no input does.
 */
export function leastAmountIn(
  state: PoolState,
  zeroForOne: boolean,
  amountOut: bigint,
): bigint {
  switch (state.family) {
    case 'constantProduct':
      return constantProduct.leastAmountIn(state, zeroForOne, amountOut)
    case 'solidlyVolatile':
      return solidlyVolatile.quoteExactOut(state, zeroForOne, amountOut)
        .amountIn
    case 'solidlyStable':
      return solidlyStable.quoteExactOut(state, zeroForOne, amountOut).amountIn
    case 'concentrated':
      return concentrated.leastAmountIn(state, zeroForOne, amountOut)
  }
}
