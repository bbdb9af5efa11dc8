// Numbers of 106 bits as the sum of two f64, the second what the first leaves:
// enough to find an amount of a hundred bits to the unit, at a fraction of the
// cost of exact integers. A product or a sum of two positive numbers is off by
// less than 2^-102 of its result.
//
//   product   p = a·b                        sum   s = h + l, |l| small against |h|
//   rest      productError(a, b, p)          rest  rest(h, l, s)
//             + a·bRest + aRest·b
//
// Dekker, "A floating-point technique for extending the available precision"
// (1971). WebAssembly has no fused multiply-add, so products are split. Each
// function has a twin for vectors of two f64.

import { setWords } from './uint256'

const SPLITTER: f64 = 134217729.0 // 2^27 + 1
const LEAST_FLOOR: f64 = 1
const TWO_90: f64 = 1237940039285380274899124224.0
/** Exponent field of an f64 whose mantissa counts units of 2^-24. */
const EXPONENT_OF_UNIT: i64 = 1051

/** What of h + l their rounded sum s leaves, exactly where |l| ≤ |h| or h is 0. */
// @ts-ignore: decorator
@inline
export function rest(h: f64, l: f64, s: f64): f64 {
  return l - (s - h)
}

// @ts-ignore: decorator
@inline
export function rests(h: v128, l: v128, s: v128): v128 {
  return f64x2.sub(l, f64x2.sub(s, h))
}

/** a × b - p, exactly, where p is their rounded product. */
// @ts-ignore: decorator
@inline
export function productError(a: f64, b: f64, p: f64): f64 {
  const at = a * SPLITTER
  const ah = at - (at - a)
  const al = a - ah
  const bt = b * SPLITTER
  const bh = bt - (bt - b)
  const bl = b - bh
  return ah * bh - p + ah * bl + al * bh + al * bl
}

// @ts-ignore: decorator
@inline
export function productErrors(a: v128, b: v128, p: v128): v128 {
  const splitter = f64x2.splat(SPLITTER)
  const at = f64x2.mul(a, splitter)
  const ah = f64x2.sub(at, f64x2.sub(at, a))
  const al = f64x2.sub(a, ah)
  const bt = f64x2.mul(b, splitter)
  const bh = f64x2.sub(bt, f64x2.sub(bt, b))
  const bl = f64x2.sub(b, bh)
  const high = f64x2.sub(f64x2.mul(ah, bh), p)
  const cross = f64x2.add(f64x2.add(high, f64x2.mul(ah, bl)), f64x2.mul(al, bh))
  return f64x2.add(cross, f64x2.mul(al, bl))
}

/** The upper two of four 32-bit lanes, moved down. */
// @ts-ignore: decorator
@inline
export function upper(lanes: v128): v128 {
  return v128.shuffle<u32>(lanes, lanes, 2, 3, 2, 3)
}

/** What `added` of storeFloor counts as one. */
export const FLOOR_ONE: i64 = 1 << 24

/**
 * out = floor(whole + part + added/2^24), where an error of up to `error` in
 * the sum cannot change it; false where it can, or the sum is not of 0 to 2^90.
 * In fixed point of 24 bits: rounding to whole numbers in f64 takes four times
 * as long.
 */
export function storeFloor(
  out: usize,
  whole: f64,
  part: f64,
  error: f64,
  added: i64,
): bool {
  if (!(whole >= LEAST_FLOOR && whole < TWO_90 && error < 0.25)) return false
  const bits = reinterpret<u64>(whole)
  // Of 2^0 to 2^89: mantissa × 2^-28 to 2^61 in units of 2^-24.
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000
  const shift = <i64>(bits >> 52) - EXPONENT_OF_UNIT
  const low =
    shift < 0 ? mantissa >> <u64>-shift : mantissa << <u64>shift
  const high = shift < 0 ? 0 : (mantissa >> 1) >> <u64>(63 - shift)
  const more = <i64>(part * <f64>FLOOR_ONE) + added
  const sum = low + <u64>more
  const top = <i64>high + (more >> 63) + <i64>(sum < low)
  // Two units more for what was cut off here.
  const doubt = <u64>(<i64>(error * <f64>FLOOR_ONE)) + 3
  const fraction = sum & (<u64>FLOOR_ONE - 1)
  if (fraction - doubt >= <u64>FLOOR_ONE - 2 * doubt) return false
  setWords(out, (sum >> 24) | (<u64>top << 40), <u64>top >> 24, 0, 0)
  return true
}
