import { zeroAddress } from '../../core/address.ts'
import { ApexError } from '../../core/errors.ts'
import type { Engine, SwapQuote } from '../../engine/engine.ts'
import { SwapRevertsError } from '../../engine/errors.ts'
import type { Market } from '../../market/market.ts'
import type { Pool } from '../../market/pool.ts'
import type { Token } from '../../market/token.ts'
import { poolExactIn, poolExactOut } from '../poolQuote.ts'

/** The exact outcome of one swap, in base units of its tokens. */
export type PoolQuote = SwapQuote & {
  readonly pool: Pool
  readonly tokenIn: Token
  readonly tokenOut: Token
}

/**
 * Sells so much of a token to a pool.
 * @throws SwapRevertsError where the contract would revert.
 */
export function quoteExactIn(
  market: Market,
  engine: Engine,
  pool: string,
  tokenIn: string,
  amountIn: bigint,
): PoolQuote {
  const { index, zeroForOne, ...names } = directionOf(market, pool, tokenIn)
  const quote = namingPool(names.pool, () =>
    poolExactIn(engine, index, names.pool, zeroForOne, amountIn),
  )
  return { ...names, ...quote }
}

/**
 * Buys so much of the other token from a pool.
 * @throws SwapRevertsError where the contract would revert.
 */
export function quoteExactOut(
  market: Market,
  engine: Engine,
  pool: string,
  tokenIn: string,
  amountOut: bigint,
): PoolQuote {
  const { index, zeroForOne, ...names } = directionOf(market, pool, tokenIn)
  const quote = namingPool(names.pool, () =>
    poolExactOut(engine, index, names.pool, zeroForOne, amountOut),
  )
  return { ...names, ...quote }
}

/** A pool and the way a swap goes through it. */
export type Direction = {
  /** The place of the pool in the market. */
  readonly index: number
  readonly pool: Pool
  /** Selling the pool's token0. */
  readonly zeroForOne: boolean
  readonly tokenIn: Token
  readonly tokenOut: Token
}

/**
 * Finds a pool, and which of its two tokens is meant by an address or symbol.
 * @throws PoolUnknownError, TokenNotTradedError
 */
export function directionOf(
  market: Market,
  address: string,
  name: string,
): Direction {
  const index = market.poolIndex(address)
  const pool = market.pools[index]!
  const token0 = market.token(pool.tokens[0])
  const token1 = market.token(pool.tokens[1])
  const called = ({ address, symbol }: Token): boolean =>
    address.toLowerCase() === name.toLowerCase() ||
    symbol.toLowerCase() === name.toLowerCase()
  // A route has the wrapped coin where the pool has the native one.
  const { wrappedNative: wrapped } = market
  const isWrapped = wrapped && token1 !== wrapped && called(wrapped)
  const zeroForOne =
    called(token0) || (token0.address === zeroAddress && isWrapped === true)
  if (zeroForOne === called(token1))
    throw new TokenNotTradedError(name, pool, [token0, token1])
  return zeroForOne
    ? { index, pool, zeroForOne, tokenIn: token0, tokenOut: token1 }
    : { index, pool, zeroForOne, tokenIn: token1, tokenOut: token0 }
}

/** The engine knows a pool by its place, the caller by its address. */
function namingPool(pool: Pool, quote: () => SwapQuote): SwapQuote {
  try {
    return quote()
  } catch (error) {
    if (!(error instanceof SwapRevertsError)) throw error
    throw new SwapRevertsError(`pool ${pool.address} reverts on this swap`, {
      facts: { ...error.facts, pool: pool.address },
      hint: error.hint ?? error.message,
      cause: error,
    })
  }
}

/** The pool does not trade this token, or both its tokens are called so. */
export class TokenNotTradedError extends ApexError {
  override readonly name = 'TokenNotTradedError'
  constructor(token: string, pool: Pool, tokens: readonly [Token, Token]) {
    const [token0, token1] = tokens.map(
      ({ symbol, address }) => `${symbol} ${address}`,
    )
    super(
      'TOKEN_NOT_TRADED',
      `pool ${pool.address} has no one token ${token}`,
      {
        facts: { pool: pool.address, token, tokens: pool.tokens },
        hint: `it trades ${token0} and ${token1}`,
      },
    )
  }
}
