// Whole products of a few 64-bit words, unrolled. A high half plus a carry never
// overflows, so each sum needs one comparison.

import { multiplyHigh } from './word'

/** out = a × b in four words. */
// @ts-ignore: decorator
@inline
export function multiplyTwoWords(out: usize, a0: u64, a1: u64, b0: u64, b1: u64): void {
  const crossA = a0 * b1
  const crossB = a1 * b0
  const partial = multiplyHigh(a0, b0) + crossA
  const middle = partial + crossB
  const carry = u64(partial < crossA) + u64(middle < crossB)
  const top = a1 * b1
  const sumA = multiplyHigh(a0, b1) + top
  const sumB = sumA + multiplyHigh(a1, b0)
  const sumC = sumB + carry
  store<u64>(out, a0 * b0)
  store<u64>(out, middle, 8)
  store<u64>(out, sumC, 16)
  store<u64>(
    out,
    multiplyHigh(a1, b1) +
      u64(sumA < top) +
      u64(sumB < sumA) +
      u64(sumC < sumB),
    24,
  )
}

/** out = a × b modulo 2^320, a of four words at a pointer, b of two. */
export function multiplyFourByTwoWords(out: usize, a: usize, b0: u64, b1: u64): void {
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const a3 = load<u64>(a, 24)
  // a × b0
  const l1 = a1 * b0
  const p1 = l1 + multiplyHigh(a0, b0)
  const l2 = a2 * b0
  const p2 = l2 + multiplyHigh(a1, b0) + u64(p1 < l1)
  const l3 = a3 * b0
  const p3 = l3 + multiplyHigh(a2, b0) + u64(p2 < l2)
  const p4 = multiplyHigh(a3, b0) + u64(p3 < l3)
  // a × b1, a word higher
  const q0 = a0 * b1
  const m1 = a1 * b1
  const q1 = m1 + multiplyHigh(a0, b1)
  const m2 = a2 * b1
  const q2 = m2 + multiplyHigh(a1, b1) + u64(q1 < m1)
  const q3 = a3 * b1 + multiplyHigh(a2, b1) + u64(q2 < m2)
  const s1 = p1 + q0
  const carry1 = u64(s1 < q0)
  const x2 = p2 + q1
  const s2 = x2 + carry1
  const carry2 = u64(x2 < q1) | u64(s2 < carry1)
  const x3 = p3 + q2
  const s3 = x3 + carry2
  const carry3 = u64(x3 < q2) | u64(s3 < carry2)
  store<u64>(out, a0 * b0)
  store<u64>(out, s1, 8)
  store<u64>(out, s2, 16)
  store<u64>(out, s3, 24)
  store<u64>(out, p4 + q3 + carry3, 32)
}
