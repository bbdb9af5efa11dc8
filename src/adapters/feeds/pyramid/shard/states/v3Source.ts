import type { Hex } from '../../../../../core/hex.ts'
import { callOf, signed, wordAt } from '../../lane/words.ts'
import type { MakeTickSource, TickInfo } from './tickSource.ts'

/** Uniswap V3, PancakeSwap V3 and Slipstream: `slot0` gives price and tick first, `ticks` gross and net. */
export const v3Source: MakeTickSource = (_dex, { address }) => ({
  headCalls: [
    callOf(address, 'slot0()', [], 2),
    callOf(address, 'liquidity()', [], 1),
    callOf(address, 'fee()', [], 1),
    callOf(address, 'tickSpacing()', [], 1),
  ],
  head([slot, liquidityAnswer, feeAnswer, spacingAnswer]) {
    const sqrtPriceX96 = wordAt(slot, 0)
    const tick = wordAt(slot, 1)
    const liquidity = wordAt(liquidityAnswer, 0)
    const fee = wordAt(feeAnswer, 0)
    const spacing = wordAt(spacingAnswer, 0)
    if (
      sqrtPriceX96 === undefined ||
      tick === undefined ||
      liquidity === undefined ||
      fee === undefined ||
      spacing === undefined
    )
      return 'the pool does not tell its state'
    if (sqrtPriceX96 === 0n) return 'the pool has no price yet'
    const tickSpacing = Number(signed(spacing, 24))
    if (tickSpacing < 1) return 'the pool has no tick spacing'
    return {
      sqrtPriceX96,
      tick: Number(signed(tick, 24)),
      liquidity,
      feePips: Number(fee),
      tickSpacing,
      ticksPerBit: tickSpacing,
    }
  },
  isLensReadable: true,
  bitmapCall: (word) => callOf(address, 'tickBitmap(int16)', [BigInt(word)], 1),
  tickCall: (tick) => callOf(address, 'ticks(int24)', [BigInt(tick)], 2),
  tickOf: grossAndNet,
})

/** The first two words of `ticks(int24)`. */
export function grossAndNet(answer: Hex | undefined): TickInfo | undefined {
  const liquidityGross = wordAt(answer, 0)
  const net = wordAt(answer, 1)
  return liquidityGross === undefined || net === undefined
    ? undefined
    : { liquidityGross, liquidityNet: signed(net, 128) }
}
