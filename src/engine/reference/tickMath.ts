import { SwapRevertsError } from '../errors.ts'
import { maxUint256 } from './uint256.ts'

/** Uniswap V3's TickMath: from ticks to prices and back. */

export const minTick = -887272
export const maxTick = 887272

/** getSqrtRatioAtTick(minTick). */
export const minSqrtRatio = 4295128739n
/** getSqrtRatioAtTick(maxTick): no price reaches it. */
export const maxSqrtRatio: bigint =
  1461446703485210103287273052203988822378723970342n

/** 2^128 / sqrt(1.0001^(2^i)), for the bits i of a tick. */
const sqrtRatioOfBit: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
]

/**
 * sqrt(1.0001^tick) × 2^96, rounded up so that getTickAtSqrtRatio gives the
 * tick back.
 * @throws SwapRevertsError when |tick| > 887272 ('T').
 */
export function getSqrtRatioAtTick(tick: number): bigint {
  const absTick = Math.abs(tick)
  if (!(absTick <= maxTick)) {
    throw new SwapRevertsError(`tick ${tick} is outside the price scale`)
  }
  let ratio = 1n << 128n
  for (let bit = 0; bit < sqrtRatioOfBit.length; bit++) {
    if ((absTick & (1 << bit)) !== 0) {
      ratio = (ratio * sqrtRatioOfBit[bit]!) >> 128n
    }
  }
  if (tick > 0) ratio = maxUint256 / ratio
  return (ratio + 0xffff_ffffn) >> 32n
}

/**
 * The greatest tick whose ratio is at most this one.
 * @throws SwapRevertsError outside [minSqrtRatio, maxSqrtRatio) ('R').
 */
export function getTickAtSqrtRatio(sqrtPriceX96: bigint): number {
  if (sqrtPriceX96 < minSqrtRatio || sqrtPriceX96 >= maxSqrtRatio) {
    throw new SwapRevertsError('the price is outside the price scale', {
      facts: { sqrtPriceX96 },
    })
  }
  const ratio = sqrtPriceX96 << 32n
  const log2X64 = approximateLog2X64(ratio)
  // log of base sqrt(1.0001), in 128.128 fixed point.
  const logX128 = log2X64 * 255738958999603826347141n
  // The logarithm errs within these bounds: two ticks at most are in question.
  const tickLow = Number(
    (logX128 - 3402992956809132418596140100660247210n) >> 128n,
  )
  const tickHigh = Number(
    (logX128 + 291339464771989622907027621153398088495n) >> 128n,
  )
  if (tickLow === tickHigh) return tickLow
  return getSqrtRatioAtTick(tickHigh) <= sqrtPriceX96 ? tickHigh : tickLow
}

/** log2 of a 128.128 number, in 64.64, cut after 14 fraction bits as in the contract. */
function approximateLog2X64(ratioX128: bigint): bigint {
  const msb = BigInt(ratioX128.toString(2).length - 1)
  let r = msb >= 128n ? ratioX128 >> (msb - 127n) : ratioX128 << (127n - msb)
  let log2 = (msb - 128n) << 64n
  for (let bit = 63n; bit >= 50n; bit--) {
    // Squaring doubles the logarithm: its next bit is whether r² reaches 2.
    r = (r * r) >> 127n
    const isAbove = r >> 128n
    log2 |= isAbove << bit
    r >>= isAbove
  }
  return log2
}
