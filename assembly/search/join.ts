// Four hops, B → d → c → d' → B: every leg out to c with every leg back.
//
// out·back > 1 needs out > t or back > 1/t, for any t. With t at the usual
// price of c, fees push nearly all legs below; only the few hot ones are
// compared with the legs of the other side, eight f32 rates at a time. What
// passes is weighed in f64, two at a time.

import { take as takeMemory } from '../memory'
import { at32, atF32, put32, ratesAt } from './graph'
import {
  append,
  appendsFreely,
  beating,
  countSized,
  gainsOf,
  hit,
  keepHit,
  makeRoom,
  sizesAtOnce,
} from './hits'
import {
  backward,
  bestBackward,
  bestOutward,
  farAt,
  nearAt,
  outward,
  overAt,
  slotStart,
} from './legs'
import { above, NEARLY_ONE } from './weigh'

/** Fewer legs than this are joined without looking for hot ones. */
const FEW_LEGS = 24
const SAMPLES = 15

/** u32: slots of the hot legs out, then of those back. */
let hotOut: usize = 0
let hotBack: usize = 0
/** f64 by place among the legs of the token in hand: r and n, out and back. */
let outRate: usize = 0
let outCurvature: usize = 0
let backRate: usize = 0
let backCurvature: usize = 0
/** u64 by the same place: the token gone over. */
let overToken: usize = 0
const samples = memory.data(64, 16)

export function allocateJoin(mostSlots: i32): bool {
  hotOut = takeMemory((<usize>mostSlots + 8) << 2)
  hotBack = takeMemory((<usize>mostSlots + 8) << 2)
  const room = (<usize>mostSlots + 8) << 3
  outRate = takeMemory(room)
  outCurvature = takeMemory(room)
  backRate = takeMemory(room)
  backCurvature = takeMemory(room)
  overToken = takeMemory(room)
  return overToken != 0
}

/** B → d → c → d' → B. */
export function fourHops(c: i32): void {
  const start = at32(slotStart, c)
  const end = at32(slotStart, c + 1)
  const mostOut = atF32(bestOutward, c)
  const mostBack = atF32(bestBackward, c)
  if (!(mostOut * mostBack > NEARLY_ONE)) return
  weighFinely(start, end)
  // Where legs are few, or have no usual rate, all that can pair count as hot.
  const usual: f32 = end - start < FEW_LEGS ? <f32>0 : usualRate(start, end)
  const ordinary = usual > 0 && usual < Infinity ? usual : <f32>0
  const outs = gatherHot(hotOut, outward, start, end, max(ordinary, NEARLY_ONE / mostBack))
  for (let i = 0; i < outs; i++) joinOut(at32(hotOut, i), start, end)
  if (ordinary == 0) return
  // The margin: rounding must not let a pair fall between the two joins.
  const coldest = NEARLY_ONE / min(ordinary, mostOut)
  const backs = gatherHot(hotBack, backward, start, end, coldest)
  for (let j = 0; j < backs; j++) joinBack(at32(hotBack, j), start, end, ordinary)
}

/** r and n of the legs of a token in f64: what its hits are made of. */
function weighFinely(start: i32, end: i32): void {
  for (let k = start; k < end; k++) {
    const near = ratesAt(at32(nearAt, k))
    const far = ratesAt(at32(farAt, k))
    const at = (<usize>(k - start)) << 3
    const r1 = load<f64>(near, 16)
    store<f64>(outRate + at, r1 * load<f64>(far, 16))
    store<f64>(outCurvature + at, load<f64>(near, 24) + r1 * load<f64>(far, 24))
    const r3 = load<f64>(far)
    store<f64>(backRate + at, r3 * load<f64>(near))
    store<f64>(backCurvature + at, load<f64>(far, 8) + r3 * load<f64>(near, 8))
    store<u64>(overToken + at, at32(overAt, k))
  }
  // Legs are joined two at a time: past the last one stands one that never pays.
  const past = (<usize>(end - start)) << 3
  store<f64>(outRate + past, 0)
  store<f64>(backRate + past, 0)
}

/** Compares a leg out with all legs back. */
function joinOut(i: i32, start: i32, end: i32): void {
  const wanted = f32x4.splat(NEARLY_ONE / atF32(outward, i))
  const place = (<usize>(i - start)) << 3
  const r = load<f64>(outRate + place)
  const n = load<f64>(outCurvature + place)
  const over = i64x2.splat(at32(overAt, i))
  const atOnce = sizesAtOnce()
  let hits = 0
  for (let k = start; k < end; k += 8) {
    let mask = above(backward, k, wanted)
    if (!mask) continue
    if (end - k < 8) mask &= (1 << (end - k)) - 1
    if (!atOnce) makeRoom()
    for (let j = k; mask; j += 2, mask >>= 2) {
      if (!(mask & 3)) continue
      const at = (<usize>(j - start)) << 3
      const back = v128.load(backRate + at)
      const rates = f64x2.mul(f64x2.splat(r), back)
      const curvatures = f64x2.add(
        f64x2.splat(n),
        f64x2.mul(f64x2.splat(r), v128.load(backCurvature + at)),
      )
      const pays = paying(rates, over, at)
      const bits = i64x2.bitmask(pays)
      if (atOnce) {
        hits += popcnt(bits)
        if (!v128.any_true(v128.and(pays, beating(gainsOf(rates, curvatures))))) continue
        if (bits & 1) keepHit(lane0(rates), lane0(curvatures), i, j)
        if (bits & 2) keepHit(lane1(rates), lane1(curvatures), i, j + 1)
      } else {
        take(lane0(rates), lane0(curvatures), i, j, bits & 1)
        take(lane1(rates), lane1(curvatures), i, j + 1, bits >> 1)
      }
    }
  }
  countSized(hits)
}

/** Compares a leg back with the legs out up to `ceiling`. */
function joinBack(j: i32, start: i32, end: i32, ceiling: f32): void {
  const wanted = f32x4.splat(NEARLY_ONE / atF32(backward, j))
  const most = f32x4.splat(ceiling)
  const place = (<usize>(j - start)) << 3
  const r = load<f64>(backRate + place)
  const n = load<f64>(backCurvature + place)
  const over = i64x2.splat(at32(overAt, j))
  const atOnce = sizesAtOnce()
  let hits = 0
  for (let k = start; k < end; k += 8) {
    const hot = above(outward, k, most)
    let mask = above(outward, k, wanted) & ~hot
    if (!mask) continue
    if (end - k < 8) mask &= (1 << (end - k)) - 1
    if (!atOnce) makeRoom()
    for (let i = k; mask; i += 2, mask >>= 2) {
      if (!(mask & 3)) continue
      const at = (<usize>(i - start)) << 3
      const out = v128.load(outRate + at)
      const rates = f64x2.mul(out, f64x2.splat(r))
      const curvatures = f64x2.add(
        v128.load(outCurvature + at),
        f64x2.mul(out, f64x2.splat(n)),
      )
      const pays = paying(rates, over, at)
      const bits = i64x2.bitmask(pays) & ~(hot >> (i - k))
      if (atOnce) {
        hits += popcnt(bits)
        if (!v128.any_true(v128.and(pays, beating(gainsOf(rates, curvatures))))) continue
        if (bits & 1) keepHit(lane0(rates), lane0(curvatures), i, j)
        if (bits & 2) keepHit(lane1(rates), lane1(curvatures), i + 1, j)
      } else {
        take(lane0(rates), lane0(curvatures), i, j, bits & 1)
        take(lane1(rates), lane1(curvatures), i + 1, j, bits >> 1)
      }
    }
  }
  countSized(hits)
}

/** Which of two cycles pay and go over two different tokens, as a mask. */
// @ts-ignore: decorator
@inline
function paying(rates: v128, over: v128, at: usize): v128 {
  return v128.and(
    f64x2.gt(rates, f64x2.splat(1)),
    i64x2.ne(over, v128.load(overToken + at)),
  )
}

// @ts-ignore: decorator
@inline
function lane0(v: v128): f64 {
  return f64x2.extract_lane(v, 0)
}

// @ts-ignore: decorator
@inline
function lane1(v: v128): f64 {
  return f64x2.extract_lane(v, 1)
}

// @ts-ignore: decorator
@inline
function take(r: f64, n: f64, i: i32, j: i32, pays: i32): void {
  if (appendsFreely()) append(r, n, i, j, <bool>pays)
  else if (pays) hit(r, n, i, j)
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
