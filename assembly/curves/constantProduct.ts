// x·y = k with the fee inside the formula: Uniswap V2 and its forks.
//
//   amountOut = floor(in·keep·Rout / (Rin·scale + in·keep))
//
// Source: Uniswap v2-periphery UniswapV2Library. Every rounding favours the
// pool. Arguments are pointers to u256; results are STATUS codes.

import { STATUS_OK, STATUS_REVERTS } from '../layout'
import { divideByTwoWords, storeQuotient, TOO_LARGE } from '../math/quotient'
import * as u256 from '../math/uint256'
import { multiplyHigh, toFloat2 } from '../math/word'
import { feeDenominator, feeKeep } from './fee'

/** Times a fee's denominator below 2^20, two amounts of so many bits add up to less than 2^126. */
const INPUT_BITS = 105
/** What Uniswap V2 allows a reserve. */
const OUTPUT_BITS = 112

const withFee = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)

/** UniswapV2Library.getAmountOut: rounds down. */
export function getAmountOut(
  out: usize,
  amountIn: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(amountIn)) return STATUS_REVERTS
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return STATUS_REVERTS
  const scale = feeDenominator(feePips)
  const keep = feeKeep(feePips, scale)
  if (
    u256.fitsTwoWords(amountIn, INPUT_BITS) &&
    u256.fitsTwoWords(reserveIn, INPUT_BITS) &&
    u256.fitsTwoWords(reserveOut, OUTPUT_BITS) &&
    divideInTwoWords(out, amountIn, reserveIn, reserveOut, keep, scale)
  )
    return STATUS_OK
  if (u256.mul32(withFee, amountIn, keep)) return STATUS_REVERTS
  if (u256.mul(numerator, withFee, reserveOut)) return STATUS_REVERTS
  if (u256.mul32(denominator, reserveIn, scale)) return STATUS_REVERTS
  if (u256.add(denominator, denominator, withFee)) return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return STATUS_OK
}

/** out = the formula on amounts of two words each, where nothing can overflow; false where the quotient is too large. */
// @ts-ignore: decorator
@inline
function divideInTwoWords(
  out: usize,
  amountIn: usize,
  reserveIn: usize,
  reserveOut: usize,
  keep: u32,
  scale: u32,
): bool {
  const in0 = u256.word(amountIn, 0)
  const a0 = in0 * keep
  const a1 = u256.word(amountIn, 1) * keep + multiplyHigh(in0, keep)
  const r0 = u256.word(reserveIn, 0)
  const b0 = r0 * scale + a0
  const b1 =
    u256.word(reserveIn, 1) * scale + multiplyHigh(r0, scale) + a1 + u64(b0 < a0)
  const o0 = u256.word(reserveOut, 0)
  const o1 = u256.word(reserveOut, 1)
  // a·o, of which three words suffice.
  const low = a0 * o0
  const crossA = a0 * o1
  const crossB = a1 * o0
  const partial = multiplyHigh(a0, o0) + crossA
  const middle = partial + crossB
  const high =
    multiplyHigh(a0, o1) +
    multiplyHigh(a1, o0) +
    a1 * o1 +
    u64(partial < crossA) +
    u64(middle < crossB)
  const dividend = toFloat2(a0, a1) * toFloat2(o0, o1)
  if (divideByTwoWords(low, middle, high, b0, b1, dividend) == TOO_LARGE) return false
  storeQuotient(out)
  return true
}

/** UniswapV2Library.getAmountIn: floor plus one, whether or not the division is even. */
export function getAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(amountOut)) return STATUS_REVERTS
  if (!prepareInverse(amountOut, reserveIn, reserveOut, feePips))
    return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return u256.add64(out, out, 1) ? STATUS_REVERTS : STATUS_OK
}

/** The least amountIn whose getAmountOut is at least amountOut: the exact inverse. */
export function leastAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (!prepareInverse(amountOut, reserveIn, reserveOut, feePips))
    return STATUS_REVERTS
  u256.divRoundingUp(out, numerator, denominator)
  return STATUS_OK
}

/** numerator = Rin·out·scale, denominator = (Rout - out)·keep; false where the contract reverts. */
function prepareInverse(
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): bool {
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return false
  if (!u256.lessThan(amountOut, reserveOut)) return false
  const scale = feeDenominator(feePips)
  if (u256.mul(numerator, reserveIn, amountOut)) return false
  if (u256.mul32(numerator, numerator, scale)) return false
  u256.sub(denominator, reserveOut, amountOut)
  return !u256.mul32(denominator, denominator, feeKeep(feePips, scale))
}
