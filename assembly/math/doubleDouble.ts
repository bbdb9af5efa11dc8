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
const TWO_32: f64 = 4294967296.0
const TWO_64: f64 = 18446744073709551616.0
const PER_2_32: f64 = 2.3283064365386963e-10
const PER_2_64: f64 = 5.421010862427522e-20
const TWO_90: f64 = 1237940039285380274899124224.0
/** 2^-98: more than conversions, a product, a sum and a division add up to, of 2^-102 to 2^-101 each. */
const RELATIVE_ERROR: f64 = 3.1554436208840472e-30
/** 2^-50: of the last sum, which is made in f64 on the fraction alone. */
const ROUNDING_ERROR: f64 = 8.881784197001252e-16

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

/** out = whole + added, a whole number below 2^112 and units that leave it positive. */
// @ts-ignore: decorator
@inline
export function storeWhole(out: usize, whole: f64, added: i64): void {
  const high = floor(whole * PER_2_64)
  const below = whole - high * TWO_64
  const middle = floor(below * PER_2_32)
  const word =
    (<u64>(<i64>middle) << 32) + <u64>(<i64>(below - middle * TWO_32))
  const low = word + <u64>added
  const carry = <i64>(low < word) + (added >> 63)
  setWords(out, low, <u64>(<i64>high + carry), 0, 0)
}

/**
 * out = n·scale/d, rounded up or down, where 106 bits leave no doubt about the
 * whole units: cheaper than dividing integers. False where they do, and from
 * 2^90 on. The scale is a power of two; n and d come from integers by one
 * product or sum each.
 */
// @ts-ignore: decorator
@inline
export function storeCertainQuotient(
  out: usize,
  n: f64,
  nRest: f64,
  d: f64,
  dRest: f64,
  scale: f64,
  up: bool,
): bool {
  const inverse = 1 / d
  const quotient = n * inverse
  const back = quotient * d
  const more =
    (n - back - productError(quotient, d, back) + (nRest - quotient * dRest)) * inverse
  const sum = quotient + more
  const whole = sum * scale
  const part = rest(quotient, more, sum) * scale
  if (!(whole < TWO_90)) return false
  const base = floor(whole)
  const left = whole - base + part
  const units = floor(left)
  const fraction = left - units
  const error = whole * RELATIVE_ERROR + ROUNDING_ERROR
  if (!(fraction > error && fraction < 1 - error)) return false
  storeWhole(out, base, <i64>units + i64(up))
  return true
}
