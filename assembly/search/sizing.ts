// The best input of a cycle with curved pools, in f64.
//
// Around any input x the whole cycle is out(x + d) = out + R·d/(1 + N·d), made
// of its pools' pieces: R = r1·r2…, N = n1 + r1·n2 + r1·r2·n3 …. Its profit is
// best where the marginal rate is 1: d = (√R - 1)/N. Within one tick range of
// every pool that is exact; beyond, it is a Newton step on a concave curve,
// repeated, kept inside a bracket that always holds the best input.

import {
  approximateCurvature,
  approximateExcess,
  approximateOut,
  approximateRate,
  approximateSwap,
} from '../curves/approximate'
import { MAX_HOPS } from '../layout'
import { poolRecord } from '../memory'
import { NO_EDGE } from './graph'

const STEPS = 96
const CLOSE: f64 = 1e-14
/** Steps this near to an end of the bracket halve it instead. */
const FULL: f64 = 1 - 1e-12

export let sizedInput: f64 = 0
export let sizedProfit: f64 = 0

// The cycle at the input last tried.
let output: f64 = 0
let rate: f64 = 0
let curvature: f64 = 0
/** The largest input that fits what is known of the pools, or Infinity where all fitted. */
let fitting: f64 = 0

/** Finds the best input of the cycle of these edges and its profit, in base units. */
export function size(edges: usize): void {
  let low: f64 = 0
  let high: f64 = Infinity
  let x: f64 = 0
  sizedInput = 0
  sizedProfit = 0
  for (let i = 0; i < STEPS; i++) {
    tryInput(edges, x)
    if (fitting != Infinity) {
      // Too much for a pool: the most that fits is the next guess and the bound.
      high = min(high, x)
      const guess = fitting * FULL
      x = guess > low && guess < high ? guess : (low + high) / 2
      if (high - low <= CLOSE * high) return
      continue
    }
    if (output - x > sizedProfit) {
      sizedInput = x
      sizedProfit = output - x
    }
    const step = curvature > 0 ? (sqrt(rate) - 1) / curvature : rate > 1 ? max(x, 1) : -x / 2
    if (abs(step) <= CLOSE * x) return
    if (step > 0) low = max(low, x)
    else high = min(high, x)
    const next = x + step
    if (next > low && next < high) x = next
    else if (high == Infinity) x = max(2 * x, 1)
    else {
      if (high - low <= CLOSE * high) return
      x = (low + high) / 2
    }
  }
}

/** Swaps x through the whole cycle. */
function tryInput(edges: usize, x: f64): void {
  let amount = x
  rate = 1
  curvature = 0
  fitting = Infinity
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) break
    approximateSwap(poolRecord(edge >> 1), !(edge & 1), amount)
    if (approximateExcess > 0) {
      // The piece up to here, read backwards: which input brings what the pool can take?
      const short = -approximateExcess
      fitting = x + short / (rate - curvature * short)
      return
    }
    curvature += rate * approximateCurvature
    rate *= approximateRate
    amount = approximateOut
  }
  output = amount
}
