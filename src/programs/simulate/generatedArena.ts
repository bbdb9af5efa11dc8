import { createEmbeddedChain } from '../../adapters/evm/embeddedChain.ts'
import {
  checkInstalled,
  simulationPackages,
} from '../../adapters/protocols/index.ts'
import type { Hex } from '../../core/hex.ts'
import type { Arena } from './arena.ts'
import { type DrawMarketOptions, drawMarket } from './drawMarket.ts'
import { createWorld } from './world/createWorld.ts'

/**
 * Lenders beside the pools, whose pairs lend too; a plan takes the cheapest. Not
 * Uniswap V4's PoolManager, which costs the least gas: it would make every loan
 * here, while on a real chain it has the bare coin and hardly any of the wrapped.
 */
const lenders = ['balancer-v2'] as const

/**
 * An embedded chain with the genuine contracts of a drawn market.
 *
 * @throws MarketInvalidError where so many pools do not fit on so few tokens.
 * @throws PackageMissingError where packages of protocols are not installed: all are named.
 */
export async function createGeneratedArena(
  options: DrawMarketOptions,
  users: readonly Hex[],
): Promise<Arena> {
  checkInstalled(simulationPackages)
  const market = drawMarket(options)
  const chain = await createEmbeddedChain({ automine: false })
  return await createWorld({ chain, market, lenders, users })
}
