// The limb layer: integers of any length as 32-bit limbs, lowest first.
//
// WebAssembly multiplies 64 x 64 bits to 64 only, so limbs are 32 bits wide
// and computed in u64: a product plus two limbs never overflows. Everything
// above this file speaks of whole integers; a build with wide arithmetic
// (i64.mul_wide_u) replaces this file alone.

const LIMB_MASK: u64 = 0xffffffff

// Normalised dividend and divisor of divLimbs: up to 34 and 17 limbs.
const dividend = memory.data(160, 16)
const divisor = memory.data(80, 16)

// @ts-ignore: decorator
@inline
export function limb(p: usize, i: i32): u64 {
  return load<u32>(p + ((<usize>i) << 2))
}

// @ts-ignore: decorator
@inline
export function setLimb(p: usize, i: i32, value: u64): void {
  store<u32>(p + ((<usize>i) << 2), <u32>value)
}

/** Limbs up to the highest that is not zero. */
// @ts-ignore: decorator
@inline
export function significantLimbs(p: usize, limbs: i32): i32 {
  while (limbs > 0 && limb(p, limbs - 1) == 0) limbs--
  return limbs
}

/** out[0 … an+bn) = a × b. `out` overlaps neither. */
export function mulLimbs(out: usize, a: usize, an: i32, b: usize, bn: i32): void {
  memory.fill(out, 0, (<usize>(an + bn)) << 2)
  for (let i = 0; i < an; i++) {
    const ai = limb(a, i)
    let carry: u64 = 0
    const row = out + ((<usize>i) << 2)
    for (let j = 0; j < bn; j++) {
      carry += ai * limb(b, j) + limb(row, j)
      setLimb(row, j, carry)
      carry >>= 32
    }
    setLimb(row, bn, carry)
  }
}

/**
 * q[0 … max(un-vn+1, 1)) = floor(u / v); returns whether a remainder is left.
 * `un` and `vn` are significant limbs, vn > 0. Knuth, TAOCP 4.3.1, algorithm D.
 */
export function divLimbs(q: usize, u: usize, un: i32, v: usize, vn: i32): bool {
  if (un < vn) {
    setLimb(q, 0, 0)
    return un > 0
  }
  if (vn == 1) return divSmall(q, u, un, limb(v, 0))

  // Shift so that the divisor's top bit is set: guesses are then off by 2 at most.
  const shift = clz<u32>(<u32>limb(v, vn - 1))
  shiftLeftInto(divisor, v, vn, shift)
  shiftLeftInto(dividend, u, un, shift)
  const top = limb(divisor, vn - 1)
  const second = limb(divisor, vn - 2)

  for (let j = un - vn; j >= 0; j--) {
    const window = dividend + ((<usize>j) << 2)
    const lead = load<u64>(window + ((<usize>(vn - 1)) << 2))
    let guess = lead / top
    let rest = lead - guess * top
    const third = limb(window, vn - 2)
    while (guess > LIMB_MASK || guess * second > ((rest << 32) | third)) {
      guess--
      rest += top
      if (rest > LIMB_MASK) break
    }
    if (subtractProduct(window, divisor, vn, guess)) {
      addBack(window, divisor, vn)
      guess--
    }
    setLimb(q, j, guess)
  }
  return significantLimbs(dividend, vn) > 0
}

/** q = floor(u / v) for a one-limb divisor; returns whether a remainder is left. */
function divSmall(q: usize, u: usize, un: i32, v: u64): bool {
  let rest: u64 = 0
  for (let i = un - 1; i >= 0; i--) {
    const part = (rest << 32) | limb(u, i)
    const digit = part / v
    rest = part - digit * v
    setLimb(q, i, digit)
  }
  return rest != 0
}

/** out[0 … n] = a << shift, shift < 32. */
// @ts-ignore: decorator
@inline
function shiftLeftInto(out: usize, a: usize, n: i32, shift: u32): void {
  let carry: u64 = 0
  for (let i = 0; i < n; i++) {
    carry |= limb(a, i) << shift
    setLimb(out, i, carry)
    carry >>= 32
  }
  setLimb(out, n, carry)
}

/** window[0 … n] -= v × digit; returns whether it went below zero. */
// @ts-ignore: decorator
@inline
function subtractProduct(window: usize, v: usize, n: i32, digit: u64): bool {
  let carry: u64 = 0
  for (let i = 0; i < n; i++) {
    // carry holds the product's high limb plus the borrow: below 2^32 in all.
    const product = digit * limb(v, i) + carry
    const difference = limb(window, i) - (product & LIMB_MASK)
    setLimb(window, i, difference)
    carry = (product >> 32) + (difference >> 63)
  }
  const difference = limb(window, n) - carry
  setLimb(window, n, difference)
  return <i64>difference < 0
}

/** window[0 … n] += v, the carry out of the top dropped: undoes one guess too many. */
function addBack(window: usize, v: usize, n: i32): void {
  let carry: u64 = 0
  for (let i = 0; i < n; i++) {
    carry += limb(window, i) + limb(v, i)
    setLimb(window, i, carry)
    carry >>= 32
  }
  setLimb(window, n, limb(window, n) + carry)
}
