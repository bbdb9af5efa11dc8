import { parseAddress, parsePoolAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import { PoolInvalidError } from '../engine/errors.ts'
import { MarketInvalidError } from './errors.ts'
import type { Pool } from './pool.ts'
import { checkedNames } from './pools/balancerNames.ts'
import { checkDecimals } from './pools/fields.ts'
import { checkedPool } from './pools/index.ts'
import { cleanSymbol } from './symbol.ts'
import type { Token } from './token.ts'
import { checkTokenOrder } from './tokenOrder.ts'

/**
 * Holds a token against the rules of a market.
 *
 * @param known the token of this address that the market has.
 * @throws AddressInvalidError
 * @throws MarketInvalidError where it is there with other data.
 */
export function admitToken(
  token: Token,
  known: (address: Hex) => Token | undefined,
): Token {
  const address = parseAddress(token.address)
  checkDecimals(token.decimals)
  const symbol = cleanSymbol(token.symbol, address)
  const before = known(address)
  if (
    before &&
    (before.symbol !== symbol || before.decimals !== token.decimals)
  )
    throw new MarketInvalidError(
      `duplicate token ${address} with other data: ${before.symbol} of ${before.decimals} decimals, then ${symbol} of ${token.decimals}`,
      { facts: { token: address } },
    )
  return before ?? { address, symbol, decimals: token.decimals }
}

/** Who knows what a market has, while it is made or grows. */
export type Admission = {
  /** @throws TokenUnknownError */
  token(address: Hex): Token
  /** Whether there is a pool of this checksummed address or id. */
  hasPool(address: Hex): boolean
}

/**
 * Holds a pool against the rules of a market and of its family; returns it
 * with checksummed addresses.
 *
 * @throws TokenUnknownError, PoolInvalidError
 * @throws MarketInvalidError where it is there already, trades a token for itself or has token0 above token1.
 */
export function admitPool(pool: Pool, market: Admission): Pool {
  const address = parsePoolAddress(pool.address)
  const [token0, token1] = [
    market.token(pool.tokens[0]),
    market.token(pool.tokens[1]),
  ]
  const tokens = [token0.address, token1.address] as const
  checkTokenOrder(tokens)
  if (market.hasPool(address))
    throw new MarketInvalidError(`duplicate pool ${address}`, {
      facts: { pool: address },
    })
  const checked = checkedPool(pool)
  if (
    pool.family === 'solidlyStable' &&
    (pool.decimals[0] !== token0.decimals ||
      pool.decimals[1] !== token1.decimals)
  )
    throw new PoolInvalidError(
      `decimals ${pool.decimals.join(', ')} are not those of the tokens: ${token0.decimals}, ${token1.decimals}`,
      { facts: { pool: address } },
    )
  return {
    ...checked,
    ...checkedNames(pool, address, tokens),
    address,
    tokens,
  }
}
