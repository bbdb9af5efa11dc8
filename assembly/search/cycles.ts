// The search: all profitable cycles through the base in hand.
//
// Two hops join an edge with an edge, three a leg out with an edge, four a leg
// out with a leg back, at the same middle token c. Screens compare f32 rates
// with a slack that covers their rounding; what passes is weighed again in f64
// from its pools.

import { tokenCount } from '../memory'
import { at32, atF32, leadsTo, leaving, returning, rowStart } from './graph'
import { fourHops } from './join'
import {
  base,
  bestOutward,
  nearCount,
  nearEnd,
  nearStart,
  othersOf,
  outward,
  slotStart,
  weighLegs,
} from './legs'
import { NEARLY_ONE, weighThree, weighTwo } from './weigh'

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
