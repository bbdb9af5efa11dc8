import type { Hex } from '../../core/hex.ts'
import type { Pool } from '../../market/pool.ts'
import { type Artifact, publishedArtifact } from './artifact.ts'
import { WorldInvalidError } from './errors.ts'
import { poolTrader } from './helpers.ts'
import type { Deployment, Setting } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'
import { readContract } from './transactor.ts'

/** What differs between the factories of Uniswap V2 and its faithful forks. */
export type PairsOptions = {
  /** Name of the DEX it becomes. */
  readonly name: string
  readonly factory: Artifact
  /** Keccak of the pair's creation code, as routers need it. */
  readonly initCodeHash: Hex
  readonly source: string
}

/** Fee of every pair, in pips. */
const feePips = 3000
/** UniswapV2Pair.MINIMUM_LIQUIDITY: the first minter must bring more than this. */
const leastLiquidity = 1000n

/** Deploys a factory of pairs in the manner of Uniswap V2. */
export async function deployPairs(
  setting: Setting,
  options: PairsOptions,
): Promise<Deployment> {
  const { transactor, chainId, helpers } = setting
  const { rpc, sender } = transactor
  const { factory } = options
  const pair = pairArtifact()
  const erc20 = erc20Artifact()
  const address = await transactor.deploy(factory, [sender])
  const taken = new Set<string>()

  return {
    dex: {
      name: options.name,
      chainId,
      protocol: 'uniswap-v2',
      address,
      feePips,
      initCodeHash: options.initCodeHash,
      verified: true,
      source: options.source,
    },

    reserve({ family, tokens }) {
      if (family !== 'constantProduct') return `a pair is no ${family} pool`
      if (taken.has(tokens.join()))
        return 'the factory makes one pair of two tokens'
      taken.add(tokens.join())
      return undefined
    },

    async createPools(pools) {
      for (const { tokens } of pools)
        await transactor.send(address, factory, 'createPair', tokens)
      await transactor.flush()
      const pairs: Hex[] = []
      for (const { tokens } of pools) {
        const values = tokens
        const [made] = await readContract(
          rpc,
          address,
          factory,
          'getPair',
          values,
        )
        pairs.push(made as Hex)
      }
      for (const [i, pool] of pools.entries()) {
        const [reserve0, reserve1] = reservesOf(pool)
        const to = pairs[i]!
        await transactor.send(pool.tokens[0], erc20, 'transfer', [to, reserve0])
        await transactor.send(pool.tokens[1], erc20, 'transfer', [to, reserve1])
        // A pair with less than the least liquidity takes the tokens as a gift.
        if (reserve0 * reserve1 > leastLiquidity * leastLiquidity * 4n)
          await transactor.send(to, pair, 'mint', [sender])
        else await transactor.send(to, pair, 'sync')
      }
      await transactor.flush()
      return pairs
    },

    async readPool(pool) {
      const [reserve0, reserve1] = await readContract(
        rpc,
        pool.address,
        pair,
        'getReserves',
      )
      const reserves = [reserve0 as bigint, reserve1 as bigint] as const
      return {
        address: pool.address,
        dex: options.name,
        tokens: pool.tokens,
        family: 'constantProduct',
        feePips,
        reserves,
      }
    },

    async swapCall({ pool, zeroForOne, amountIn }) {
      const values = [pool.address, zeroForOne, amountIn, feePips]
      return {
        to: helpers.poolTrader,
        data: poolTrader.abi.encodeFunctionData('swapPair', values) as Hex,
        spender: helpers.poolTrader,
      }
    },
  }
}

/** Its ABI is that of every fork. */
export function pairArtifact(): Artifact {
  return publishedArtifact('@uniswap/v2-core', 'build/UniswapV2Pair.json')
}

function reservesOf(pool: Pool): readonly [bigint, bigint] {
  if (pool.family === 'constantProduct') return pool.reserves
  throw new WorldInvalidError(`a pair is no ${pool.family} pool`)
}
