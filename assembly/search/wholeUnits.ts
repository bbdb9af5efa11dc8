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

// One piece a hop, round its real input:
//   0       8        16     24          32
//   | input | output | rate | curvature | part left by the fee, signed |
//
// Solidly's input after the fee is rounded up to whole units before it swaps
// (positive), a concentrated pool's down (negative); x·y = k rounds once (0).
const PIECE: usize = 40
const pieces = memory.data(160, 16)
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
  // A fee that is rounded down on its own gives units away: no bound then.
  const enough = anyFeeRounded() ? Infinity : gain * (1 - NOTHING)
  const centre = max(nearest(real), 1)
  let best = centre
  let most = gainOf(place, centre)
  for (let step = 1; step <= REACH && most < enough; step++) {
    for (let side = -1; side <= 1; side += 2) {
      const units = centre + <f64>(side * step)
      if (units < 1) continue
      const gain = gainOf(place, units)
      if (gain <= most) continue
      most = gain
      best = units
    }
  }
  return best
}

// @ts-ignore: decorator
@inline
function piece(hop: i32): usize {
  return pieces + <usize>hop * PIECE
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
  return approximateOut
}

function keptOf(pool: usize): f64 {
  const family = load<i32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONSTANT_PRODUCT) return 0
  const gamma = approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
  return family == FAMILY_CONCENTRATED ? -gamma : gamma
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
