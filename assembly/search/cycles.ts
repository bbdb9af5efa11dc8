// The search: all profitable cycles through the base in hand.
//
// Two hops join an edge with an edge, three a leg out with an edge, four a leg
// out with a leg back, at the same middle token c. Screens compare f32 rates
// with a slack that covers their rounding; what passes is weighed again in f64
// from the four pools.
//
// Four hops: out·back > 1 needs out > t or back > 1/t, for any t. With t at
// the usual price of c, fees push nearly all legs below; only the few hot ones
// are compared with the legs of the other side.

import { take, tokenCount } from '../memory'
import { at32, atF32, edgeAt, leadsTo, leaving, put32, ratesAt, returning, rowStart } from './graph'
import { hit, NO_EDGE } from './hits'
import {
  backward,
  base,
  bestBackward,
  bestOutward,
  farAt,
  nearAt,
  nearCount,
  nearEnd,
  nearStart,
  othersOf,
  outward,
  slotStart,
  weighLegs,
} from './legs'

/**
 * Screens pass what is above this instead of 1: a rate carries one f32 rounding, a leg
 * two rates and one, a threshold one more: together below 7 x 2^-24 = 4.2e-7.
 */
export const NEARLY_ONE: f32 = 0.999999
/** Fewer legs than this are joined without looking for hot ones. */
const FEW_LEGS = 24
const SAMPLES = 15

/** u32: slots of the hot legs out, then of those back. */
let hotOut: usize = 0
let hotBack: usize = 0
const samples = memory.data(64, 16)

export function allocateCycles(mostSlots: i32): bool {
  hotOut = take((<usize>mostSlots + 8) << 2)
  hotBack = take((<usize>mostSlots + 8) << 2)
  return hotBack != 0
}

/** Cycles of exactly 2, 3 and 4 hops there are through the base in hand. */
export function countCycles(hops: i32): f64 {
  let cycles: f64 = 0
  for (let c = base + 1; c < tokenCount; c++) {
    const near = <f64>nearCount(c)
    const legs = at32(slotStart, c + 1) - at32(slotStart, c)
    if (hops == 2) cycles += near * (near - 1)
    else if (hops == 3) cycles += <f64>legs * near
    else cycles += pairsOfLegs(c)
  }
  return cycles
}

/** Pairs of a leg out to c and a leg back over another token. */
function pairsOfLegs(c: i32): f64 {
  let pairs: f64 = 0
  for (let far = at32(nearEnd, c); far < at32(rowStart, c + 1); far++)
    pairs += <f64>nearCount(at32(leadsTo, far)) * <f64>at32(othersOf, far)
  return pairs
}

/** Searches every cycle of 2 to maxHops hops through the base in hand. */
export function searchAll(maxHops: i32): void {
  for (let c = base + 1; c < tokenCount; c++) {
    twoHops(c)
    // Weighed whatever maxHops is: the next search of changed pools builds on it.
    weighLegs(c)
    if (maxHops > 2) threeHops(c)
    if (maxHops > 3) fourHops(c)
  }
}

/** B → c → B. */
function twoHops(c: i32): void {
  const start = at32(nearStart, c)
  const end = at32(nearEnd, c)
  for (let p = start; p < end; p++) {
    const threshold = NEARLY_ONE / atF32(returning, p)
    for (let q = start; q < end; q++)
      if (atF32(leaving, q) > threshold && p != q) weighTwo(p, q)
  }
}

/** B → d → c → B: each way back to B asks for a leg out that is good enough. */
function threeHops(c: i32): void {
  const start = at32(slotStart, c)
  const end = at32(slotStart, c + 1)
  const best = atF32(bestOutward, c)
  for (let q = at32(nearStart, c); q < at32(nearEnd, c); q++) {
    const threshold = NEARLY_ONE / atF32(leaving, q)
    if (best > threshold) closeWithEdge(start, end, q, threshold)
  }
}

export function closeWithEdge(start: i32, end: i32, q: i32, threshold: f32): void {
  const wanted = f32x4.splat(threshold)
  for (let k = start; k < end; k += 4) {
    let mask = i32x4.bitmask(f32x4.gt(v128.load(outward + ((<usize>k) << 2)), wanted))
    for (; mask; mask &= mask - 1) {
      const i = k + <i32>ctz(mask)
      if (i < end) weighThree(i, q)
    }
  }
}

/** B → d → c → d' → B. */
function fourHops(c: i32): void {
  const start = at32(slotStart, c)
  const end = at32(slotStart, c + 1)
  const mostOut = atF32(bestOutward, c)
  const mostBack = atF32(bestBackward, c)
  if (!(mostOut * mostBack > NEARLY_ONE)) return
  const usual: f32 = end - start < FEW_LEGS ? <f32>0 : usualRate(start, end)
  if (!(usual > 0 && usual < Infinity)) {
    for (let i = start; i < end; i++)
      if (atF32(outward, i) * mostBack > NEARLY_ONE) joinOut(i, start, end)
    return
  }
  const outs = gatherHot(hotOut, outward, start, end, max(usual, NEARLY_ONE / mostBack))
  for (let i = 0; i < outs; i++) joinOut(at32(hotOut, i), start, end)
  // The margin: rounding must not let a pair fall between the two joins.
  const coldest = NEARLY_ONE / min(usual, mostOut)
  const backs = gatherHot(hotBack, backward, start, end, coldest)
  for (let j = 0; j < backs; j++) joinBack(at32(hotBack, j), start, end, usual)
}

/** Compares a leg out with all legs back. */
export function joinOut(i: i32, start: i32, end: i32): void {
  const wanted = f32x4.splat(NEARLY_ONE / atF32(outward, i))
  for (let k = start; k < end; k += 8) {
    const at = backward + ((<usize>k) << 2)
    let mask =
      i32x4.bitmask(f32x4.gt(v128.load(at), wanted)) |
      (i32x4.bitmask(f32x4.gt(v128.load(at, 16), wanted)) << 4)
    for (; mask; mask &= mask - 1) {
      const j = k + <i32>ctz(mask)
      if (j < end) weighFour(i, j)
    }
  }
}

/** Compares a leg back with the legs out up to `ceiling`. */
export function joinBack(j: i32, start: i32, end: i32, ceiling: f32): void {
  const wanted = f32x4.splat(NEARLY_ONE / atF32(backward, j))
  const most = f32x4.splat(ceiling)
  for (let k = start; k < end; k += 8) {
    const at = outward + ((<usize>k) << 2)
    const first = v128.load(at)
    const second = v128.load(at, 16)
    let mask =
      i32x4.bitmask(v128.and(f32x4.gt(first, wanted), f32x4.le(first, most))) |
      (i32x4.bitmask(v128.and(f32x4.gt(second, wanted), f32x4.le(second, most))) << 4)
    for (; mask; mask &= mask - 1) {
      const i = k + <i32>ctz(mask)
      if (i < end) weighFour(i, j)
    }
  }
}

/** Slots whose rate is above the threshold; returns how many. */
function gatherHot(hot: usize, values: usize, start: i32, end: i32, threshold: f32): i32 {
  const wanted = f32x4.splat(threshold)
  let found = 0
  for (let k = start; k < end; k += 4) {
    let mask = i32x4.bitmask(f32x4.gt(v128.load(values + ((<usize>k) << 2)), wanted))
    for (; mask; mask &= mask - 1) {
      const slot = k + <i32>ctz(mask)
      if (slot < end) put32(hot, found++, slot)
    }
  }
  return found
}

/** The price of c that most legs agree on: between the median out and the median back. */
function usualRate(start: i32, end: i32): f32 {
  return sqrt(median(outward, start, end) / median(backward, start, end))
}

function median(values: usize, start: i32, end: i32): f32 {
  const step = (end - start) / SAMPLES
  for (let s = 0; s < SAMPLES; s++) {
    const value = atF32(values, start + s * step)
    let place = s
    while (place > 0 && atF32(samples, place - 1) > value) {
      store<f32>(samples + ((<usize>place) << 2), atF32(samples, place - 1))
      place--
    }
    store<f32>(samples + ((<usize>place) << 2), value)
  }
  return atF32(samples, SAMPLES >> 1)
}

// Weighing: r and n of the cycle in f64, n from its last hop backwards.
// Offsets of ratesAt: 0 and 8 leaving the token, 16 and 24 coming back to it.

export function weighTwo(p: i32, q: i32): void {
  const first = ratesAt(p)
  const last = ratesAt(q)
  const r = load<f64>(first, 16) * load<f64>(last)
  if (!(r > 1)) return
  const n = load<f64>(first, 24) + load<f64>(first, 16) * load<f64>(last, 8)
  if (at32(edgeAt, p) >> 1 == at32(edgeAt, q) >> 1) return
  hit(r, n, at32(edgeAt, p) ^ 1, at32(edgeAt, q), NO_EDGE, NO_EDGE)
}

export function weighThree(i: i32, q: i32): void {
  const near = at32(nearAt, i)
  const far = at32(farAt, i)
  const r1 = load<f64>(ratesAt(near), 16)
  const r2 = load<f64>(ratesAt(far), 16)
  const r = r1 * r2 * load<f64>(ratesAt(q))
  if (!(r > 1)) return
  const n =
    load<f64>(ratesAt(near), 24) +
    r1 * (load<f64>(ratesAt(far), 24) + r2 * load<f64>(ratesAt(q), 8))
  hit(r, n, at32(edgeAt, near) ^ 1, at32(edgeAt, far) ^ 1, at32(edgeAt, q), NO_EDGE)
}

export function weighFour(i: i32, j: i32): void {
  const farOut = at32(farAt, i)
  const farBack = at32(farAt, j)
  if (at32(leadsTo, farOut) == at32(leadsTo, farBack)) return
  const nearOut = at32(nearAt, i)
  const nearBack = at32(nearAt, j)
  const a = ratesAt(nearOut)
  const b = ratesAt(farOut)
  const c = ratesAt(farBack)
  const d = ratesAt(nearBack)
  const r1 = load<f64>(a, 16)
  const r2 = load<f64>(b, 16)
  const r3 = load<f64>(c)
  const r = r1 * r2 * (r3 * load<f64>(d))
  if (!(r > 1)) return
  const n =
    load<f64>(a, 24) +
    r1 * (load<f64>(b, 24) + r2 * (load<f64>(c, 8) + r3 * load<f64>(d, 8)))
  hit(
    r, n,
    at32(edgeAt, nearOut) ^ 1, at32(edgeAt, farOut) ^ 1,
    at32(edgeAt, farBack), at32(edgeAt, nearBack),
  )
}
