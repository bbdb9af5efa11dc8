// The search after a block: only the cycles through changed pools.
//
// First every leg over a changed pool is weighed again; then, pool by pool,
// the cycles that use it are searched: as a pool beside the base (first or last
// hop) or between two other tokens (a middle hop). A cycle through several
// changed pools belongs to the one that comes first, and is dropped by the
// others (see acceptFirstChanged).

import { closeWithEdge } from './cycles'
import { at32, atF32, leadsTo, leaving, positionOf, returning, rowStart, twin } from './graph'
import {
  backward,
  base,
  bestBackward,
  bestOutward,
  nearCount,
  nearEnd,
  nearStart,
  othersOf,
  outward,
  slotsBeyond,
  slotsOf,
  slotStart,
  weighSlot,
} from './legs'
import { above, NEARLY_ONE, weighFour, weighThree, weighTwo } from './weigh'

/** Weighs again the legs over a pool, for the base in hand. */
export function weighLegsOver(pool: i32): void {
  const there = at32(positionOf, pool << 1)
  const back = at32(positionOf, (pool << 1) | 1)
  const token0 = at32(leadsTo, back)
  const token1 = at32(leadsTo, there)
  if (token0 < base || token1 < base) return
  if (token1 == base) weighNear(token0, there)
  else if (token0 == base) weighNear(token1, back)
  else {
    weighFarSlots(token0, there)
    weighFarSlots(token1, back)
  }
}

/** Searches the cycles over a pool, for the base in hand. */
export function searchOver(pool: i32, maxHops: i32): void {
  const there = at32(positionOf, pool << 1)
  const back = at32(positionOf, (pool << 1) | 1)
  const token0 = at32(leadsTo, back)
  const token1 = at32(leadsTo, there)
  if (token0 < base || token1 < base) return
  if (token1 == base) searchNear(token0, there, maxHops)
  else if (token0 == base) searchNear(token1, back, maxHops)
  else if (maxHops > 2) {
    searchFar(token0, there, maxHops)
    searchFar(token1, back, maxHops)
  }
}

/** Cycles over a pool through the base in hand, up to maxHops hops. */
export function countOver(pool: i32, maxHops: i32): f64 {
  const there = at32(positionOf, pool << 1)
  const back = at32(positionOf, (pool << 1) | 1)
  const token0 = at32(leadsTo, back)
  const token1 = at32(leadsTo, there)
  if (token0 < base || token1 < base) return 0
  if (token1 == base) return countNear(token0, maxHops)
  if (token0 == base) return countNear(token1, maxHops)
  return maxHops > 2 ? countFar(token0, there, maxHops) + countFar(token1, back, maxHops) : 0
}

function countNear(d: i32, maxHops: i32): f64 {
  let cycles = 2 * <f64>(nearCount(d) - 1)
  if (maxHops < 3) return cycles
  cycles += <f64>(at32(slotStart, d + 1) - at32(slotStart, d))
  for (let p = at32(nearEnd, d); p < at32(rowStart, d + 1); p++) {
    cycles += <f64>nearCount(at32(leadsTo, p))
    if (maxHops > 3) cycles += 2 * <f64>at32(othersOf, twin(p))
  }
  return cycles
}

function countFar(c: i32, far: i32, maxHops: i32): f64 {
  const closings = <f64>nearCount(c) + (maxHops > 3 ? 2 * <f64>at32(othersOf, far) : 0)
  return <f64>nearCount(at32(leadsTo, far)) * closings
}

/** The pool lies between d and the base, at position `near` of d: one slot for each way on from d. */
function weighNear(d: i32, near: i32): void {
  const place = near - at32(nearStart, d)
  const out = atF32(returning, near)
  const back = atF32(leaving, near)
  const end = at32(rowStart, d + 1)
  for (let p = at32(nearEnd, d); p < end; p++)
    weighSlot(
      at32(leadsTo, p), at32(slotsBeyond, p) + place,
      out * atF32(leaving, p), back * atF32(returning, p),
    )
}

/** The pool lies between c and another token, at position `far` of c. */
function weighFarSlots(c: i32, far: i32): void {
  const d = at32(leadsTo, far)
  const first = at32(slotsOf, far)
  const out = atF32(returning, far)
  const back = atF32(leaving, far)
  for (let i = 0; i < nearCount(d); i++) {
    const near = at32(nearStart, d) + i
    weighSlot(c, first + i, out * atF32(returning, near), back * atF32(leaving, near))
  }
}

function searchNear(d: i32, near: i32, maxHops: i32): void {
  for (let p = at32(nearStart, d); p < at32(nearEnd, d); p++) {
    if (p == near) continue
    weighTwo(near, p)
    weighTwo(p, near)
  }
  if (maxHops < 3) return
  // Last of three hops.
  const threshold = NEARLY_ONE / atF32(leaving, near)
  if (atF32(bestOutward, d) > threshold)
    closeWithEdge(at32(slotStart, d), at32(slotStart, d + 1), near, threshold)
  const place = near - at32(nearStart, d)
  for (let p = at32(nearEnd, d); p < at32(rowStart, d + 1); p++) {
    const k = at32(slotsBeyond, p) + place
    const c = at32(leadsTo, p)
    closeLeg(c, k)
    if (maxHops > 3) joinLeg(c, k)
  }
}

function searchFar(c: i32, far: i32, maxHops: i32): void {
  const first = at32(slotsOf, far)
  const count = nearCount(at32(leadsTo, far))
  for (let k = first; k < first + count; k++) {
    closeLeg(c, k)
    if (maxHops > 3) joinLeg(c, k)
  }
}

/** Three hops: a leg out to c and each edge back to the base. */
// @ts-ignore: decorator
@inline
function closeLeg(c: i32, k: i32): void {
  const rate = atF32(outward, k)
  for (let q = at32(nearStart, c); q < at32(nearEnd, c); q++)
    if (rate * atF32(leaving, q) > NEARLY_ONE) weighThree(k, q)
}

/** Four hops: the slot as a leg out with all legs back, and the other way round. */
// @ts-ignore: decorator
@inline
function joinLeg(c: i32, k: i32): void {
  const start = at32(slotStart, c)
  const end = at32(slotStart, c + 1)
  const out = atF32(outward, k)
  const back = atF32(backward, k)
  if (out * atF32(bestBackward, c) > NEARLY_ONE) {
    const wanted = f32x4.splat(NEARLY_ONE / out)
    for (let j = start; j < end; j += 8)
      for (let mask = above(backward, j, wanted); mask; mask &= mask - 1) {
        const other = j + <i32>ctz(mask)
        if (other < end) weighFour(k, other)
      }
  }
  if (back * atF32(bestOutward, c) > NEARLY_ONE) {
    const wanted = f32x4.splat(NEARLY_ONE / back)
    for (let i = start; i < end; i += 8)
      for (let mask = above(outward, i, wanted); mask; mask &= mask - 1) {
        const other = i + <i32>ctz(mask)
        if (other < end) weighFour(other, k)
      }
  }
}
