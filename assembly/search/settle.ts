// Settling: a survivor becomes exact integers, or is dropped.
//
// Amounts on the way are whole units, and a unit of a coarse token (USDC, WBTC)
// may be worth more than the curve loses when the amount moves by one. So the
// amount of the coarsest token is rounded to the best whole number of units;
// the input is the least that brings it, hop by hop backwards through the exact
// formulas, and the outputs follow forwards. Where all units are fine the input
// itself is the integer at which the curve peaks.

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
import { NO_EDGE } from './graph'
import { decode } from './hits'
import { selectBase } from './legs'
import {
  survivor,
  survivorCount,
  SURVIVOR_BASE,
  SURVIVOR_HALVES,
  SURVIVOR_INPUT,
} from './survivors'
import { bestUnits, coarsestPlace, cutShort } from './wholeUnits'

const RESULT_ROOM = 128
const MOST: f64 = 1e77
/** Every hop may ask for less, twice. */
const ATTEMPTS = 2 * MAX_HOPS + 1
/** Units an output is lowered by at most, doubling, to stay inside what is known. */
const MOST_LESS: u64 = 1 << 40

const results = memory.data(24576, 16)
const target = memory.data(32, 16)
const tooMuch = memory.data(32, 16)
const tried = memory.data(160, 16)
const oneLess = memory.data(160, 16)

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
  const input = load<f64>(record, SURVIVOR_INPUT)
  const gains =
    (fromCoarsest(amounts, edges, hops, input) && pays(amounts, hops)) ||
    (fromPeak(amounts, edges, hops, input) && fit(amounts, edges, hops))
  const gain = gains && pays(amounts, hops)
  store<i32>(result, gain ? STATUS_OK : STATUS_REVERTS, RESULT_STATUS)
}

/** Swaps amounts[0] through; where a pool cannot take all of it, retries with the most it can take. */
function fit(amounts: usize, edges: usize, hops: i32): bool {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stopped = swapThrough(amounts, edges, hops)
    if (stopped < 0) return attempt == 0 || trim(amounts, edges, hops)
    // The pool pays what it has: ask the hops before it for just that much.
    if (!isCurved(poolRecord(edgeOf(edges, stopped) >> 1))) return false
    u256.copy(tooMuch, amounts)
    if (!walkBackInside(amounts, edges, stopped)) return false
    // The least input that brings enough may bring too much: one less never does.
    if (!u256.lessThan(amounts, tooMuch)) u256.sub64(amounts, tooMuch, 1)
    if (u256.isZero(amounts)) return false
  }
  return false
}

/**
 * Walks back from what hop `last` paid, or from a little less: an output that
 * takes the price just to the end of the known ticks is not known for certain.
 */
function walkBackInside(amounts: usize, edges: usize, last: i32): bool {
  const paid = amountAt(amounts, last + 1)
  for (let less: u64 = 1; less < MOST_LESS; less <<= 1) {
    if (walkBack(amounts, edges, last)) return true
    if (u256.sub64(paid, paid, less)) return false
  }
  return false
}

/** Takes the least input that pays the same, where that is known. */
function trim(amounts: usize, edges: usize, hops: i32): bool {
  return !walkBack(amounts, edges, hops - 1) || swapThrough(amounts, edges, hops) < 0
}

/** Fills the amounts from the best whole amount of the coarsest token; false where no token is coarse, or none fits. */
function fromCoarsest(amounts: usize, edges: usize, hops: i32, input: f64): bool {
  const place = coarsestPlace(edges, hops, input)
  if (place == 0) return false
  u256.fromApproximate(amountAt(oneLess, place), bestUnits(place))
  const found = hold(amounts, oneLess, edges, hops, place)
  if (found && !cutShort) return true
  // What a pool can take it rounds up: one unit less may gain more, or be all there is.
  if (u256.sub64(amountAt(oneLess, place), amountAt(oneLess, place), 1)) return found
  if (!hold(tried, oneLess, edges, hops, place)) return found
  if (!found || gainsMore(tried, amounts, hops))
    memory.copy(amounts, tried, <usize>(hops + 1) * U256_BYTES)
  return true
}

/** Fills the amounts so that the one at `place` is at least that of `wanted`; false where it cannot be. */
function hold(amounts: usize, wanted: usize, edges: usize, hops: i32, place: i32): bool {
  u256.copy(amountAt(amounts, place), amountAt(wanted, place))
  return walkBack(amounts, edges, place - 1) && fit(amounts, edges, hops)
}

/** Whether a's profit is larger than b's: a.out + b.in > b.out + a.in, all below 2^255. */
function gainsMore(a: usize, b: usize, hops: i32): bool {
  u256.add(target, amountAt(a, hops), b)
  u256.add(tooMuch, amountAt(b, hops), a)
  return u256.lessThan(tooMuch, target)
}

/** amounts[0] = the integer at which the profit of the curve is largest. */
function fromPeak(amounts: usize, edges: usize, hops: i32, input: f64): bool {
  if (hasOnlyProducts(edges, hops)) return bestInput(amounts, edges)
  if (!(input >= 0.5 && input < MOST)) return false
  u256.fromApproximate(amounts, input)
  return true
}

// @ts-ignore: decorator
@inline
function pays(amounts: usize, hops: i32): bool {
  return u256.lessThan(amounts, amountAt(amounts, hops))
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
