// x·y = k with the fee inside the formula: Uniswap V2 and its forks.
//
//   amountOut = floor(in·keep·Rout / (Rin·scale + in·keep))
//
// Source: Uniswap v2-periphery UniswapV2Library. Every rounding favours the
// pool. Arguments are pointers to u256; results are STATUS codes.

import { STATUS_OK, STATUS_REVERTS } from '../layout'
import {
  productError,
  rest,
  rests,
  storeCertainQuotient,
  upper,
} from '../math/doubleDouble'
import { divideByTwoWords, storeQuotient, TOO_LARGE } from '../math/quotient'
import * as u256 from '../math/uint256'
import { multiplyHigh, multiplyHigh32, toFloat2 } from '../math/word'
import { feeDenominator, feeKeep } from './fee'

/** Times a fee's denominator below 2^20, two amounts of so many bits add up to less than 2^126. */
const INPUT_BITS = 105
/** What Uniswap V2 allows a reserve. */
const OUTPUT_BITS = 112

const TWO_32: f64 = 4294967296.0
const TWO_64: f64 = 18446744073709551616.0

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
    (estimateInFloats(out, amountIn, reserveIn, reserveOut, keep, scale) ||
      divideInTwoWords(out, amountIn, reserveIn, reserveOut, keep, scale))
  )
    return STATUS_OK
  if (u256.mul32(withFee, amountIn, keep)) return STATUS_REVERTS
  if (u256.mul(numerator, withFee, reserveOut)) return STATUS_REVERTS
  if (u256.mul32(denominator, reserveIn, scale)) return STATUS_REVERTS
  if (u256.add(denominator, denominator, withFee)) return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return STATUS_OK
}

/** out = the formula in 106 bits, where they leave no doubt; else false. */
// @ts-ignore: decorator
@inline
function estimateInFloats(
  out: usize,
  amountIn: usize,
  reserveIn: usize,
  reserveOut: usize,
  keep: u32,
  scale: u32,
): bool {
  // in·keep and Rin·scale side by side: limbs of 32 bits times a fee are exact in f64.
  const given = u256.lowWords(amountIn)
  const held = u256.lowWords(reserveIn)
  const x01 = v128.shuffle<u32>(given, held, 0, 4, 1, 5)
  const x23 = v128.shuffle<u32>(given, held, 2, 6, 3, 7)
  const two32 = f64x2.splat(TWO_32)
  const f0 = f64x2(<f64>keep, <f64>scale)
  const f1 = f64x2.mul(f0, two32)
  const f2 = f64x2.mul(f1, two32)
  const f3 = f64x2.mul(f2, two32)
  const x0 = f64x2.mul(f64x2.convert_low_i32x4_u(x01), f0)
  const x1 = f64x2.mul(f64x2.convert_low_i32x4_u(upper(x01)), f1)
  const x2 = f64x2.mul(f64x2.convert_low_i32x4_u(x23), f2)
  const x3 = f64x2.mul(f64x2.convert_low_i32x4_u(upper(x23)), f3)
  const s2 = f64x2.add(x3, x2)
  const s1 = f64x2.add(s2, x1)
  const x = f64x2.add(s1, x0)
  const xRest = f64x2.add(
    f64x2.add(rests(x3, x2, s2), rests(s2, x1, s1)),
    rests(s1, x0, x),
  )

  // Rout word by word: limbs 0 and 2 plus limbs 1 and 3.
  const paid = u256.lowWords(reserveOut)
  const weights = f64x2(1, TWO_64)
  const even = f64x2.mul(
    f64x2.convert_low_i32x4_u(v128.shuffle<u32>(paid, paid, 0, 2, 0, 2)),
    weights,
  )
  const odd = f64x2.mul(
    f64x2.convert_low_i32x4_u(v128.shuffle<u32>(paid, paid, 1, 3, 1, 3)),
    f64x2.mul(weights, two32),
  )
  const words = f64x2.add(odd, even)
  const wordsRest = rests(odd, even, words)
  const o1 = f64x2.extract_lane(words, 1)
  const o0 = f64x2.extract_lane(words, 0)
  const o = o1 + o0
  const oRest =
    rest(o1, o0, o) +
    (f64x2.extract_lane(wordsRest, 1) + f64x2.extract_lane(wordsRest, 0))

  const a = f64x2.extract_lane(x, 0)
  const b = f64x2.extract_lane(x, 1)
  const aRest = f64x2.extract_lane(xRest, 0)
  const d = a + b
  const shift = d - a
  const dRest = a - (d - shift) + (b - shift) + (aRest + f64x2.extract_lane(xRest, 1))
  const n = a * o
  const nRest = productError(a, o, n) + (a * oRest + aRest * o)
  return storeCertainQuotient(out, n, nRest, d, dRest, 1, false)
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
  const in1 = u256.word(amountIn, 1)
  const a1 = in1 * keep + multiplyHigh32(in0, keep)
  const r0 = u256.word(reserveIn, 0)
  const b0 = r0 * scale + a0
  const r1 = u256.word(reserveIn, 1)
  const b1 = r1 * scale + multiplyHigh32(r0, scale) + a1 + u64(b0 < a0)
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
  const a = toFloat2(in0, in1) * <f64>keep
  const b = toFloat2(r0, r1) * <f64>scale + a
  const dividend = a * toFloat2(o0, o1)
  if (divideByTwoWords(low, middle, high, b0, b1, dividend, b) == TOO_LARGE)
    return false
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
