// Two-hop legs from and to one base token B, all of them, by middle token c.
//
// A slot is a pair of pools: one between c and some token d, one between d and
// B. It is a way out, B → d → c, and a way back, c → d → B. Slots of the same c
// lie side by side; which slots there are depends on the graph alone, their
// rates are written again by every full scan.
//
//   ways of c:   | d1 via pools p1, q1 | d1 via p1, q2 | d1 via p2, q1 | d2 … |
//   slot k:      outward[k]   f32 rate B → d → c      (in worth)
//                backward[k]  f32 rate c → d → B
//                farAt[k]     position of the edge c → d
//                nearAt[k]    position of the edge d → B
//                overAt[k]    token d

import { MAX_BASES } from '../layout'
import { take, tokenCount } from '../memory'
import { at32, atF32, leadsTo, leaving, put32, returning, rowStart, twin } from './graph'

// One record of pointers a base.
const BASE_STRIDE: usize = 64
const bases = memory.data(1024, 16)

// The base in hand: see selectBase.
/** Its number in the graph: tokens below take part in no cycle of it. */
export let base: i32 = 0
/** u32 by token: where its edges to the base start, and end. */
export let nearStart: usize = 0
export let nearEnd: usize = 0
/** u32 by position c → d: its first slot. */
export let slotsOf: usize = 0
/** u32 by token c, one more than there are: first slot. */
export let slotStart: usize = 0
export let farAt: usize = 0
export let nearAt: usize = 0
export let overAt: usize = 0
/** u32 by position d → c: first slot of c over the same pool. */
export let slotsBeyond: usize = 0
/** u32 by position c → d: legs of c that do not go over d. */
export let othersOf: usize = 0
export let outward: usize = 0
export let backward: usize = 0
/** f32 by token c: the best rate out and back. */
export let bestOutward: usize = 0
export let bestBackward: usize = 0

// @ts-ignore: decorator
@inline
function record(index: i32): usize {
  return bases + <usize>index * BASE_STRIDE
}

/** Makes one base the base in hand. */
export function selectBase(index: i32): void {
  const r = record(index)
  base = index
  nearStart = load<usize>(r)
  nearEnd = load<usize>(r, 4)
  slotsOf = load<usize>(r, 8)
  slotStart = load<usize>(r, 12)
  farAt = load<usize>(r, 16)
  nearAt = load<usize>(r, 20)
  outward = load<usize>(r, 24)
  backward = load<usize>(r, 28)
  bestOutward = load<usize>(r, 32)
  bestBackward = load<usize>(r, 36)
  overAt = load<usize>(r, 40)
  othersOf = load<usize>(r, 44)
  slotsBeyond = load<usize>(r, 48)
}

/** Lays out the slots of one base; false where memory runs out. */
export function layOutLegs(index: i32, positions: i32): bool {
  base = index
  const tokens = <usize>(tokenCount + 1) << 2
  nearStart = take(tokens)
  nearEnd = take(tokens)
  slotStart = take(tokens)
  slotsOf = take(<usize>positions << 2)
  othersOf = take(<usize>positions << 2)
  slotsBeyond = take(<usize>positions << 2)
  bestOutward = take(tokens)
  bestBackward = take(tokens)
  if (!bestBackward) return false
  findNearEdges()
  const slots = countSlots()
  // Two vectors more than there are slots: loops read eight at a time.
  const floats = (<usize>slots << 2) + 64
  farAt = take(floats)
  nearAt = take(floats)
  overAt = take(floats)
  outward = take(floats)
  backward = take(floats)
  if (!backward) return false
  memory.fill(outward, 0, floats)
  memory.fill(backward, 0, floats)
  fillSlots()
  const r = record(index)
  store<usize>(r, nearStart)
  store<usize>(r, nearEnd, 4)
  store<usize>(r, slotsOf, 8)
  store<usize>(r, slotStart, 12)
  store<usize>(r, farAt, 16)
  store<usize>(r, nearAt, 20)
  store<usize>(r, outward, 24)
  store<usize>(r, backward, 28)
  store<usize>(r, bestOutward, 32)
  store<usize>(r, bestBackward, 36)
  store<usize>(r, overAt, 40)
  store<usize>(r, othersOf, 44)
  store<usize>(r, slotsBeyond, 48)
  return true
}

/** Writes the rates of all slots of token c, and the best of them. */
export function weighLegs(c: i32): void {
  const end = at32(rowStart, c + 1)
  let k = at32(slotStart, c)
  for (let far = at32(nearEnd, c); far < end; far++) {
    const d = at32(leadsTo, far)
    const near = at32(nearStart, d)
    const count = at32(nearEnd, d) - near
    weighFar(far, near, k, count)
    k += count
  }
  findBest(c)
}

/** Writes the `count` slots from k that share the far edge. */
// @ts-ignore: decorator
@inline
function weighFar(far: i32, near: i32, k: i32, count: i32): void {
  const back = f32x4.splat(atF32(leaving, far))
  const out = f32x4.splat(atF32(returning, far))
  // Writes past the last slot are overwritten by the next far edge, or padding.
  for (let i = 0; i < count; i += 4) {
    const from = (<usize>(near + i)) << 2
    const to = (<usize>(k + i)) << 2
    v128.store(outward + to, f32x4.mul(v128.load(returning + from), out))
    v128.store(backward + to, f32x4.mul(v128.load(leaving + from), back))
  }
}

/** Writes one slot of token c anew and keeps the best rates right. */
export function weighSlot(c: i32, k: i32, out: f32, back: f32): void {
  const oldOut = atF32(outward, k)
  const oldBack = atF32(backward, k)
  store<f32>(outward + ((<usize>k) << 2), out)
  store<f32>(backward + ((<usize>k) << 2), back)
  const bestOut = bestOutward + ((<usize>c) << 2)
  const bestBack = bestBackward + ((<usize>c) << 2)
  if (out >= load<f32>(bestOut)) store<f32>(bestOut, out)
  else if (oldOut == load<f32>(bestOut)) findBest(c)
  if (back >= load<f32>(bestBack)) store<f32>(bestBack, back)
  else if (oldBack == load<f32>(bestBack)) findBest(c)
}

/** Finds the best rates among the slots of token c. */
function findBest(c: i32): void {
  let k = at32(slotStart, c)
  const end = at32(slotStart, c + 1)
  let out = f32x4.splat(0)
  let back = f32x4.splat(0)
  for (; k + 4 <= end; k += 4) {
    const at = (<usize>k) << 2
    out = f32x4.pmax(out, v128.load(outward + at))
    back = f32x4.pmax(back, v128.load(backward + at))
  }
  let mostOut = widest(out)
  let mostBack = widest(back)
  for (; k < end; k++) {
    mostOut = max(mostOut, atF32(outward, k))
    mostBack = max(mostBack, atF32(backward, k))
  }
  store<f32>(bestOutward + ((<usize>c) << 2), mostOut)
  store<f32>(bestBackward + ((<usize>c) << 2), mostBack)
}

// @ts-ignore: decorator
@inline
function widest(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  )
}

/** Edges are sorted by where they lead, so those to the base are one stretch. */
function findNearEdges(): void {
  for (let token = 0; token < tokenCount; token++) {
    const end = at32(rowStart, token + 1)
    let p = at32(rowStart, token)
    while (p < end && at32(leadsTo, p) < base) p++
    put32(nearStart, token, p)
    while (p < end && at32(leadsTo, p) == base) p++
    put32(nearEnd, token, p)
  }
}

function countSlots(): i32 {
  let slots = 0
  for (let c = 0; c < tokenCount; c++) {
    put32(slotStart, c, slots)
    if (c <= base) continue
    for (let far = at32(nearEnd, c); far < at32(rowStart, c + 1); far++) {
      put32(slotsOf, far, slots)
      put32(slotsBeyond, twin(far), slots)
      slots += nearCount(at32(leadsTo, far))
    }
  }
  put32(slotStart, tokenCount, slots)
  return slots
}

function fillSlots(): void {
  for (let c = base + 1; c < tokenCount; c++) {
    for (let far = at32(nearEnd, c); far < at32(rowStart, c + 1); far++) {
      const d = at32(leadsTo, far)
      const first = at32(slotsOf, far)
      for (let i = 0; i < nearCount(d); i++) {
        put32(farAt, first + i, far)
        put32(nearAt, first + i, at32(nearStart, d) + i)
        put32(overAt, first + i, d)
      }
    }
    countOthers(c)
  }
}

/** othersOf of every far edge of c: parallel pools to the same d lie side by side. */
function countOthers(c: i32): void {
  const legs = at32(slotStart, c + 1) - at32(slotStart, c)
  const end = at32(rowStart, c + 1)
  let far = at32(nearEnd, c)
  while (far < end) {
    const d = at32(leadsTo, far)
    let next = far
    while (next < end && at32(leadsTo, next) == d) next++
    const others = legs - (next - far) * nearCount(d)
    for (; far < next; far++) put32(othersOf, far, others)
  }
}

/** Pools between a token and the base. */
// @ts-ignore: decorator
@inline
export function nearCount(token: i32): i32 {
  return at32(nearEnd, token) - at32(nearStart, token)
}
