import { createEmbeddedChain } from '../../adapters/evm/embeddedChain.ts'
import type { Hex } from '../../core/hex.ts'
import type { Arena } from './arena.ts'
import { type DrawMarketOptions, drawMarket } from './drawMarket.ts'
import { createWorld } from './world/createWorld.ts'

/** Lenders beside the pools, whose pairs lend too; a plan takes the cheapest. */
const lenders = ['balancer-v2', 'uniswap-v4'] as const

/**
 * An embedded chain with the genuine contracts of a drawn market.
 *
 * @throws MarketInvalidError where so many pools do not fit on so few tokens.
 * @throws PackageMissingError where a protocol's package is not installed.
 */
export async function createGeneratedArena(
  options: DrawMarketOptions,
  users: readonly Hex[],
): Promise<Arena> {
  const market = drawMarket(options)
  const chain = await createEmbeddedChain({ automine: false })
  return await createWorld({ chain, market, lenders, users })
}
