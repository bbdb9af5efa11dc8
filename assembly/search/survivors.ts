// Survivors: the most profitable hits seen so far, at most as many as were
// asked for, in a heap with the least of them on top once they are that many.
//
//   0      8       16       24     32
//   | gain | input | halves | base |
//
// gain is in worth (native units), for all bases alike; halves are the hit's.

import { take } from '../memory'

const SURVIVOR_STRIDE: usize = 32
export const SURVIVOR_INPUT: usize = 8
export const SURVIVOR_HALVES: usize = 16
export const SURVIVOR_BASE: usize = 24

let heap: usize = 0
let capacity: i32 = 0
let wanted: i32 = 0
let least: f64 = 0

export let survivorCount: i32 = 0
/** Hits beyond the room there was while all were wanted. */
export let survivorsLost: i32 = 0
/** What a gain has to exceed to be kept. */
export let keptBar: f64 = 0

export function allocateSurvivors(room: i32): bool {
  capacity = room
  heap = take(<usize>room * SURVIVOR_STRIDE)
  return heap != 0
}

/** `limit` 0 wants all; `bar` is the gain below which nothing is kept. */
export function startSurvivors(limit: i32, bar: f64): void {
  survivorCount = 0
  survivorsLost = 0
  wanted = limit
  least = bar
  keptBar = bar
}

/** The bar for a new base: at least most of one base unit, as less is no profit at all. */
export function raiseBar(unit: f64): void {
  keptBar = max(full() ? load<f64>(heap) : least, unit)
}

// @ts-ignore: decorator
@inline
export function survivor(index: i32): usize {
  return heap + <usize>index * SURVIVOR_STRIDE
}

/** Keeps a hit whose gain exceeds keptBar, in place of the least once all places are taken. */
export function keep(base: i32, input: f64, gain: f64, halves: u64): void {
  if (full()) {
    place(0, base, input, gain, halves)
    sink(0)
    keptBar = max(keptBar, load<f64>(heap))
    return
  }
  if (survivorCount == capacity) {
    survivorsLost++
    return
  }
  place(survivorCount, base, input, gain, halves)
  survivorCount++
  if (full()) heapify()
}

/** A heap only from the moment all places are taken: fewer hits than that need no order. */
function heapify(): void {
  for (let i = (survivorCount >> 1) - 1; i >= 0; i--) sink(i)
  keptBar = max(keptBar, load<f64>(heap))
}

// @ts-ignore: decorator
@inline
function full(): bool {
  return wanted != 0 && survivorCount == wanted
}

// @ts-ignore: decorator
@inline
function place(index: i32, base: i32, input: f64, gain: f64, halves: u64): void {
  const record = survivor(index)
  store<f64>(record, gain)
  store<f64>(record, input, SURVIVOR_INPUT)
  store<u64>(record, halves, SURVIVOR_HALVES)
  store<i32>(record, base, SURVIVOR_BASE)
}

function sink(index: i32): void {
  for (;;) {
    let child = 2 * index + 1
    if (child >= survivorCount) return
    if (child + 1 < survivorCount && gainOf(child + 1) < gainOf(child)) child++
    if (gainOf(index) <= gainOf(child)) return
    swap(index, child)
    index = child
  }
}

// @ts-ignore: decorator
@inline
function gainOf(index: i32): f64 {
  return load<f64>(survivor(index))
}

function swap(i: i32, j: i32): void {
  const a = survivor(i)
  const b = survivor(j)
  const first = v128.load(a)
  const second = v128.load(a, 16)
  v128.store(a, v128.load(b))
  v128.store(a, v128.load(b, 16), 16)
  v128.store(b, first)
  v128.store(b, second, 16)
}
