// Numbers of 106 bits as the sum of two f64, high part first: enough to find
// an amount of a hundred bits to the unit, at a fraction of the cost of exact
// integers. Each operation is off by less than 2^-102 of its result.
//
// Dekker, "A floating-point technique for extending the available precision"
// (1971). WebAssembly has no fused multiply-add, so products are split.
// Operands are pointers to two f64; `out` may be one of them.

import { limb } from './limbs'

const SPLITTER: f64 = 134217729.0
const TWO_32: f64 = 4294967296.0

// @ts-ignore: decorator
@inline
export function set(out: usize, value: f64): void {
  store<f64>(out, value)
  store<f64>(out, 0, 8)
}

// @ts-ignore: decorator
@inline
export function high(a: usize): f64 {
  return load<f64>(a)
}

/** out = the u256 at p times 2^-64, cut to 106 bits. */
export function fromUint256(out: usize, p: usize): void {
  let i = 7
  while (i > 0 && limb(p, i) == 0) i--
  // Four limbs hold 97 to 128 bits; a fifth settles the last of the 106.
  let weight: f64 = 1
  for (let k = 2; k < i; k++) weight *= TWO_32
  for (let k = i; k < 2; k++) weight /= TWO_32
  set(out, <f64>limb(p, i) * weight)
  for (let used = 0; used < 4 && i > 0; used++) {
    i--
    weight /= TWO_32
    addNumber(out, <f64>limb(p, i) * weight)
  }
}

/** out = a + b. */
export function add(out: usize, a: usize, b: usize): void {
  const ah = load<f64>(a)
  const bh = load<f64>(b)
  const s = ah + bh
  const t = s - ah
  const error = ah - (s - t) + (bh - t)
  normalise(out, s, error + load<f64>(a, 8) + load<f64>(b, 8))
}

/** out = a - b. */
export function sub(out: usize, a: usize, b: usize): void {
  const ah = load<f64>(a)
  const bh = -load<f64>(b)
  const s = ah + bh
  const t = s - ah
  const error = ah - (s - t) + (bh - t)
  normalise(out, s, error + load<f64>(a, 8) - load<f64>(b, 8))
}

/** out = a × b. */
export function mul(out: usize, a: usize, b: usize): void {
  const ah = load<f64>(a)
  const bh = load<f64>(b)
  const p = ah * bh
  const error = productError(ah, bh, p)
  normalise(out, p, error + ah * load<f64>(b, 8) + load<f64>(a, 8) * bh)
}

/** out = a × factor. */
export function mulNumber(out: usize, a: usize, factor: f64): void {
  const ah = load<f64>(a)
  const p = ah * factor
  normalise(out, p, productError(ah, factor, p) + load<f64>(a, 8) * factor)
}

/** out = a / b. */
export function div(out: usize, a: usize, b: usize): void {
  const bh = load<f64>(b)
  const bl = load<f64>(b, 8)
  const ah = load<f64>(a)
  const q = ah / bh
  const p = q * bh
  // a - q·b, exact in its leading part; one more quotient digit of 53 bits.
  const rest = ah - p - productError(q, bh, p) + load<f64>(a, 8) - q * bl
  const r = rest / bh
  normalise(out, q, r)
}

/** out = √a, a > 0. */
export function squareRoot(out: usize, a: usize): void {
  const ah = load<f64>(a)
  const s = sqrt(ah)
  const p = s * s
  const rest = ah - p - productError(s, s, p) + load<f64>(a, 8)
  normalise(out, s, rest / (2 * s))
}

// @ts-ignore: decorator
@inline
function addNumber(out: usize, b: f64): void {
  const ah = load<f64>(out)
  const s = ah + b
  const t = s - ah
  normalise(out, s, ah - (s - t) + (b - t) + load<f64>(out, 8))
}

/** out = h + l, |l| small against |h|. */
// @ts-ignore: decorator
@inline
function normalise(out: usize, h: f64, l: f64): void {
  const s = h + l
  store<f64>(out, s)
  store<f64>(out, l - (s - h), 8)
}

/** a × b - p, exactly, where p is their rounded product. */
// @ts-ignore: decorator
@inline
function productError(a: f64, b: f64, p: f64): f64 {
  const at = a * SPLITTER
  const ah = at - (at - a)
  const al = a - ah
  const bt = b * SPLITTER
  const bh = bt - (bt - b)
  const bl = b - bh
  return ah * bh - p + ah * bl + al * bh + al * bl
}
