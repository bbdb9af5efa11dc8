import type { QuoteOptions, SwapQuote } from '../engine.ts'
import type { PoolState } from '../poolState.ts'
import * as concentrated from './concentrated.ts'
import * as constantProduct from './constantProduct.ts'
import * as solidlyStable from './solidlyStable.ts'
import * as solidlyVolatile from './solidlyVolatile.ts'

/** Sells `amountIn` to a pool of any family. @throws SwapRevertsError where its contract would revert. */
export function quoteExactIn(
  state: PoolState,
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
  }
}

/** Buys `amountOut` from a pool of any family. @throws SwapRevertsError where its contract would revert. */
export function quoteExactOut(
  state: PoolState,
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
