import { zeroAddress } from '../../../core/address.ts'
import type { Hex } from '../../../core/hex.ts'
import { keccakHex } from '../../../core/keccak.ts'
import { nativeCoin } from '../../../core/nativeCoins.ts'
import type { Dex, DexProtocol } from '../../../market/dex.ts'
import type { Hop } from '../../../market/opportunity.ts'
import { changeOfLiquidity, changeOfSwap } from '../concentratedChanges.ts'
import { eventTopic, signedWord, tickWord, unsignedWord } from '../logWords.ts'

const swapTopic = eventTopic(
  'Swap(bytes32,address,int128,int128,uint160,uint128,int24,uint24)',
)
const modifyLiquidityTopic = eventTopic(
  'ModifyLiquidity(bytes32,address,int24,int24,int256,bytes32)',
)

/**
 * Uniswap V4: one PoolManager holds all pools, each named by the hash of its
 * key. The key is rebuilt from the pool without hooks; a pool of another key
 * (hooks, or a fee that is not the key's) cannot be traded.
 */
export const uniswapV4: DexProtocol = {
  name: 'uniswap-v4',
  families: ['concentrated'],
  topics: [swapTopic, modifyLiquidityTopic],

  poolOf({ topics }) {
    return topics[1] ?? '0x'
  },

  changeOf(pool, { topics, data }) {
    if (topics[0]?.toLowerCase() === swapTopic)
      return changeOfSwap(pool, {
        sqrtPriceX96: unsignedWord(data, 2),
        liquidity: unsignedWord(data, 3),
        tick: tickWord(data, 4),
      })
    return changeOfLiquidity(pool, {
      tickLower: tickWord(data, 0),
      tickUpper: tickWord(data, 1),
      liquidity: signedWord(data, 2),
    })
  },

  executorHop(dex, hop) {
    const { pool, zeroForOne, amountOut } = hop
    if (pool.family !== 'concentrated')
      return { untradable: `a V4 pool is no ${pool.family} pool` }
    const { tokens, feePips, tickSpacing } = pool
    if (poolId(tokens, feePips, tickSpacing) !== pool.address.toLowerCase())
      return {
        untradable: `pool ${pool.address} has hooks, or a fee that is not its key's`,
      }
    const tokenOut = erc20Of(dex, hop)
    if (!tokenOut)
      return {
        untradable: `the token that wraps the native coin of chain ${dex.chainId} is unknown`,
      }
    return {
      module: 'v4',
      target: dex.address,
      tokenOut,
      zeroForOne,
      amountOut,
      feePips,
      tickSpacing,
      hooks: zeroAddress,
      native: tokens[0] === zeroAddress,
    }
  },
}

/** keccak of abi.encode(currency0, currency1, fee, tickSpacing, hooks), without hooks. */
function poolId(
  [token0, token1]: readonly [Hex, Hex],
  feePips: number,
  tickSpacing: number,
): Hex {
  const words = [token0, token1, BigInt(feePips), BigInt(tickSpacing), 0n].map(
    (value) => BigInt(value).toString(16).padStart(64, '0'),
  )
  return keccakHex(`0x${words.join('')}`)
}

/** The executor holds the native coin wrapped. */
function erc20Of({ chainId }: Dex, { tokenOut }: Hop): Hex | undefined {
  return tokenOut.address === zeroAddress
    ? nativeCoin(chainId)?.wrappedAddress
    : tokenOut.address
}
