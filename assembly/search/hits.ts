// Hits: cycles whose marginal rate is above 1, on their way to the survivors.
//
// The search writes hits into a buffer; when it is full, and at the end, they
// are sized in batches by the closed form x = (√r - 1)/n, profit = (√r - 1)·x,
// and the best go to the survivors. For a cycle of constant-product pools that
// is its size and profit; for one with a curved pool it is no less than its
// profit (n is a bound), so curved hits are sized in full only while their
// bound beats the survivors, the highest bounds first.
//
//   0        8        16               32
//   | r, x   | n, gain| edge of each hop|
export const HIT_STRIDE: usize = 32
export const HIT_EDGES: usize = 16
/** In place of the edge of a hop a shorter cycle does not have. */
export const NO_EDGE: u32 = 0xffffffff

import { MAX_HOPS } from '../layout'
import { isCurved } from '../curves/approximate'
import { poolCount, poolRecord, take } from '../memory'
import { edgeAt } from './graph'
import { size, sizedInput, sizedProfit } from './sizing'
import { keep, keptBar } from './survivors'

const CAPACITY = 8192
/** Profits are sorted into these many classes, by the exponent of their f64. */
const CLASSES = 2048

let buffer: usize = 0
let count: i32 = 0
/** u32 by place: hits in falling order of their bound. */
let order: usize = 0
const classStart = memory.data(8196, 16)
let curved: bool = false
let worth: f64 = 1
let base: i32 = 0

/** Cycles above rate 1 since startHits. */
export let hitCount: i32 = 0

// u32 by pool: when it changed, or 0; see onlyChanged.
export let changeOf: usize = 0
/** 0: every cycle. 1: cycles with a changed pool. 2: cycles whose first changed pool is `current`. */
let filter: i32 = 0
let current: u32 = 0

export function allocateHits(): bool {
  buffer = take(<usize>CAPACITY * HIT_STRIDE)
  order = take(<usize>CAPACITY << 2)
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

/** Takes a cycle with r > 1. Edges are swaps: pool × 2 + direction. */
// @ts-ignore: decorator
@inline
export function hit(r: f64, n: f64, e0: u32, e1: u32, e2: u32, e3: u32): void {
  if (filter && !accepted(e0, e1, e2, e3)) return
  const record = buffer + <usize>count * HIT_STRIDE
  store<f64>(record, r)
  store<f64>(record, n, 8)
  store<u32>(record, e0, HIT_EDGES)
  store<u32>(record, e1, HIT_EDGES + 4)
  store<u32>(record, e2, HIT_EDGES + 8)
  store<u32>(record, e3, HIT_EDGES + 12)
  hitCount++
  if (++count == CAPACITY) flushHits()
}

/** Sizes what is in the buffer and hands the best on. */
export function flushHits(): void {
  sizeAll()
  if (curved) keepByBound()
  else keepAll()
  count = 0
}

function accepted(e0: u32, e1: u32, e2: u32, e3: u32): bool {
  let first = min(changeOfEdge(e0), changeOfEdge(e1))
  if (e2 != NO_EDGE) first = min(first, changeOfEdge(e2))
  if (e3 != NO_EDGE) first = min(first, changeOfEdge(e3))
  return filter == 1 ? first != u32.MAX_VALUE : first == current
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
  for (let i = 0; i < count; i += 2) {
    const a = buffer + <usize>i * HIT_STRIDE
    const b = a + HIT_STRIDE
    const first = v128.load(a)
    const second = v128.load(b)
    const r = v128.shuffle<f64>(first, second, 0, 2)
    const n = v128.shuffle<f64>(first, second, 1, 3)
    const s = f64x2.sub(f64x2.sqrt(r), one)
    const x = f64x2.div(s, n)
    const gain = f64x2.mul(f64x2.mul(s, x), unit)
    v128.store(a, v128.shuffle<f64>(x, gain, 0, 2))
    v128.store(b, v128.shuffle<f64>(x, gain, 1, 3))
  }
}

function keepAll(): void {
  for (let i = 0; i < count; i++) {
    const record = buffer + <usize>i * HIT_STRIDE
    const gain = load<f64>(record, 8)
    if (gain > keptBar) keep(base, load<f64>(record), gain, record + HIT_EDGES)
  }
}

/** Best bounds first, so that the bar rises early and most hits need no sizing. */
function keepByBound(): void {
  sortByClass()
  for (let i = 0; i < count; i++) {
    const record = buffer + <usize>load<u32>(order + ((<usize>i) << 2)) * HIT_STRIDE
    const bound = load<f64>(record, 8)
    if (!(bound > keptBar)) continue
    const edges = record + HIT_EDGES
    if (!hasCurve(edges)) keep(base, load<f64>(record), bound, edges)
    else {
      size(edges)
      const gain = sizedProfit * worth
      if (gain > keptBar) keep(base, sizedInput, gain, edges)
    }
  }
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
  const exponent = <i32>(load<u64>(buffer + <usize>i * HIT_STRIDE, 8) >> 52) & 0x7ff
  return CLASSES - 1 - exponent
}
