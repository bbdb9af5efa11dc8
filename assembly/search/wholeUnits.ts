// The best whole amount of the coarsest token on the way.
//
// A hop pays whole units: each rounding loses up to one. Where a unit is worth
// much (1e-6 USDC, 1e-8 WBTC), the amount of the coarsest token decides, and
// with a second coarse token also which amounts happen to round well there.
// Around the real optimum the curve is flat, so neighbouring amounts are tried
// in f64, rounding as the pools would, until the loss is nothing; the exact
// formulas then have the last word.

import {
  approximateCurvature,
  approximateOut,
  approximateRate,
  approximateSwap,
} from '../curves/approximate'
import { approximateGamma } from '../curves/fee'
import {
  FAMILY_CONCENTRATED,
  FAMILY_CONSTANT_PRODUCT,
  POOL_FAMILY,
  POOL_FEE_PIPS,
} from '../layout'
import { poolRecord } from '../memory'

/** A loss below this part of the profit is nothing. */
const NOTHING: f64 = 2e-10
/** How far from the optimum whole amounts are tried. */
const REACH = 256
/** How many multiples of the fee's period to either side. */
const EVEN_REACH = 32
/** Part of a unit that is taken for rounding in f64: an even division must not become one unit more. */
const NOISE: f64 = 1e-6
const PIPS: u32 = 1000000
/** At a real optimum the marginal rate is 1. */
const STILL_GAINS: f64 = 1.0000001

// One piece a hop, round its real input:
//   0       8        16     24          32
//   | input | output | rate | curvature | part left by the fee, signed | period |
//
// Solidly's input after the fee is rounded up to whole units before it swaps
// (positive), a concentrated pool's down (negative); x·y = k rounds once (0).
// Multiples of the period leave a concentrated pool's fee nothing to round.
const PIECE: usize = 48
const pieces = memory.data(192, 16)
let hops: i32 = 0

/** The place (1 … hops) of the coarsest amount at this input, or 0 where every unit is fine. */
export function coarsestPlace(edges: usize, hopCount: i32, input: f64): i32 {
  hops = hopCount
  let amount = input
  let coarsest = 0
  let fewest = Infinity
  for (let hop = 0; hop < hops; hop++) {
    amount = layPiece(hop, load<u32>(edges + ((<usize>hop) << 2)), amount)
    if (!(amount < fewest)) continue
    fewest = amount
    coarsest = hop + 1
  }
  const worth = input / fewest
  return fewest >= 0.5 && worth > (amount - input) * NOTHING ? coarsest : 0
}

/** The whole amount at that place which gains most, after coarsestPlace. */
export function bestUnits(place: i32): f64 {
  const real = load<f64>(piece(place - 1), 8)
  const gain = load<f64>(piece(hops - 1), 8) - load<f64>(piece(0))
  // Where the cycle would still gain at the margin, what is known of a pool ends
  // here; it rounds what it takes up.
  cutShort = marginalRate() > STILL_GAINS
  ceiling = cutShort ? ceil(real) : Infinity
  const centre = max(min(nearest(real), ceiling), 1)
  best = centre
  most = -Infinity
  tryTwo(place, centre, centre)
  // A fee that is rounded down on its own gives units away: no bound then.
  const enough = anyFeeRounded() ? Infinity : gain * (1 - NOTHING)
  for (let step = 1; step <= REACH && most < enough; step++)
    tryTwo(place, centre - <f64>step, centre + <f64>step)
  // A concentrated pool keeps the part of a unit its fee leaves over: no part, no loss.
  const period = place < hops ? load<f64>(piece(place), 40) : 0
  if (period > 1) {
    const even = nearest(centre / period) * period
    for (let step = 0; step <= EVEN_REACH && most < enough; step++)
      tryTwo(place, even - <f64>step * period, even + <f64>step * period)
  }
  return best
}

/** Whether the last best amount is what a pool can take, not where the curve peaks. */
export let cutShort: bool = false

let best: f64 = 0
let most: f64 = 0
let ceiling: f64 = 0

/** Takes note of the better of two amounts. */
function tryTwo(place: i32, less: f64, more: f64): void {
  const gains = gainsOf(place, f64x2.replace_lane(f64x2.splat(less), 1, more))
  const first = f64x2.extract_lane(gains, 0)
  const second = f64x2.extract_lane(gains, 1)
  if (first > most && less >= 1 && less <= ceiling) {
    most = first
    best = less
  }
  if (second > most && more >= 1 && more <= ceiling) {
    most = second
    best = more
  }
}

// @ts-ignore: decorator
@inline
function piece(hop: i32): usize {
  return pieces + <usize>hop * PIECE
}

function marginalRate(): f64 {
  let rate: f64 = 1
  for (let hop = 0; hop < hops; hop++) rate *= load<f64>(piece(hop), 16)
  return rate
}

function anyFeeRounded(): bool {
  for (let hop = 0; hop < hops; hop++) if (load<f64>(piece(hop), 32) > 0) return true
  return false
}

/** Writes the piece of a hop at an input; returns its output. */
function layPiece(hop: i32, edge: u32, input: f64): f64 {
  const pool = poolRecord(edge >> 1)
  const record = piece(hop)
  approximateSwap(pool, !(edge & 1), input)
  store<f64>(record, input)
  store<f64>(record, approximateOut, 8)
  store<f64>(record, approximateRate, 16)
  store<f64>(record, approximateCurvature, 24)
  store<f64>(record, keptOf(pool), 32)
  store<f64>(record, periodOf(pool), 40)
  return approximateOut
}

function keptOf(pool: usize): f64 {
  const family = load<i32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONSTANT_PRODUCT) return 0
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  return family == FAMILY_CONCENTRATED ? -gamma : gamma
}

/** Least number of units of which the fee takes whole ones. */
function periodOf(pool: usize): f64 {
  if (load<i32>(pool + POOL_FAMILY) != FAMILY_CONCENTRATED) return 0
  let a = PIPS
  let b = load<u32>(pool + POOL_FEE_PIPS)
  while (b) {
    const rest = a % b
    a = b
    b = rest
  }
  return <f64>(PIPS / a)
}

/** What the cycle gains when either amount is held at that place: rounded up before it, down after it. */
function gainsOf(place: i32, units: v128): v128 {
  let input = units
  for (let hop = place - 1; hop >= 0; hop--) input = inputsFor(piece(hop), input)
  let output = units
  for (let hop = place; hop < hops; hop++) output = outputsOf(piece(hop), output)
  return f64x2.sub(output, input)
}

/** out + r·d/(1 + n·d), rounded down. */
// @ts-ignore: decorator
@inline
function outputsOf(record: usize, input: v128): v128 {
  const kept = load<f64>(record, 32)
  if (kept > 0) input = over(f64x2.ceil(times(input, kept)), kept)
  else if (kept < 0) input = over(f64x2.floor(times(input, -kept)), -kept)
  const d = f64x2.sub(input, v128.load64_splat(record))
  const slope = times(d, load<f64>(record, 16))
  const bend = f64x2.add(f64x2.splat(1), times(d, load<f64>(record, 24)))
  const output = f64x2.add(v128.load64_splat(record, 8), f64x2.div(slope, bend))
  return f64x2.floor(f64x2.add(output, f64x2.splat(NOISE)))
}

/** The same the other way round, rounded up. */
// @ts-ignore: decorator
@inline
function inputsFor(record: usize, output: v128): v128 {
  const t = f64x2.sub(output, v128.load64_splat(record, 8))
  const slope = f64x2.sub(v128.load64_splat(record, 16), times(t, load<f64>(record, 24)))
  // More than the pool can ever pay takes no negative input but an infinite one.
  const flat = f64x2.max(slope, f64x2.splat(0))
  const input = f64x2.add(v128.load64_splat(record), f64x2.div(t, flat))
  const one = f64x2.splat(1)
  const kept = load<f64>(record, 32)
  if (kept > 0) {
    const most = f64x2.sub(f64x2.ceil(times(input, kept)), one)
    return f64x2.add(f64x2.floor(over(most, kept)), one)
  }
  if (kept < 0) return f64x2.ceil(over(f64x2.ceil(times(input, -kept)), -kept))
  return f64x2.ceil(f64x2.sub(input, f64x2.splat(NOISE)))
}

// @ts-ignore: decorator
@inline
function times(v: v128, factor: f64): v128 {
  return f64x2.mul(v, f64x2.splat(factor))
}

// @ts-ignore: decorator
@inline
function over(v: v128, divisor: f64): v128 {
  return f64x2.div(v, f64x2.splat(divisor))
}
