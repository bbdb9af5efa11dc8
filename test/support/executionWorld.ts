import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../src/adapters/evm/embeddedChain.ts'
import { createSigner } from '../../src/adapters/keys/index.ts'
import { type Apex, createApex } from '../../src/apex.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import type { Signer } from '../../src/core/signer.ts'
import type { Market } from '../../src/market/market.ts'
import type { Pool } from '../../src/market/pool.ts'
import { deployExecutor } from '../../src/programs/simulate/deployExecutor.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type {
  LenderName,
  World,
} from '../../src/programs/simulate/world/world.ts'
import type { ExecutionOptions } from '../../src/services/execute/executionOptions.ts'

const owner: Hex = '0x00000000000000000000000000000000000a11ce'
const user: Hex = '0x0000000000000000000000000000000000005e11'
const operatorCoins = 10n ** 20n

/** Genuine pools and lenders, an executor, and an operator with a key. */
export type ExecutionWorld = {
  readonly chain: EmbeddedChain
  readonly world: World
  readonly executor: Hex
  readonly owner: Hex
  readonly signer: Signer
  /** An Apex over the market as it is now. */
  apex(options?: Partial<ExecutionOptions>): Promise<Apex>
  /** Users' trades that leave the pools apart: `share` of each pool's reserves is sold, in 1/1,000. */
  disturb(share?: bigint): Promise<void>
}

export type ExecutionWorldOptions = {
  readonly pools?: number
  readonly tokens?: number
  readonly seed?: number
  readonly lenders?: readonly LenderName[]
  /** Instead of a drawn one. */
  readonly market?: Market
}

/** Sets it all up on a chain that makes blocks only when told to. */
export async function createExecutionWorld(
  options: ExecutionWorldOptions = {},
): Promise<ExecutionWorld> {
  const { pools = 16, tokens = 4, seed = 3 } = options
  const chain = await createEmbeddedChain({ automine: false })
  const market = options.market ?? drawMarket({ pools, tokens, seed })
  const { lenders = ['balancer-v2', 'morpho', 'aave-v3', 'uniswap-v4'] } =
    options
  const world = await createWorld({ chain, market, lenders, users: [user] })
  const signer = await createSigner(keccakText('operator of the tests'))
  await chain.setBalance(signer.address, operatorCoins)
  const executor = await deployExecutor(chain, {
    owner,
    operator: signer.address,
    wrappedNative: world.wrappedNative,
  })
  return {
    chain,
    world,
    executor,
    owner,
    signer,
    async apex(execution = {}) {
      return await createApex({
        market: await world.readMarket(),
        execution: {
          rpc: chain,
          executor,
          signer,
          dexes: world.dexes,
          lenders: world.lenders,
          pollMs: 1,
          ...execution,
        },
      })
    },
    async disturb(share = 20n) {
      const { pools } = await world.readMarket()
      for (const [i, pool] of pools.entries()) {
        const held = heldOf(pool, i % 2 === 0)
        await world.swap({
          user,
          pool: pool.address,
          tokenIn: pool.tokens[i % 2]!,
          amountIn: (held * share) / 1000n + 1n,
        })
      }
      await chain.mine()
    },
  }
}

/** Reserve of one side; of a concentrated pool, its liquidity at the price as such an amount. */
function heldOf(pool: Pool, ofToken0: boolean): bigint {
  if ('reserves' in pool) return pool.reserves[ofToken0 ? 0 : 1]
  if (pool.family === 'stable')
    return pool.balances[pool.pair[ofToken0 ? 0 : 1]]!
  const { liquidity, sqrtPriceX96 } = pool
  return ofToken0
    ? (liquidity << 96n) / sqrtPriceX96
    : (liquidity * sqrtPriceX96) >> 96n
}
