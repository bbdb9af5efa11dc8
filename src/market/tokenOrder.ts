import type { Hex } from '../core/hex.ts'
import { MarketInvalidError } from './errors.ts'

/**
 * Contracts call the token of the lower address token0; V4's native coin, the
 * zero address, is always token0. Where a pool names them the other way round,
 * its reserves and price are likely to be swapped too, and every quote wrong.
 *
 * @param tokens parsed addresses of token0 and token1.
 * @throws MarketInvalidError where they are the same or not in this order.
 */
export function checkTokenOrder(tokens: readonly [Hex, Hex]): void {
  const [token0, token1] = tokens
  if (token0 === token1)
    throw new MarketInvalidError(`a pool of one token: both are ${token0}`, {
      facts: { token: token0 },
    })
  // Of the same length and case, text and number are in the same order.
  if (token0.toLowerCase() > token1.toLowerCase())
    throw new MarketInvalidError(
      `token0 is not below token1: ${token0}, ${token1}`,
      {
        facts: { token0, token1 },
        hint: 'tokens are in the order of their addresses, reserves and price with them',
      },
    )
}
