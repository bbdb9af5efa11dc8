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
  tryUnits(place, centre)
  // A fee that is rounded down on its own gives units away: no bound then.
  const enough = anyFeeRounded() ? Infinity : gain * (1 - NOTHING)
  for (let step = 1; step <= REACH && most < enough; step++) {
    tryUnits(place, centre - <f64>step)
    tryUnits(place, centre + <f64>step)
  }
  // A concentrated pool keeps the part of a unit its fee leaves over: no part, no loss.
  const period = place < hops ? load<f64>(piece(place), 40) : 0
  if (period > 1) {
    const even = nearest(centre / period) * period
    for (let step = -EVEN_REACH; step <= EVEN_REACH && most < enough; step++)
      tryUnits(place, even + <f64>step * period)
  }
  return best
}

/** Whether the last best amount is what a pool can take, not where the curve peaks. */
export let cutShort: bool = false

let best: f64 = 0
let most: f64 = 0
let ceiling: f64 = 0

function tryUnits(place: i32, units: f64): void {
  if (units < 1 || units > ceiling) return
  const gain = gainOf(place, units)
  if (gain <= most) return
  most = gain
  best = units
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

/** What the cycle gains when that amount is held at that place: rounded up before it, down after it. */
function gainOf(place: i32, units: f64): f64 {
  let input = units
  for (let hop = place - 1; hop >= 0; hop--) input = inputFor(piece(hop), input)
  let output = units
  for (let hop = place; hop < hops; hop++) output = outputOf(piece(hop), output)
  return output - input
}

/** out + r·d/(1 + n·d), rounded down. */
// @ts-ignore: decorator
@inline
function outputOf(record: usize, input: f64): f64 {
  const kept = load<f64>(record, 32)
  if (kept > 0) input = ceil(input * kept) / kept
  else if (kept < 0) input = floor(input * -kept) / -kept
  const d = input - load<f64>(record)
  const n = load<f64>(record, 24)
  return floor(load<f64>(record, 8) + (load<f64>(record, 16) * d) / (1 + n * d))
}

/** The same the other way round, rounded up. */
// @ts-ignore: decorator
@inline
function inputFor(record: usize, output: f64): f64 {
  const t = output - load<f64>(record, 8)
  const input = load<f64>(record) + t / (load<f64>(record, 16) - load<f64>(record, 24) * t)
  const kept = load<f64>(record, 32)
  if (kept > 0) return floor((ceil(input * kept) - 1) / kept) + 1
  if (kept < 0) return ceil(ceil(input * -kept) / -kept)
  return ceil(input)
}
