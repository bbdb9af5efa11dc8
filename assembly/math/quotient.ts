// Quotients of up to 112 or 126 bits, by digits of 48 bits.
//
// Each digit is estimated in f64 from what is left of the dividend, times the
// divisor's reciprocal, and its product is subtracted exactly: one division
// where digits of 32 bits would cost one each. Every digit but the last is
// estimated low, by less than 2 units (a leading one by up to 2^-48 of it), so
// that what is left never falls below zero and the next digit makes up for it.
// The last is rounded to nearest, off by less than 1: the sign of what is left
// then tells the floor.
//
// The caller gives dividend and divisor also in f64, off by at most 4·2^-52 and
// 2·2^-52 of them (a product or quotient adds a half). What is left after the
// first digit is smaller by the bits of that digit: higher words of the dividend
// cancel out and are not asked for.

import { setWords } from './uint256'
import { multiplyHigh, toFloat } from './word'

/** A division was exact, or left a remainder, or its quotient is too large for this file. */
export const EXACT = 0
export const REMAINDER = 1
export const TOO_LARGE = 2

const MOST_QUOTIENT: f64 = 5192296858534827628530496329220096.0 // 2^112
const MOST_LONG_QUOTIENT: f64 = 85070591730234615865843651857942052864.0 // 2^126
const MOST_DIVIDEND: f64 =
  150306725297525326584926758194517569752043683130132471725266622178061377607334940381676735896625196994043838464.0 // 2^366
// Digits start at bits 64 (only where needed), 48 and 0.
const NEEDS_LEADING: f64 = 39614081257132168796771975168.0 // 2^95
const TWO_128: f64 = 340282366920938463463374607431768211456.0
const TWO_64: f64 = 18446744073709551616.0
const TWO_192: f64 = 6277101735386680763835789423207666416102355444464034512896.0
const TWO_256: f64 =
  115792089237316195423570985008687907853269984665640564039457584007913129639936.0
/** 1 - 2^-49: below the true digit in spite of the estimate's error. */
const BELOW: f64 = 0.99999999999999822364316059975
const DIGIT_AT_64: f64 = BELOW / TWO_64
const DIGIT_AT_48: f64 = BELOW / 281474976710656.0

/** The last quotient, rounded down. */
export let quotientLow: u64 = 0
export let quotientHigh: u64 = 0

/** Divides n, given modulo 2^192, by d < 2^126, d > 0. */
// @ts-ignore: decorator
@inline
export function divideByTwoWords(
  n0: u64,
  n1: u64,
  n2: u64,
  d0: u64,
  d1: u64,
  dividend: f64,
  divisor: f64,
): i32 {
  const inverse = 1 / divisor
  const estimate = dividend * inverse
  if (!(estimate < NEEDS_LEADING))
    return divideLongByTwoWords(n0, n1, n2, d0, d1, estimate, divisor)

  const digit = <u64>(<i64>(estimate * DIGIT_AT_48))
  const p0 = digit * d0
  const t1 = digit * d1
  const p1 = t1 + multiplyHigh(digit, d0)
  const p2 = multiplyHigh(digit, d1) + u64(p1 < t1)
  const s0 = p0 << 48
  const s1 = (p0 >> 16) | (p1 << 48)
  const s2 = (p1 >> 16) | (p2 << 48)
  const borrow0 = u64(n0 < s0)
  const x1 = n1 - s1
  const borrow1 = u64(n1 < s1) | u64(x1 < borrow0)
  n0 -= s0
  n1 = x1 - borrow0
  n2 -= s2 + borrow1

  const last = <u64>(<i64>(toFloat3(n0, n1, n2) * inverse + 0.5))
  const q0 = last * d0
  const r1 = n1 - multiplyHigh(last, d0) - last * d1 - u64(n0 < q0)
  setQuotient(0, digit, last, r1 >> 63)
  return (n0 - q0) | r1 ? REMAINDER : EXACT
}

/** Takes the leading digit of a quotient of 95 to 112 bits, then divides what it leaves. */
function divideLongByTwoWords(
  n0: u64,
  n1: u64,
  n2: u64,
  d0: u64,
  d1: u64,
  estimate: f64,
  divisor: f64,
): i32 {
  if (!(estimate < MOST_QUOTIENT)) return TOO_LARGE
  const leading = <u64>(<i64>(estimate * DIGIT_AT_64))
  const p0 = leading * d0
  n2 -= multiplyHigh(leading, d0) + leading * d1 + u64(n1 < p0)
  n1 -= p0
  const remainder = divideByTwoWords(n0, n1, n2, d0, d1, toFloat3(n0, n1, n2), divisor)
  quotientHigh += leading
  return remainder
}

/**
 * Divides n, given modulo 2^320, by d of 2^128 to 2^254. Too large are
 * quotients from 2^126 on, and dividends from 2^366 on, of which the leading
 * digit would leave more than 2^319.
 */
export function divideByFourWords(
  n0: u64,
  n1: u64,
  n2: u64,
  n3: u64,
  n4: u64,
  d0: u64,
  d1: u64,
  d2: u64,
  d3: u64,
  dividend: f64,
): i32 {
  const inverse =
    1 / (<f64>(<i64>d3) * TWO_192 + toFloat(d2) * TWO_128 + toFloat(d1) * TWO_64)
  let estimate = dividend * inverse
  if (!(estimate < MOST_LONG_QUOTIENT && dividend < MOST_DIVIDEND)) return TOO_LARGE
  let leading: u64 = 0
  if (estimate >= NEEDS_LEADING) {
    leading = <u64>(<i64>(estimate * DIGIT_AT_64))
    const p0 = leading * d0
    const t1 = leading * d1
    const p1 = t1 + multiplyHigh(leading, d0)
    const t2 = leading * d2
    const p2 = t2 + multiplyHigh(leading, d1) + u64(p1 < t1)
    const p3 = leading * d3 + multiplyHigh(leading, d2) + u64(p2 < t2)
    const borrow1 = u64(n1 < p0)
    const x2 = n2 - p1
    const borrow2 = u64(n2 < p1) | u64(x2 < borrow1)
    const x3 = n3 - p2
    const borrow3 = u64(n3 < p2) | u64(x3 < borrow2)
    n1 -= p0
    n2 = x2 - borrow1
    n3 = x3 - borrow2
    n4 -= p3 + borrow3
    estimate = toFloat5(n1, n2, n3, n4) * inverse
  }

  const digit = <u64>(<i64>(estimate * DIGIT_AT_48))
  const p0 = digit * d0
  const t1 = digit * d1
  const p1 = t1 + multiplyHigh(digit, d0)
  const t2 = digit * d2
  const p2 = t2 + multiplyHigh(digit, d1) + u64(p1 < t1)
  const t3 = digit * d3
  const p3 = t3 + multiplyHigh(digit, d2) + u64(p2 < t2)
  const p4 = multiplyHigh(digit, d3) + u64(p3 < t3)
  const s0 = p0 << 48
  const s1 = (p0 >> 16) | (p1 << 48)
  const s2 = (p1 >> 16) | (p2 << 48)
  const s3 = (p2 >> 16) | (p3 << 48)
  const s4 = (p3 >> 16) | (p4 << 48)
  const borrow0 = u64(n0 < s0)
  const x1 = n1 - s1
  const borrow1 = u64(n1 < s1) | u64(x1 < borrow0)
  const x2 = n2 - s2
  const borrow2 = u64(n2 < s2) | u64(x2 < borrow1)
  const x3 = n3 - s3
  const borrow3 = u64(n3 < s3) | u64(x3 < borrow2)
  n0 -= s0
  n1 = x1 - borrow0
  n2 = x2 - borrow1
  n3 = x3 - borrow2
  n4 -= s4 + borrow3

  const last = <u64>(<i64>(toFloat5(n1, n2, n3, n4) * inverse + 0.5))
  const q0 = last * d0
  const u1 = last * d1
  const q1 = u1 + multiplyHigh(last, d0)
  const u2 = last * d2
  const q2 = u2 + multiplyHigh(last, d1) + u64(q1 < u1)
  const q3 = last * d3 + multiplyHigh(last, d2) + u64(q2 < u2)
  const under0 = u64(n0 < q0)
  const y1 = n1 - q1
  const under1 = u64(n1 < q1) | u64(y1 < under0)
  const y2 = n2 - q2
  const under2 = u64(n2 < q2) | u64(y2 < under1)
  const r3 = n3 - q3 - under2
  setQuotient(leading, digit, last, r3 >> 63)
  return (n0 - q0) | (y1 - under0) | (y2 - under1) | r3 ? REMAINDER : EXACT
}

/** out = the last quotient. */
// @ts-ignore: decorator
@inline
export function storeQuotient(out: usize): void {
  setWords(out, quotientLow, quotientHigh, 0, 0)
}

/** out = the last quotient rounded up, `remainder` being EXACT or REMAINDER. */
// @ts-ignore: decorator
@inline
export function storeQuotientRoundedUp(out: usize, remainder: i32): void {
  const low = quotientLow + remainder
  setWords(out, low, quotientHigh + u64(low < <u64>remainder), 0, 0)
}

/** The digits put together, less one where the last was rounded up. */
// @ts-ignore: decorator
@inline
function setQuotient(leading: u64, digit: u64, last: u64, excess: u64): void {
  const sum = (digit << 48) + last
  quotientLow = sum - excess
  quotientHigh = leading + (digit >> 16) + u64(sum < last) - u64(sum < excess)
}

// @ts-ignore: decorator
@inline
function toFloat3(w0: u64, w1: u64, w2: u64): f64 {
  return <f64>(<i64>w2) * TWO_128 + toFloat(w1) * TWO_64 + toFloat(w0)
}

/** Five words without the lowest, which is nothing beside a divisor of 2^128. */
// @ts-ignore: decorator
@inline
function toFloat5(w1: u64, w2: u64, w3: u64, w4: u64): f64 {
  return (
    <f64>(<i64>w4) * TWO_256 +
    toFloat(w3) * TWO_192 +
    (toFloat(w2) * TWO_128 + toFloat(w1) * TWO_64)
  )
}
