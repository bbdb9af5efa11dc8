// The best input of a cycle of x·y = k pools, exact to the unit.
//
// Without rounding each pool is A·x/(B + C·x), A = keep·Rout, B = scale·Rin,
// C = keep, and so is the whole cycle. Its profit over the integers is largest
// at the least x that is not below
//
//   t = (√(A·B + C²/4) - B)/C - 1/2
//
// (profit(x + 1) > profit(x) exactly while (B + C·x)(B + C·(x + 1)) < A·B).
// t is computed in 106 bits with a bound on its error; where that leaves two
// or more integers, exact integers decide between them.

import { feeDenominator, feeKeep } from '../curves/fee'
import {
  FAMILY_CONSTANT_PRODUCT,
  MAX_HOPS,
  POOL_FAMILY,
  POOL_FEE_PIPS,
  POOL_RESERVE0,
  POOL_RESERVE1,
} from '../layout'
import * as dd from '../math/doubleDouble'
import { mulLimbs, setLimb, limb, significantLimbs } from '../math/limbs'
import * as u256 from '../math/uint256'
import { poolRecord } from '../memory'
import { NO_EDGE } from './hits'

const TWO_64: f64 = 18446744073709551616.0
const PER_2_64: f64 = 5.421010862427522e-20
/** Relative error of the 106-bit A·B and B: some fifty operations of 2^-102 each. */
const RELATIVE_ERROR: f64 = 2.5243548967072378e-29
/** Error of the last sum, which is made in f64 on the fraction alone. */
const ROUNDING_ERROR: f64 = 1e-12

const a = memory.data(16, 16)
const b = memory.data(16, 16)
const c = memory.data(16, 16)
const hopA = memory.data(16, 16)
const hopB = memory.data(16, 16)
const t = memory.data(16, 16)
const u = memory.data(16, 16)

const low = memory.data(32, 16)
const middle = memory.data(32, 16)

/** out = the best input of the cycle of these edges; false where no input gains. */
export function bestInput(out: usize, edges: usize): bool {
  compose(edges)
  dd.mul(t, a, b)
  dd.mul(u, c, c)
  dd.mulNumber(u, u, 0.25)
  dd.add(t, t, u)
  dd.squareRoot(t, t)
  const root = dd.high(t)
  dd.sub(t, t, b)
  dd.div(t, t, c)
  const error =
    (root / dd.high(c) + abs(dd.high(t))) * RELATIVE_ERROR + ROUNDING_ERROR
  // t holds t + 1/2 here. Candidates: every integer from ceil(t - error) to ceil(t + error).
  const whole = load<f64>(t)
  const part = load<f64>(t, 8)
  if (!(whole + part > 0.5 - error)) return false
  if (!(whole < 5.7e76)) return false
  fromPair(out, whole, part)
  const distance = distanceToBorder(whole, part)
  if (distance > error) return !u256.isZero(out)
  return decideExactly(out, edges, error)
}

/** a, b, c = the composed curve, scaled by powers of two. */
function compose(edges: usize): void {
  dd.set(a, 1)
  dd.set(b, 1)
  dd.set(c, 0)
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) break
    const pool = poolRecord(edge >> 1)
    const keep = <f64>keepOf(pool)
    dd.fromUint256(hopA, reserveOut(pool, edge))
    dd.mulNumber(hopA, hopA, keep)
    dd.fromUint256(hopB, reserveIn(pool, edge))
    dd.mulNumber(hopB, hopB, <f64>scaleOf(pool))
    // C = C1·B2 + A1·C2, C2 = keep·2^-64 as A and B carry 2^-64.
    dd.mul(c, c, hopB)
    dd.mulNumber(t, a, keep * PER_2_64)
    dd.add(c, c, t)
    dd.mul(a, a, hopA)
    dd.mul(b, b, hopB)
  }
}

/** out = the integer nearest to high + low. */
function fromPair(out: usize, whole: f64, part: f64): void {
  const base = floor(whole)
  const rest = nearest(whole - base + part)
  u256.fromApproximate(out, base)
  u256.fromApproximate(middle, abs(rest))
  if (rest < 0) u256.sub(out, out, middle)
  else u256.add(out, out, middle)
}

/** How far high + low is from the nearest half integer, where rounding turns. */
function distanceToBorder(whole: f64, part: f64): f64 {
  const fraction = whole - floor(whole) + (part - floor(part))
  return abs(fraction - floor(fraction) - 0.5)
}

// @ts-ignore: decorator
@inline
function reserveIn(pool: usize, edge: u32): usize {
  return pool + (edge & 1 ? POOL_RESERVE1 : POOL_RESERVE0)
}

// @ts-ignore: decorator
@inline
function reserveOut(pool: usize, edge: u32): usize {
  return pool + (edge & 1 ? POOL_RESERVE0 : POOL_RESERVE1)
}

/** The fee's denominator; Solidly's volatile pairs use the same rational curve. */
// @ts-ignore: decorator
@inline
function scaleOf(pool: usize): u32 {
  return feeDenominator(load<u32>(pool + POOL_FEE_PIPS))
}

// @ts-ignore: decorator
@inline
function keepOf(pool: usize): u32 {
  return feeKeep(load<u32>(pool + POOL_FEE_PIPS), scaleOf(pool))
}

// The exact decision. Four hops of 256-bit reserves times a fee: 36 limbs.
const WIDE = 40
const wideA = memory.data(160, 16)
const wideB = memory.data(160, 16)
const wideC = memory.data(160, 16)
const wideHop = memory.data(40, 16)
const wideT = memory.data(200, 16)
const wideU = memory.data(200, 16)
const left = memory.data(400, 16)
const right = memory.data(400, 16)
const one = memory.data(32, 16)

/** Bisects the integers around `out` that the error leaves open. */
function decideExactly(out: usize, edges: usize, error: f64): bool {
  composeWide(edges)
  u256.fromApproximate(middle, ceil(error) + 2)
  if (u256.lessThan(out, middle)) u256.set64(low, 0)
  else u256.sub(low, out, middle)
  u256.add(out, out, middle)
  // Invariant: one more than anything below low gains; one more than out does not.
  while (u256.lessThan(low, out)) {
    u256.add(middle, low, out)
    u256.halve(middle)
    if (oneMoreGains(middle)) u256.add64(low, middle, 1)
    else u256.copy(out, middle)
  }
  return !u256.isZero(out)
}

/** Whether profit(x + 1) > profit(x): (B + C·x)(B + C·(x + 1)) < A·B. */
function oneMoreGains(x: usize): bool {
  mulLimbs(wideT, wideC, WIDE, x, 8)
  addWide(wideT, wideB, WIDE + 8)
  u256.add64(one, x, 1)
  mulLimbs(wideU, wideC, WIDE, one, 8)
  addWide(wideU, wideB, WIDE + 8)
  mulLimbs(left, wideT, WIDE + 8, wideU, WIDE + 8)
  memory.fill(right, 0, 400)
  mulLimbs(right, wideA, WIDE, wideB, WIDE)
  for (let i = 2 * (WIDE + 8) - 1; i >= 0; i--) {
    const l = limb(left, i)
    const r = limb(right, i)
    if (l != r) return l < r
  }
  return false
}

function composeWide(edges: usize): void {
  setWide(wideA, 1)
  setWide(wideB, 1)
  setWide(wideC, 0)
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) break
    const pool = poolRecord(edge >> 1)
    const keep = keepOf(pool)
    // C = C·B2 + A·keep
    timesHop(wideC, reserveIn(pool, edge), scaleOf(pool))
    memory.copy(wideT, wideA, WIDE << 2)
    timesSmall(wideT, keep)
    addWide(wideC, wideT, WIDE)
    timesHop(wideA, reserveOut(pool, edge), keep)
    timesHop(wideB, reserveIn(pool, edge), scaleOf(pool))
  }
}

/** w ×= reserve × factor. */
function timesHop(w: usize, reserve: usize, factor: u32): void {
  timesSmall(w, factor)
  const wn = significantLimbs(w, WIDE)
  const rn = significantLimbs(reserve, 8)
  memory.fill(wideU, 0, 200)
  mulLimbs(wideU, w, wn, reserve, rn)
  memory.copy(w, wideU, WIDE << 2)
}

function timesSmall(w: usize, factor: u32): void {
  let carry: u64 = 0
  for (let i = 0; i < WIDE; i++) {
    carry += limb(w, i) * <u64>factor
    setLimb(w, i, carry)
    carry >>= 32
  }
}

function addWide(w: usize, v: usize, limbs: i32): void {
  let carry: u64 = 0
  for (let i = 0; i < limbs; i++) {
    carry += limb(w, i) + (i < WIDE ? limb(v, i) : 0)
    setLimb(w, i, carry)
    carry >>= 32
  }
}

function setWide(w: usize, value: u64): void {
  memory.fill(w, 0, WIDE << 2)
  setLimb(w, 0, value)
}
