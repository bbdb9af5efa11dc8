// Settling: a survivor becomes exact integers, or is dropped.
//
// The input found by sizing is swapped through the real formulas, hop by hop.
// Walking back from the output then finds the least input that still pays it:
// what flooring would have thrown away at a coarse token stays with us. Last,
// the token of the coarsest units is tried a few units up and down: one unit of
// it may be worth more than the curve loses on the way.

import { amountOutOf, leastAmountInOf, quoteEnd } from '../curves/quote'
import { isCurved } from '../curves/approximate'
import {
  END_FILLED,
  MAX_HOPS,
  RESULT_AMOUNTS,
  RESULT_BASE,
  RESULT_EDGES,
  RESULT_HOPS,
  RESULT_STATUS,
  RESULT_STRIDE,
  STATUS_OK,
  STATUS_REVERTS,
  U256_BYTES,
} from '../layout'
import * as u256 from '../math/uint256'
import { poolRecord } from '../memory'
import { bestInput } from './bestInput'
import { decode, NO_EDGE } from './hits'
import { selectBase } from './legs'
import {
  survivor,
  survivorCount,
  SURVIVOR_BASE,
  SURVIVOR_HALVES,
  SURVIVOR_INPUT,
} from './survivors'

export const RESULT_ROOM = 128
const MOST: f64 = 1e77
/** Units of the coarsest token the first stride takes. */
const FIRST_STRIDE: u64 = 4
const MOST_MOVES = 4
/** Part of the profit that is not worth a look. */
const NOTHING: f64 = 1e-9

const results = memory.data(24576, 16)
const tried = memory.data(160, 16)
const target = memory.data(32, 16)

export function resultsPointer(): usize {
  return results
}

/** Settles up to RESULT_ROOM survivors from `first` on; returns how many records were written. */
export function settle(first: i32): i32 {
  const count = min(survivorCount - first, RESULT_ROOM)
  for (let i = 0; i < count; i++)
    settleOne(results + <usize>i * RESULT_STRIDE, survivor(first + i))
  return max(count, 0)
}

/** Writes one result record; its status says whether the cycle gains. */
function settleOne(result: usize, record: usize): void {
  const base = load<i32>(record, SURVIVOR_BASE)
  const halves = load<u64>(record, SURVIVOR_HALVES)
  const edges = result + RESULT_EDGES
  selectBase(base)
  decode(edges, <u32>halves, <u32>(halves >> 32))
  const hops = hopsOf(edges)
  store<i32>(result, hops, RESULT_HOPS)
  store<i32>(result, base, RESULT_BASE)
  const amounts = result + RESULT_AMOUNTS
  const found = hasOnlyProducts(edges, hops)
    ? bestInput(amounts, edges)
    : fromSizing(amounts, load<f64>(record, SURVIVOR_INPUT))
  const gains = found && fit(amounts, edges, hops)
  if (gains) {
    trim(amounts, edges, hops)
    climb(amounts, edges, hops)
  }
  const gain = gains && u256.lessThan(amounts, amountAt(amounts, hops))
  store<i32>(result, gain ? STATUS_OK : STATUS_REVERTS, RESULT_STATUS)
}

/** Swaps amounts[0] through; where a pool cannot take all of it, retries with the most it can take. */
function fit(amounts: usize, edges: usize, hops: i32): bool {
  for (let attempt = 0; attempt <= MAX_HOPS; attempt++) {
    const stopped = swapThrough(amounts, edges, hops)
    if (stopped < 0) return true
    // The pool pays what it has: ask the hops before it for just that much.
    if (!isCurved(poolRecord(edgeOf(edges, stopped) >> 1))) return false
    if (!walkBack(amounts, edges, stopped)) return false
  }
  return false
}

/** Takes the least input that pays the same output, where that gains more. */
function trim(amounts: usize, edges: usize, hops: i32): void {
  u256.copy(amountAt(tried, hops), amountAt(amounts, hops))
  takeIfBetter(amounts, edges, hops, hops)
}

/** Moves the amount of the coarsest token by strides that halve down to one unit, while that gains. */
function climb(amounts: usize, edges: usize, hops: i32): void {
  const coarsest = coarsestOf(amounts, hops)
  if (unitIsNothing(amounts, coarsest, hops)) return
  for (let stride = FIRST_STRIDE; stride > 0; stride >>= 1) {
    for (let moves = 0; moves < MOST_MOVES; moves++) {
      const units = amountAt(tried, coarsest)
      u256.add64(units, amountAt(amounts, coarsest), stride)
      if (takeIfBetter(amounts, edges, hops, coarsest)) continue
      if (u256.sub64(units, amountAt(amounts, coarsest), stride)) break
      if (!takeIfBetter(amounts, edges, hops, coarsest)) break
    }
  }
}

/** Tries the least input that brings tried[index] there; keeps it if it gains more. */
function takeIfBetter(amounts: usize, edges: usize, hops: i32, index: i32): bool {
  if (!walkBack(tried, edges, index - 1)) return false
  if (swapThrough(tried, edges, hops) >= 0) return false
  if (!gainsMore(tried, amounts, hops)) return false
  memory.copy(amounts, tried, <usize>(hops + 1) * U256_BYTES)
  return true
}

/** The place on the way whose amount has the fewest units. */
function coarsestOf(amounts: usize, hops: i32): i32 {
  let coarsest = 1
  for (let i = 2; i <= hops; i++)
    if (u256.lessThan(amountAt(amounts, i), amountAt(amounts, coarsest))) coarsest = i
  return coarsest
}

/** Whether one unit there is worth too little of the profit to look for. */
function unitIsNothing(amounts: usize, index: i32, hops: i32): bool {
  const input = u256.approximate(amounts)
  const gain = u256.approximate(amountAt(amounts, hops)) - input
  return input < gain * NOTHING * u256.approximate(amountAt(amounts, index))
}

/** Fills amounts[1 …] from amounts[0]; -1, or the hop that reverts or is not filled, its output being what it paid. */
function swapThrough(amounts: usize, edges: usize, hops: i32): i32 {
  for (let hop = 0; hop < hops; hop++) {
    const edge = edgeOf(edges, hop)
    const pool = poolRecord(edge >> 1)
    const out = amountAt(amounts, hop + 1)
    const status = amountOutOf(out, pool, !(edge & 1), amountAt(amounts, hop))
    if (status != STATUS_OK) {
      u256.set64(out, 0)
      return hop
    }
    if (quoteEnd(pool) != END_FILLED) return hop
  }
  return -1
}

/** amounts[0] = the least input that brings the output of hop `last`; false where it cannot be had. */
function walkBack(amounts: usize, edges: usize, last: i32): bool {
  u256.copy(target, amountAt(amounts, last + 1))
  for (let hop = last; hop >= 0; hop--) {
    if (u256.isZero(target)) return false
    const edge = edgeOf(edges, hop)
    const pool = poolRecord(edge >> 1)
    if (leastAmountInOf(target, pool, !(edge & 1), target) != STATUS_OK) return false
    if (quoteEnd(pool) != END_FILLED) return false
  }
  u256.copy(amounts, target)
  return true
}

/** Whether a's profit is larger than b's: a.out - a.in > b.out - b.in, all below 2^255. */
function gainsMore(a: usize, b: usize, hops: i32): bool {
  u256.add(target, amountAt(a, hops), b)
  u256.add(scratch, amountAt(b, hops), a)
  return u256.lessThan(scratch, target)
}

const scratch = memory.data(32, 16)

function fromSizing(out: usize, input: f64): bool {
  if (!(input >= 0.5 && input < MOST)) return false
  u256.fromApproximate(out, input)
  return true
}

function hasOnlyProducts(edges: usize, hops: i32): bool {
  for (let hop = 0; hop < hops; hop++)
    if (isCurved(poolRecord(edgeOf(edges, hop) >> 1))) return false
  return true
}

function hopsOf(edges: usize): i32 {
  let hops = 0
  while (hops < MAX_HOPS && edgeOf(edges, hops) != NO_EDGE) hops++
  return hops
}

// @ts-ignore: decorator
@inline
function edgeOf(edges: usize, hop: i32): u32 {
  return load<u32>(edges + ((<usize>hop) << 2))
}

// @ts-ignore: decorator
@inline
function amountAt(amounts: usize, index: i32): usize {
  return amounts + <usize>index * U256_BYTES
}
