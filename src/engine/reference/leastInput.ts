import { SwapRevertsError } from '../errors.ts'
import { maxUint256 } from './uint256.ts'

/**
 * The least input above zero that is enough, where more is always enough too:
 * strides grow away from the guess until they enclose it, then halve. Where
 * rounding makes a curve waver by a unit, it is an input that is enough while
 * one unit less is not.
 * @throws SwapRevertsError when no uint256 is enough.
 */
export function leastInput(
  isEnough: (amountIn: bigint) => boolean,
  guess: bigint,
): bigint {
  let tooLittle = 0n
  let enough = guess > 0n ? guess : 1n
  let stride = 1n
  if (isEnough(enough)) {
    while (enough > stride && isEnough(enough - stride)) {
      enough -= stride
      stride *= 2n
    }
    if (enough > stride) tooLittle = enough - stride
  } else {
    do {
      if (enough === maxUint256) {
        throw new SwapRevertsError('no input is enough for this output')
      }
      tooLittle = enough
      enough += stride
      if (enough > maxUint256) enough = maxUint256
      stride *= 2n
    } while (!isEnough(enough))
  }
  while (enough - tooLittle > 1n) {
    const middle = (tooLittle + enough) / 2n
    if (isEnough(middle)) enough = middle
    else tooLittle = middle
  }
  return enough
}
