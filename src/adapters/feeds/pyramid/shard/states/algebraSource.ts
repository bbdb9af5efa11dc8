import type { Hex } from '../../../../../core/hex.ts'
import { callOf, signed, wordAt } from '../../lane/words.ts'
import type { Head, MakeTickSource } from './tickSource.ts'
import { grossAndNet } from './v3Source.ts'

/** Constants.TICK_SPACING of its first generation. */
const firstGenerationSpacing = 60

/**
 * Algebra in three generations. The first (QuickSwap V3) keeps a bitmap of
 * multiples of the spacing and its fee third in `globalState`; the second tells
 * a spacing for limit orders, its fee stands fourth; Integral has a tree over
 * the bitmap. The bitmap of the later two has a bit for every tick.
 */
export const algebraSource: MakeTickSource = (_dex, { address }) => ({
  headCalls: [
    callOf(address, 'globalState()'),
    callOf(address, 'liquidity()'),
    callOf(address, 'tickSpacing()'),
    callOf(address, 'tickSpacingLimitOrders()'),
    callOf(address, 'tickTreeRoot()'),
  ],
  head([slot, liquidityAnswer, spacingAnswer, ordersAnswer, rootAnswer]) {
    const liquidity = wordAt(liquidityAnswer, 0)
    const spacing = wordAt(spacingAnswer, 0)
    const words = [0, 1, 2, 3].map((place) => wordAt(slot, place))
    const [sqrtPriceX96, tick, third, fourth] = words
    if (
      sqrtPriceX96 === undefined ||
      tick === undefined ||
      third === undefined ||
      fourth === undefined ||
      liquidity === undefined ||
      spacing === undefined
    )
      return 'the pool does not tell its state'
    if (sqrtPriceX96 === 0n) return 'the pool has no price yet'
    const tickSpacing = Number(signed(spacing, 24))
    if (tickSpacing < 1) return 'the pool has no tick spacing'
    const state = {
      sqrtPriceX96,
      tick: Number(signed(tick, 24)),
      liquidity,
      tickSpacing,
    }
    return { ...state, ...generation(third, fourth, ordersAnswer, rootAnswer) }
  },
  bitmapCall: (word) => callOf(address, 'tickTable(int16)', [BigInt(word)]),
  tickCall: (tick) => callOf(address, 'ticks(int24)', [BigInt(tick)]),
  tickOf: grossAndNet,
  treeCall: (node) =>
    callOf(address, 'tickTreeSecondLayer(int16)', [BigInt(node)]),
})

function generation(
  third: bigint,
  fourth: bigint,
  ordersAnswer: Hex | undefined,
  rootAnswer: Hex | undefined,
): Pick<Head, 'feePips' | 'ticksPerBit' | 'tickSearch' | 'treeRoot'> {
  const treeRoot = wordAt(rootAnswer, 0)
  if (treeRoot !== undefined)
    return {
      feePips: Number(third),
      ticksPerBit: 1,
      tickSearch: 'list',
      treeRoot,
    }
  if (wordAt(ordersAnswer, 0) !== undefined)
    return { feePips: Number(fourth), ticksPerBit: 1, tickSearch: 'list' }
  return { feePips: Number(third), ticksPerBit: firstGenerationSpacing }
}
