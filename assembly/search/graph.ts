// The graph the search walks: tokens as nodes, each pool as two directed edges.
//
// Tokens are renumbered: base tokens first, in the order they were asked for,
// so that "a token after base b" is "a number above b". Each token's edges lie
// side by side, sorted by the token they lead to:
//
//   token d:  | to base 0 | to base 1 | … | to other tokens |
//             rowStart    ^ baseEnd(b) of each base          rowStart of d + 1
//
// A position is a place in this order: one edge seen from the token it leaves.
// Beside each position stand the pool's (r, n) both ways, and both rates as f32
// in units of worth: rate × worth(to)/worth(from) is near 1 whatever the
// decimals, which is all a 24-bit mantissa can bear.

import { capacity } from '../curves/capacity'
import {
  POOL_BOUND0,
  POOL_BOUND1,
  POOL_RATE0,
  POOL_RATE1,
  POOL_TOKEN0,
  POOL_TOKEN1,
} from '../layout'
import { graphBuilt, graphStands, poolCount, poolRecord, take, tokenCount } from '../memory'

/** In place of the edge of a hop that a shorter cycle does not have. */
export const NO_EDGE: u32 = 0xffffffff

/** r and n leaving the position's token, then r and n coming back. */
const RATES_STRIDE: usize = 32

/**
 * 2^60 and 2^-42. A rate above the first is stored as the largest f32, one
 * below the second as that: never for less than it is, and the largest makes
 * up for three of the lower, so that screens lose no cycle.
 */
const LARGEST_RATE: f64 = 1152921504606846976.0
const SMALLEST_RATE: f64 = 2.2737367544323206e-13

/** u32 by token: its number in the graph. */
let numberOf: usize = 0
/** u32 by number, one more than there are tokens: first position. */
export let rowStart: usize = 0
/** u32 by position: the token it leads to. */
export let leadsTo: usize = 0
/** u32 by position: pool × 2 + direction, the swap that leaves the token. */
export let edgeAt: usize = 0
/** u32 by edge: its position. */
export let positionOf: usize = 0
export let rates: usize = 0
/** f32 by position: the rate leaving, and the rate coming back, in worth. */
export let leaving: usize = 0
export let returning: usize = 0
/** Two f64 by edge: the most input its pool has a use for, and 1/r. */
export let limits: usize = 0
/** f64 by number: worth of one base unit. */
let worth: usize = 0
/** u32 queue of the walk that finds the worths; also a cursor while edges are sorted. */
let scratch: usize = 0

// @ts-ignore: decorator
@inline
export function at32(region: usize, index: i32): i32 {
  return load<i32>(region + ((<usize>index) << 2))
}

// @ts-ignore: decorator
@inline
export function put32(region: usize, index: i32, value: i32): void {
  store<i32>(region + ((<usize>index) << 2), value)
}

// @ts-ignore: decorator
@inline
export function atF32(region: usize, index: i32): f32 {
  return load<f32>(region + ((<usize>index) << 2))
}

// @ts-ignore: decorator
@inline
export function ratesAt(position: i32): usize {
  return rates + <usize>position * RATES_STRIDE
}

/** The position of the same pool seen from the other token. */
// @ts-ignore: decorator
@inline
export function twin(position: i32): i32 {
  return at32(positionOf, at32(edgeAt, position) ^ 1)
}

/** Builds the graph; `bases` are u32 token indices. False where memory runs out. */
export function buildGraph(bases: usize, baseCount: i32): bool {
  const positions = poolCount * 2
  numberOf = take(<usize>tokenCount << 2)
  rowStart = take(<usize>(tokenCount + 1) << 2)
  scratch = take(<usize>(tokenCount + 1) << 2)
  worth = take(<usize>tokenCount << 3)
  leadsTo = take(<usize>positions << 2)
  edgeAt = take(<usize>positions << 2)
  positionOf = take(<usize>positions << 2)
  rates = take(<usize>positions * RATES_STRIDE)
  limits = take(<usize>positions << 4)
  // One vector more than there is: loops read four rates at a time.
  leaving = take((<usize>positions << 2) + 16)
  returning = take((<usize>positions << 2) + 16)
  if (!returning) return false
  numberTokens(bases, baseCount)
  sortEdges()
  estimateWorths()
  graphBuilt()
  for (let pool = 0; pool < poolCount; pool++) rateChanged(pool)
  return true
}

/** Takes a pool's (r, n) over into both of its positions. */
export function rateChanged(pool: i32): void {
  if (!graphStands) return
  const record = poolRecord(pool)
  const r0 = load<f64>(record + POOL_RATE0)
  const r1 = load<f64>(record + POOL_RATE1)
  const n0 = load<f64>(record + POOL_BOUND0)
  const n1 = load<f64>(record + POOL_BOUND1)
  putLimits(pool << 1, capacity(record, true), r0)
  putLimits((pool << 1) | 1, capacity(record, false), r1)
  const w0 = worthOf(load<i32>(record + POOL_TOKEN0))
  const w1 = worthOf(load<i32>(record + POOL_TOKEN1))
  putRates(at32(positionOf, pool << 1), r0, n0, r1, n1, (r0 * w1) / w0, (r1 * w0) / w1)
  putRates(at32(positionOf, (pool << 1) | 1), r1, n1, r0, n0, (r1 * w0) / w1, (r0 * w1) / w0)
}

// @ts-ignore: decorator
@inline
function putLimits(edge: i32, most: f64, r: f64): void {
  const record = limits + ((<usize>edge) << 4)
  store<f64>(record, most)
  store<f64>(record, 1 / r, 8)
}

// @ts-ignore: decorator
@inline
function putRates(
  position: i32, r: f64, n: f64, rBack: f64, nBack: f64, screen: f64, screenBack: f64,
): void {
  const record = ratesAt(position)
  store<f64>(record, r)
  store<f64>(record, n, 8)
  store<f64>(record, rBack, 16)
  store<f64>(record, nBack, 24)
  store<f32>(leaving + ((<usize>position) << 2), screened(r, screen))
  store<f32>(returning + ((<usize>position) << 2), screened(rBack, screenBack))
}

/** f32 of a rate in worth, kept where products of four neither vanish nor lose a cycle. */
// @ts-ignore: decorator
@inline
function screened(rate: f64, inWorth: f64): f32 {
  if (rate == 0) return 0
  if (!(inWorth < LARGEST_RATE)) return f32.MAX_VALUE
  return <f32>max(inWorth, SMALLEST_RATE)
}

// @ts-ignore: decorator
@inline
function worthOf(token: i32): f64 {
  return load<f64>(worth + ((<usize>at32(numberOf, token)) << 3))
}

function numberTokens(bases: usize, baseCount: i32): void {
  for (let token = 0; token < tokenCount; token++) put32(numberOf, token, -1)
  for (let base = 0; base < baseCount; base++)
    put32(numberOf, at32(bases, base), base)
  let next = baseCount
  for (let token = 0; token < tokenCount; token++)
    if (at32(numberOf, token) < 0) put32(numberOf, token, next++)
}

/** Two counting sorts: by the token an edge leads to, then, keeping that order, by the one it leaves. */
function sortEdges(): void {
  // edgeAt lists the edges by destination for a moment: an edge's twin leaves it.
  const byDestination = positionOf
  countEdges()
  for (let edge = 0; edge < poolCount * 2; edge++) {
    const place = at32(scratch, tokenLeft(edge ^ 1))
    put32(byDestination, place, edge)
    put32(scratch, tokenLeft(edge ^ 1), place + 1)
  }
  resetCursors()
  for (let i = 0; i < poolCount * 2; i++) {
    const edge = at32(byDestination, i)
    const from = tokenLeft(edge)
    const place = at32(scratch, from)
    put32(scratch, from, place + 1)
    put32(edgeAt, place, edge)
    put32(leadsTo, place, tokenLeft(edge ^ 1))
  }
  for (let place = 0; place < poolCount * 2; place++)
    put32(positionOf, at32(edgeAt, place), place)
}

/** rowStart from the number of edges at each token, and the cursors with it. */
function countEdges(): void {
  memory.fill(rowStart, 0, <usize>(tokenCount + 1) << 2)
  for (let edge = 0; edge < poolCount * 2; edge++) {
    const next = tokenLeft(edge) + 1
    put32(rowStart, next, at32(rowStart, next) + 1)
  }
  for (let token = 0; token < tokenCount; token++)
    put32(rowStart, token + 1, at32(rowStart, token + 1) + at32(rowStart, token))
  resetCursors()
}

// @ts-ignore: decorator
@inline
function resetCursors(): void {
  memory.copy(scratch, rowStart, <usize>(tokenCount + 1) << 2)
}

/** The number of the token an edge leaves. */
// @ts-ignore: decorator
@inline
function tokenLeft(edge: i32): i32 {
  const record = poolRecord(edge >> 1)
  return at32(numberOf, load<i32>(record + (edge & 1 ? POOL_TOKEN1 : POOL_TOKEN0)))
}

/** Worths by walking outward from each token that has none yet: any positive worth is right, a near one screens well. */
function estimateWorths(): void {
  memory.fill(worth, 0, <usize>tokenCount << 3)
  for (let start = 0; start < tokenCount; start++) {
    if (load<f64>(worth + ((<usize>start) << 3)) > 0) continue
    store<f64>(worth + ((<usize>start) << 3), 1)
    put32(scratch, 0, start)
    for (let head = 0, tail = 1; head < tail; head++)
      tail = spreadWorth(at32(scratch, head), tail)
  }
}

/** Gives the neighbours of a token their worth; returns the new end of the queue. */
function spreadWorth(token: i32, tail: i32): i32 {
  const own = load<f64>(worth + ((<usize>token) << 3))
  for (let p = at32(rowStart, token); p < at32(rowStart, token + 1); p++) {
    const to = worth + ((<usize>at32(leadsTo, p)) << 3)
    if (load<f64>(to) > 0) continue
    const edge = at32(edgeAt, p)
    const record = poolRecord(edge >> 1)
    const there = load<f64>(record + (edge & 1 ? POOL_RATE1 : POOL_RATE0))
    const back = load<f64>(record + (edge & 1 ? POOL_RATE0 : POOL_RATE1))
    // The price between the two marginal rates: fees cancel.
    const price = sqrt(there / back)
    const other = own / price
    if (!(other > 0 && other < Infinity)) continue
    store<f64>(to, other)
    put32(scratch, tail++, at32(leadsTo, p))
  }
  return tail
}
