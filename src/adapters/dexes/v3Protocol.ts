import type { DexProtocol } from '../../market/dex.ts'
import { changeOfLiquidity, changeOfSwap } from './concentratedChanges.ts'
import { eventTopic, tickTopic, tickWord, unsignedWord } from './logWords.ts'

/** Uniswap V3's: Algebra and Slipstream write the same. */
const uniswapSwap = 'Swap(address,address,int256,int256,uint160,uint128,int24)'
const mintTopic = eventTopic(
  'Mint(address,address,int24,int24,uint128,uint256,uint256)',
)
const burnTopic = eventTopic(
  'Burn(address,int24,int24,uint128,uint256,uint256)',
)
/** Algebra's: the fee of the swaps that follow. */
const feeTopic = eventTopic('Fee(uint16)')

/** What differs between protocols of Uniswap V3's kind. */
export type V3Dialect = Pick<DexProtocol, 'name' | 'nextChange'> & {
  /** The event of a swap, where it is another; price, liquidity and tick stand at its third to fifth word. */
  readonly swapEvent?: string
  /** Its pools tell of new fees. */
  readonly hasFeeEvents?: true
}

/** A protocol whose pools are contracts of their own, in the manner of Uniswap V3. */
export function v3Protocol({
  swapEvent = uniswapSwap,
  hasFeeEvents,
  ...names
}: V3Dialect): DexProtocol {
  const swapTopic = eventTopic(swapEvent)
  return {
    ...names,
    families: ['concentrated'],
    topics: [
      swapTopic,
      mintTopic,
      burnTopic,
      ...(hasFeeEvents ? [feeTopic] : []),
    ],

    poolOf(log) {
      return log.address
    },

    changeOf(pool, { topics, data }) {
      switch (topics[0]?.toLowerCase()) {
        case swapTopic:
          return changeOfSwap(pool, {
            sqrtPriceX96: unsignedWord(data, 2),
            liquidity: unsignedWord(data, 3),
            tick: tickWord(data, 4),
          })
        case mintTopic:
          // The sender stands before the amount.
          return changeOfLiquidity(pool, {
            tickLower: tickTopic(topics[2]),
            tickUpper: tickTopic(topics[3]),
            liquidity: unsignedWord(data, 1),
          })
        case burnTopic:
          return changeOfLiquidity(pool, {
            tickLower: tickTopic(topics[2]),
            tickUpper: tickTopic(topics[3]),
            liquidity: -unsignedWord(data, 0),
          })
        case feeTopic:
          return hasFeeEvents
            ? { pool: pool.address, feePips: Number(unsignedWord(data, 0)) }
            : undefined
        default:
          return undefined
      }
    },

    executorHop(_dex, { pool, tokenOut, zeroForOne, amountOut }) {
      return {
        module: 'v3',
        target: pool.address,
        tokenOut: tokenOut.address,
        zeroForOne,
        amountOut,
      }
    },
  }
}
