// 256-bit unsigned integers in memory: a pointer to four u64 words, lowest
// first. `out` may be one of the arguments unless a comment says otherwise.

import { divLimbs, limb, mulLimbs, setLimb, significantLimbs } from './limbs'
import { multiplyHigh32, toFloat } from './word'

const LIMBS = 8
const TWO_64: f64 = 18446744073709551616.0
const TWO_128: f64 = 340282366920938463463374607431768211456.0
const TWO_192: f64 = 6277101735386680763835789423207666416102355444464034512896.0
// 512 bits: a whole product.
const product = memory.data(64, 16)
const quotient = memory.data(72, 16)

// @ts-ignore: decorator
@inline
export function word(p: usize, i: i32): u64 {
  return load<u64>(p + ((<usize>i) << 3))
}

// @ts-ignore: decorator
@inline
export function setWords(p: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  store<u64>(p, w0)
  store<u64>(p, w1, 8)
  store<u64>(p, w2, 16)
  store<u64>(p, w3, 24)
}

// @ts-ignore: decorator
@inline
export function set64(p: usize, value: u64): void {
  setWords(p, value, 0, 0, 0)
}

// @ts-ignore: decorator
@inline
export function copy(out: usize, a: usize): void {
  // Word by word: a vector load right after two word stores would wait for them.
  setWords(out, word(a, 0), word(a, 1), word(a, 2), word(a, 3))
}

/** The low two words as a vector, loaded one by one for the same reason. */
// @ts-ignore: decorator
@inline
export function lowWords(a: usize): v128 {
  return i64x2.replace_lane(v128.load_zero<u64>(a), 1, word(a, 1))
}

// @ts-ignore: decorator
@inline
export function isZero(a: usize): bool {
  return (word(a, 0) | word(a, 1) | word(a, 2) | word(a, 3)) == 0
}

export function equals(a: usize, b: usize): bool {
  return (
    ((word(a, 0) ^ word(b, 0)) |
      (word(a, 1) ^ word(b, 1)) |
      (word(a, 2) ^ word(b, 2)) |
      (word(a, 3) ^ word(b, 3))) ==
    0
  )
}

/** Whether a < b: whether a - b borrows. Free of branches, which random amounts would mispredict. */
// @ts-ignore: decorator
@inline
export function lessThan(a: usize, b: usize): bool {
  const borrow0 = u64(word(a, 0) < word(b, 0))
  const a1 = word(a, 1)
  const b1 = word(b, 1)
  const borrow1 = u64(a1 < b1) | (u64(a1 == b1) & borrow0)
  const a2 = word(a, 2)
  const b2 = word(b, 2)
  const borrow2 = u64(a2 < b2) | (u64(a2 == b2) & borrow1)
  const a3 = word(a, 3)
  const b3 = word(b, 3)
  return <bool>(u64(a3 < b3) | (u64(a3 == b3) & borrow2))
}

/** Whether a has at most `bits` bits, 64 ≤ bits < 128. */
// @ts-ignore: decorator
@inline
export function fitsTwoWords(a: usize, bits: u64): bool {
  return ((word(a, 1) >> (bits - 64)) | word(a, 2) | word(a, 3)) == 0
}

/** Whether a has more than `bits` bits. */
export function exceedsBits(a: usize, bits: i32): bool {
  return bitLength(a) > bits
}

export function bitLength(a: usize): i32 {
  for (let i = 3; i >= 0; i--) {
    const w = word(a, i)
    if (w) return (i << 6) + 64 - <i32>clz(w)
  }
  return 0
}

/** out = a + b modulo 2^256; returns the carry. */
export function add(out: usize, a: usize, b: usize): bool {
  const a0 = word(a, 0)
  const a1 = word(a, 1)
  const a2 = word(a, 2)
  const a3 = word(a, 3)
  const s0 = a0 + word(b, 0)
  const carry0 = u64(s0 < a0)
  const t1 = a1 + word(b, 1)
  const s1 = t1 + carry0
  const carry1 = u64(t1 < a1) | u64(s1 < carry0)
  const t2 = a2 + word(b, 2)
  const s2 = t2 + carry1
  const carry2 = u64(t2 < a2) | u64(s2 < carry1)
  const t3 = a3 + word(b, 3)
  const s3 = t3 + carry2
  setWords(out, s0, s1, s2, s3)
  return <bool>(u64(t3 < a3) | u64(s3 < carry2))
}

/** out = a - b modulo 2^256; returns the borrow. */
export function sub(out: usize, a: usize, b: usize): bool {
  const a0 = word(a, 0)
  const a1 = word(a, 1)
  const a2 = word(a, 2)
  const a3 = word(a, 3)
  const b0 = word(b, 0)
  const borrow0 = u64(a0 < b0)
  const t1 = a1 - word(b, 1)
  const borrow1 = u64(t1 > a1) | u64(t1 < borrow0)
  const t2 = a2 - word(b, 2)
  const borrow2 = u64(t2 > a2) | u64(t2 < borrow1)
  const t3 = a3 - word(b, 3)
  setWords(out, a0 - b0, t1 - borrow0, t2 - borrow1, t3 - borrow2)
  return <bool>(u64(t3 > a3) | u64(t3 < borrow2))
}

/** out = a + value modulo 2^256; returns the carry. */
export function add64(out: usize, a: usize, value: u64): bool {
  let carry = value
  for (let i: usize = 0; i < 32; i += 8) {
    const t = load<u64>(a + i) + carry
    carry = u64(t < carry)
    store<u64>(out + i, t)
  }
  return carry != 0
}

/** out = a - value modulo 2^256; returns the borrow. */
export function sub64(out: usize, a: usize, value: u64): bool {
  let borrow = value
  for (let i: usize = 0; i < 32; i += 8) {
    const x = load<u64>(a + i)
    store<u64>(out + i, x - borrow)
    borrow = u64(x < borrow)
  }
  return borrow != 0
}

/** out = a × factor modulo 2^256; returns whether it overflowed. */
export function mul32(out: usize, a: usize, factor: u32): bool {
  let carry: u64 = 0
  for (let i = 0; i < LIMBS; i++) {
    carry += limb(a, i) * <u64>factor
    setLimb(out, i, carry)
    carry >>= 32
  }
  return carry != 0
}

/** out = a × b modulo 2^256; returns whether it overflowed. */
export function mul(out: usize, a: usize, b: usize): bool {
  const limbs = multiply(a, b)
  const overflow = significantLimbs(product, limbs) > LIMBS
  takeLow(out, product, limbs)
  return overflow
}

/** out = floor(a / b), b > 0. */
export function div(out: usize, a: usize, b: usize): void {
  divide(a, LIMBS, b)
  copy(out, quotient)
}

/** out = ceil(a / b), b > 0. */
export function divRoundingUp(out: usize, a: usize, b: usize): void {
  if (divide(a, LIMBS, b)) add64(quotient, quotient, 1)
  copy(out, quotient)
}

/** out = floor(a × b / d) over the 512-bit product; returns true where it does not fit or d is 0. */
export function mulDiv(out: usize, a: usize, b: usize, d: usize): bool {
  if (isZero(d)) return true
  const limbs = multiply(a, b)
  divide(product, limbs, d)
  copy(out, quotient)
  return quotientOverflows()
}

/** out = ceil(a × b / d); returns true where it does not fit or d is 0. */
export function mulDivRoundingUp(out: usize, a: usize, b: usize, d: usize): bool {
  if (isZero(d)) return true
  const limbs = multiply(a, b)
  const remainder = divide(product, limbs, d)
  copy(out, quotient)
  if (quotientOverflows()) return true
  return remainder ? add64(out, out, 1) : false
}

/** out = floor(a × factor / d), 0 < d; returns whether it does not fit. */
export function mulDiv32(out: usize, a: usize, factor: u32, d: u32): bool {
  if (fitsDivide20(a, factor, d)) {
    divide20(out, a, factor, d, 0)
    return false
  }
  divide32(a, factor, d)
  copy(out, quotient)
  return load<u32>(quotient + 32) != 0
}

/** out = ceil(a × factor / d), 0 < d; returns whether it does not fit. */
export function mulDiv32RoundingUp(out: usize, a: usize, factor: u32, d: u32): bool {
  if (fitsDivide20(a, factor, d)) {
    divide20(out, a, factor, d, 1)
    return false
  }
  const remainder = divide32(a, factor, d)
  copy(out, quotient)
  if (load<u32>(quotient + 32) != 0) return true
  return remainder ? add64(out, out, 1) : false
}

/** out = floor(a × b / 2^96); returns whether it does not fit. */
export function mulShift96(out: usize, a: usize, b: usize): bool {
  return shiftProduct96(out, multiply(a, b))
}

/** out = ceil(a × b / 2^96); returns whether it does not fit. */
export function mulShift96RoundingUp(out: usize, a: usize, b: usize): bool {
  const limbs = multiply(a, b)
  const overflow = shiftProduct96(out, limbs)
  const remainder = significantLimbs(product, min(limbs, 3)) > 0
  return overflow || (remainder ? add64(out, out, 1) : false)
}

/** out = product >> 96, `limbs` limbs long; returns whether it does not fit. */
// @ts-ignore: decorator
@inline
function shiftProduct96(out: usize, limbs: i32): bool {
  if (limbs <= 3) {
    set64(out, 0)
    return false
  }
  takeLow(out, product + 12, limbs - 3)
  return significantLimbs(product, limbs) > LIMBS + 3
}

/** a = floor(a / 2). */
export function halve(a: usize): void {
  setWords(
    a,
    (word(a, 0) >> 1) | (word(a, 1) << 63),
    (word(a, 1) >> 1) | (word(a, 2) << 63),
    (word(a, 2) >> 1) | (word(a, 3) << 63),
    word(a, 3) >> 1,
  )
}

/** out = a << 96; the bits above 256 are dropped. */
export function shiftLeft96(out: usize, a: usize): void {
  const w0 = word(a, 0)
  const w1 = word(a, 1)
  const w2 = word(a, 2)
  setWords(out, 0, w0 << 32, (w1 << 32) | (w0 >> 32), (w2 << 32) | (w1 >> 32))
}

/** a as f64, off by at most two units in its last place: for screens only. */
export function approximate(a: usize): f64 {
  const low = toFloat(word(a, 0)) + toFloat(word(a, 1)) * TWO_64
  if (!(word(a, 2) | word(a, 3))) return low
  return (
    low +
    toFloat(word(a, 2)) * TWO_128 +
    toFloat(word(a, 3)) * TWO_192
  )
}

/** out = the integer nearest to x, 0 ≤ x < 2^256. */
export function fromApproximate(out: usize, x: f64): void {
  const bits = reinterpret<u64>(nearest(x))
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1075
  set64(out, 0)
  if (exponent < -1074) return
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000
  if (exponent <= 0) {
    store<u64>(out, exponent <= -53 ? 0 : mantissa >> <u64>-exponent)
    return
  }
  const at = out + ((<usize>(exponent >> 6)) << 3)
  const shift = <u64>(exponent & 63)
  store<u64>(at, mantissa << shift)
  if (shift > 11 && exponent < 192) store<u64>(at, mantissa >> (64 - shift), 8)
}

/** product = a × b; returns its length in limbs, leading zeros possible. */
// @ts-ignore: decorator
@inline
function multiply(a: usize, b: usize): i32 {
  const an = significantLimbs(a, LIMBS)
  const bn = significantLimbs(b, LIMBS)
  mulLimbs(product, a, an, b, bn)
  return an + bn
}

/** Set by divide where the quotient has more than 9 limbs for certain. */
let tooLong: bool = false

/** quotient = floor(u / d), u of `limbs` limbs; returns whether a remainder is left. */
// @ts-ignore: decorator
@inline
function divide(u: usize, limbs: i32, d: usize): bool {
  const un = significantLimbs(u, limbs)
  const dn = significantLimbs(d, LIMBS)
  setWords(quotient, 0, 0, 0, 0)
  store<u64>(quotient, 0, 32)
  tooLong = un - dn > LIMBS
  if (tooLong) return false
  return divLimbs(quotient, u, un, d, dn)
}

/** quotient = floor(a × factor / d) in 9 limbs; returns whether a remainder is left. */
// @ts-ignore: decorator
@inline
function divide32(a: usize, factor: u32, d: u32): bool {
  const an = significantLimbs(a, LIMBS)
  let carry: u64 = 0
  for (let i = 0; i < an; i++) {
    carry += limb(a, i) * <u64>factor
    setLimb(product, i, carry)
    carry >>= 32
  }
  setLimb(product, an, carry)
  setWords(quotient, 0, 0, 0, 0)
  store<u64>(quotient, 0, 32)
  let rest: u64 = 0
  for (let i = an; i >= 0; i--) {
    const part = (rest << 32) | limb(product, i)
    const digit = part / <u64>d
    rest = part - digit * <u64>d
    setLimb(quotient, i, digit)
  }
  return rest != 0
}

// @ts-ignore: decorator
@inline
function fitsDivide20(a: usize, factor: u32, d: u32): bool {
  return ((factor | d) >> 20) == 0 && fitsTwoWords(a, 107)
}

/**
 * out = a × factor / d below 2^127, factor and d below 2^20, rounded up if `up`
 * is 1, down if it is 0. Digits of 64, 44 and 20 bits: a remainder before them
 * still fits a word.
 */
function divide20(out: usize, a: usize, factor: u32, d: u32, up: u64): void {
  const a0 = word(a, 0)
  const low = a0 * factor
  const high = word(a, 1) * factor + multiplyHigh32(a0, factor)
  const divisor = <u64>d
  const top = high / divisor
  const middlePart = ((high - top * divisor) << 44) | (low >> 20)
  const middle = middlePart / divisor
  const lowPart = ((middlePart - middle * divisor) << 20) | (low & 0xfffff)
  const last = lowPart / divisor
  const one = up & u64(lowPart != last * divisor)
  const lowWord = ((middle << 20) | last) + one
  setWords(out, lowWord, top + u64(lowWord < one), 0, 0)
}

/** Whether the last divide's quotient needs more than 256 bits. */
// @ts-ignore: decorator
@inline
function quotientOverflows(): bool {
  return tooLong || load<u32>(quotient + 32) != 0
}

/** out = the low 256 bits of p, which has `limbs` limbs. */
// @ts-ignore: decorator
@inline
function takeLow(out: usize, p: usize, limbs: i32): void {
  for (let i = 0; i < LIMBS; i++) setLimb(out, i, i < limbs ? limb(p, i) : 0)
}
