// Hits: cycles whose marginal rate is above 1, on their way to the survivors.
//
// The search writes hits into a buffer; when it is full, and at the end, they
// are sized in batches by the closed form x = (√r - 1)/n, profit = (√r - 1)·x,
// and the best go to the survivors. For a cycle of x·y = k pools that is its
// size and profit; for one with a curved pool it is no less than its profit (n
// is a bound), so curved hits are sized in full only while their bound beats
// the survivors, the highest bounds first. A full search without curved pools
// needs no order: its four-hop joins size hits as they find them.
//
// A hit is (r, n) and two halves of a route: the leg out (a slot) or first edge
// (a position, tagged), and the leg back or last edge.

import { isCurved } from '../curves/approximate'
import { MAX_HOPS } from '../layout'
import { poolCount, poolRecord, take } from '../memory'
import { at32, edgeAt, limits, NO_EDGE } from './graph'
import { farAt, nearAt } from './legs'
import { size, sizedInput, sizedProfit } from './sizing'
import { keep, keptBar } from './survivors'

/** Marks a half that is one edge, not a leg. */
export const EDGE_TAG: u32 = 0x80000000

const CAPACITY = 2048
/** Hits a join adds at most before it asks for room again. */
const MARGIN = 16
/** Profits are sorted into these many classes, by the exponent of their f64. */
const CLASSES = 2048

/** f64 r, then the best input; f64 n, then the gain; u64 both halves. */
let rateOf: usize = 0
let curvatureOf: usize = 0
let halvesOf: usize = 0
let count: i32 = 0
/** u32 by place: hits in falling order of their bound. */
let order: usize = 0
const classStart = memory.data(8196, 16)
const route = memory.data(16, 16)
let curved: bool = false
let worth: f64 = 1
let base: i32 = 0

/** Cycles above rate 1 since startHits. */
export let hitCount: i32 = 0

/** u32 by pool: its number in the order of changes, from 1, or 0 where it did not change. */
export let changeOf: usize = 0
/** 0: every cycle. 1: cycles with a changed pool. 2: cycles whose first changed pool is `current`. */
let filter: i32 = 0
let current: u32 = 0

export function allocateHits(): bool {
  const room: usize = (CAPACITY + MARGIN) << 3
  rateOf = take(room)
  curvatureOf = take(room)
  halvesOf = take(room)
  order = take(<usize>(CAPACITY + MARGIN) << 2)
  changeOf = take(<usize>(poolCount + 1) << 2)
  if (!changeOf) return false
  memory.fill(changeOf, 0, <usize>(poolCount + 1) << 2)
  curved = false
  for (let pool = 0; pool < poolCount; pool++)
    if (isCurved(poolRecord(pool))) curved = true
  return true
}

export function startHits(): void {
  count = 0
  hitCount = 0
  filter = 0
}

/** The base the next hits start from, and what one unit of it is worth. */
export function hitsOfBase(index: i32, unitWorth: f64): void {
  base = index
  worth = unitWorth
}

export function acceptAll(): void {
  filter = 0
}

export function acceptChanged(): void {
  filter = 1
}

/** Accepts cycles through the pool of this change number and through none of a lower one. */
export function acceptFirstChanged(change: u32): void {
  filter = 2
  current = change
}

/** Takes a cycle with r > 1. */
export function hit(r: f64, n: f64, first: u32, last: u32): void {
  if (filter && !accepted(first, last)) return
  append(r, n, first, last, true)
  if (count >= CAPACITY) flushHits()
}

/**
 * Writes a cycle; it stays only if it pays. No branch to guess wrong: a join
 * calls this for all it compared. No more than MARGIN calls after makeRoom.
 */
// @ts-ignore: decorator
@inline
export function append(r: f64, n: f64, first: u32, last: u32, pays: bool): void {
  const at = (<usize>count) << 3
  store<f64>(rateOf + at, r)
  store<f64>(curvatureOf + at, n)
  store<u64>(halvesOf + at, (<u64>last << 32) | <u64>first)
  count += i32(pays)
}

/** Whether hits need neither the buffer nor a look: x·y = k pools only, every cycle wanted. */
// @ts-ignore: decorator
@inline
export function sizesAtOnce(): bool {
  return filter == 0 && !curved
}

/** Whether hits are appended unseen: else each must pass `hit`. */
// @ts-ignore: decorator
@inline
export function appendsFreely(): bool {
  return filter == 0
}

/** Hits that were sized without the buffer. */
// @ts-ignore: decorator
@inline
export function countSized(hits: i32): void {
  hitCount += hits
}

/** The gains of two hits, in worth. */
// @ts-ignore: decorator
@inline
export function gainsOf(r: v128, n: v128): v128 {
  const s = f64x2.sub(f64x2.sqrt(r), f64x2.splat(1))
  const x = f64x2.div(s, n)
  return f64x2.mul(f64x2.mul(s, x), f64x2.splat(worth))
}

/** Which of two gains beat the survivors, as a mask. */
// @ts-ignore: decorator
@inline
export function beating(gains: v128): v128 {
  return f64x2.gt(gains, f64x2.splat(keptBar))
}

/** Sizes one hit and hands it on. */
export function keepHit(r: f64, n: f64, first: u32, last: u32): void {
  const s = sqrt(r) - 1
  const x = s / n
  const gain = s * x * worth
  if (gain > keptBar) keep(base, x, gain, (<u64>last << 32) | <u64>first)
}

/** Sizes what there is if less than MARGIN hits fit. */
// @ts-ignore: decorator
@inline
export function makeRoom(): void {
  if (count >= CAPACITY) flushHits()
}

/** Sizes what is in the buffer and hands the best on. */
export function flushHits(): void {
  hitCount += count
  sizeAll()
  if (curved) keepByBound()
  else keepAll()
  count = 0
}

/** out = the swaps of a hit of the base in hand: pool × 2 + direction for each hop. */
export function decode(out: usize, first: u32, last: u32): void {
  let at = out
  if (first & EDGE_TAG) {
    store<u32>(at, at32(edgeAt, first & ~EDGE_TAG) ^ 1)
    at += 4
  } else {
    store<u32>(at, at32(edgeAt, at32(nearAt, first)) ^ 1)
    store<u32>(at, at32(edgeAt, at32(farAt, first)) ^ 1, 4)
    at += 8
  }
  if (last & EDGE_TAG) {
    store<u32>(at, at32(edgeAt, last & ~EDGE_TAG))
    at += 4
  } else {
    store<u32>(at, at32(edgeAt, at32(farAt, last)))
    store<u32>(at, at32(edgeAt, at32(nearAt, last)), 4)
    at += 8
  }
  for (; at < out + 16; at += 4) store<u32>(at, NO_EDGE)
}

function accepted(first: u32, last: u32): bool {
  decode(route, first, last)
  let earliest = u32.MAX_VALUE
  for (let hop: usize = 0; hop < 16; hop += 4) {
    const edge = load<u32>(route + hop)
    if (edge != NO_EDGE) earliest = min(earliest, changeOfEdge(edge))
  }
  return filter == 1 ? earliest != u32.MAX_VALUE : earliest == current
}

/** When the edge's pool changed; never is the largest number. */
// @ts-ignore: decorator
@inline
function changeOfEdge(edge: u32): u32 {
  const change = load<u32>(changeOf + (<usize>(edge >> 1) << 2))
  return change ? change : u32.MAX_VALUE
}

/** r becomes the best input x, n becomes its gain in worth; two hits at a time. */
function sizeAll(): void {
  const one = f64x2.splat(1)
  const unit = f64x2.splat(worth)
  const end = (<usize>count) << 3
  for (let at: usize = 0; at < end; at += 16) {
    const s = f64x2.sub(f64x2.sqrt(v128.load(rateOf + at)), one)
    const x = f64x2.div(s, v128.load(curvatureOf + at))
    v128.store(rateOf + at, x)
    v128.store(curvatureOf + at, f64x2.mul(f64x2.mul(s, x), unit))
  }
}

function keepAll(): void {
  const end = (<usize>count) << 3
  for (let at: usize = 0; at < end; at += 16) {
    const above = f64x2.gt(v128.load(curvatureOf + at), f64x2.splat(keptBar))
    if (!v128.any_true(above)) continue
    keepOne(at)
    if (at + 8 < end) keepOne(at + 8)
  }
}

// @ts-ignore: decorator
@inline
function keepOne(at: usize): void {
  const gain = load<f64>(curvatureOf + at)
  if (!(gain > keptBar)) return
  keep(base, load<f64>(rateOf + at), gain, load<u64>(halvesOf + at))
}

/** Best bounds first, so that the bar rises early and most hits need no sizing. */
function keepByBound(): void {
  sortByClass()
  for (let i = 0; i < count; i++) {
    const at = (<usize>load<u32>(order + ((<usize>i) << 2))) << 3
    const bound = load<f64>(curvatureOf + at)
    if (!(bound > keptBar)) continue
    const halves = load<u64>(halvesOf + at)
    decode(route, <u32>halves, <u32>(halves >> 32))
    if (!hasCurve(route)) keep(base, load<f64>(rateOf + at), bound, halves)
    else if (boundByLimits(route) > keptBar) {
      size(route)
      const gain = sizedProfit * worth
      if (gain > keptBar) keep(base, sizedInput, gain, halves)
    }
  }
}

/**
 * A second bound: with rate r and no curvature the cycle gains (r - 1) a unit
 * of input, and no hop has a use for more input than its limit.
 */
function boundByLimits(edges: usize): f64 {
  let most = Infinity
  let perUnit: f64 = 1
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) break
    const record = limits + (<usize>edge << 4)
    most = min(most, load<f64>(record) * perUnit)
    perUnit *= load<f64>(record, 8)
  }
  return (1 / perUnit - 1) * most * worth
}

function hasCurve(edges: usize): bool {
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) return false
    if (isCurved(poolRecord(edge >> 1))) return true
  }
  return false
}

/** Counting sort by exponent, largest first: the order within a class does not matter. */
function sortByClass(): void {
  memory.fill(classStart, 0, <usize>(CLASSES + 1) << 2)
  for (let i = 0; i < count; i++) {
    const at = classStart + ((<usize>(classOf(i) + 1)) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  for (let c = 0; c < CLASSES; c++) {
    const at = classStart + ((<usize>c) << 2)
    store<u32>(at, load<u32>(at) + load<u32>(at, 4), 4)
  }
  for (let i = 0; i < count; i++) {
    const at = classStart + ((<usize>classOf(i)) << 2)
    const place = load<u32>(at)
    store<u32>(at, place + 1)
    store<u32>(order + (<usize>place << 2), i)
  }
}

/** The largest exponent has class 0. A gain is positive, infinite or not a number. */
// @ts-ignore: decorator
@inline
function classOf(i: i32): i32 {
  const exponent = <i32>(load<u64>(curvatureOf + ((<usize>i) << 3)) >> 52) & 0x7ff
  return CLASSES - 1 - exponent
}
