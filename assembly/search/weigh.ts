// Screening and weighing one cycle: f32 rates say which are worth a look, f64
// rates of its pools what it is.
//
// n is made from the last hop backwards: n = n1 + r1·(n2 + r2·(n3 + r3·n4)).
// Offsets of ratesAt: 0 and 8 leaving the token, 16 and 24 coming back to it.

import { at32, ratesAt } from './graph'
import { EDGE_TAG, hit } from './hits'
import { farAt, nearAt, overAt } from './legs'

/**
 * Screens pass what is above this instead of 1: a rate carries one f32 rounding, a leg
 * two rates and one, a threshold one more: together below 7 x 2^-24 = 4.2e-7.
 */
export const NEARLY_ONE: f32 = 0.999999

/** Which of the eight rates from place k on are above the limit, as bits. */
// @ts-ignore: decorator
@inline
export function above(rates: usize, k: i32, limit: v128): i32 {
  const at = rates + ((<usize>k) << 2)
  return (
    i32x4.bitmask(f32x4.gt(v128.load(at), limit)) |
    (i32x4.bitmask(f32x4.gt(v128.load(at, 16), limit)) << 4)
  )
}

/** Edge and edge: in at position p, out at q. */
export function weighTwo(p: i32, q: i32): void {
  const first = ratesAt(p)
  const last = ratesAt(q)
  const r = load<f64>(first, 16) * load<f64>(last)
  if (!(r > 1)) return
  const n = load<f64>(first, 24) + load<f64>(first, 16) * load<f64>(last, 8)
  hit(r, n, <u32>p | EDGE_TAG, <u32>q | EDGE_TAG)
}

/** Leg out and edge. */
export function weighThree(i: i32, q: i32): void {
  const near = ratesAt(at32(nearAt, i))
  const far = ratesAt(at32(farAt, i))
  const last = ratesAt(q)
  const r1 = load<f64>(near, 16)
  const r2 = load<f64>(far, 16)
  const r = r1 * r2 * load<f64>(last)
  if (!(r > 1)) return
  const n =
    load<f64>(near, 24) + r1 * (load<f64>(far, 24) + r2 * load<f64>(last, 8))
  hit(r, n, i, <u32>q | EDGE_TAG)
}

/** Leg out and leg back: the same operations as in a join, so that both find the same to the last bit. */
export function weighFour(i: i32, j: i32): void {
  if (at32(overAt, i) == at32(overAt, j)) return
  const a = ratesAt(at32(nearAt, i))
  const b = ratesAt(at32(farAt, i))
  const c = ratesAt(at32(farAt, j))
  const d = ratesAt(at32(nearAt, j))
  const r1 = load<f64>(a, 16)
  const r2 = load<f64>(b, 16)
  const r3 = load<f64>(c)
  const out = r1 * r2
  const r = out * (r3 * load<f64>(d))
  if (!(r > 1)) return
  const n =
    load<f64>(a, 24) +
    r1 * load<f64>(b, 24) +
    out * (load<f64>(c, 8) + r3 * load<f64>(d, 8))
  hit(r, n, i, j)
}
