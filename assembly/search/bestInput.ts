// The best input of a cycle of x·y = k pools, exact to the unit.
//
// Without rounding each pool is A·x/(B + C·x), A = keep·Rout, B = scale·Rin,
// C = keep, and so is the whole cycle. Its profit over the integers is largest
// at the least x that is not below
//
//   t = (√(A·B + C²/4) - B)/C - 1/2
//
// (profit(x + 1) > profit(x) exactly while (B + C·x)(B + C·(x + 1)) < A·B).
// t is computed in 106 bits, a number being the sum of two f64, with a bound on
// its error; where that leaves two or more integers, exact integers decide
// between them. A and B grow side by side in the two lanes of a vector.

import { feeDenominator, feeKeep } from '../curves/fee'
import {
  MAX_HOPS,
  POOL_FEE_PIPS,
  POOL_RESERVE0,
  POOL_RESERVE1,
  U256_BYTES,
} from '../layout'
import {
  productError,
  productErrors,
  rest,
  rests,
  storeWhole,
  upper,
} from '../math/doubleDouble'
import { mulLimbs, setLimb, limb, significantLimbs } from '../math/limbs'
import * as u256 from '../math/uint256'
import { poolRecord } from '../memory'
import { NO_EDGE } from './graph'

const PER_2_64: f64 = 5.421010862427522e-20
const TWO_32: f64 = 4294967296.0
/** Relative error of the 106-bit A·B and B: some fifty operations of 2^-102 each. */
const RELATIVE_ERROR: f64 = 2.5243548967072378e-29
/** The same where a reserve exceeds 128 bits and was rounded to 53. */
const COARSE_RELATIVE_ERROR: f64 = 2.842170943040401e-14
/** Error of the last sum, which is made in f64 on the fraction alone. */
const ROUNDING_ERROR: f64 = 1e-12

/** Inputs below 2^112 are put together from two words. */
const TWO_112: f64 = 5192296858534827628530496329220096.0

const low = memory.data(32, 16)
const middle = memory.data(32, 16)

/**
 * Many best inputs: cycle i is the four edges at edges[i], NO_EDGE after its
 * last; inputs[i] (u256) becomes its best input, or 0 where none gains.
 * Returns how many gain.
 */
export function bestInputBatch(edges: usize, inputs: usize, count: i32): i32 {
  let gaining = 0
  for (let i = 0; i < count; i++) {
    if (bestInput(inputs, edges)) gaining++
    else u256.set64(inputs, 0)
    edges += MAX_HOPS << 2
    inputs += U256_BYTES
  }
  return gaining
}

/** out = the best input of the cycle of these edges; false where no input gains. */
export function bestInput(out: usize, edges: usize): bool {
  // Curve of no hop: A = B = 1, C = 0.
  let ab = f64x2.splat(1)
  let abRest = f64x2.splat(0)
  let c: f64 = 0
  let cRest: f64 = 0
  let relativeError = RELATIVE_ERROR
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const edge = load<u32>(edges + ((<usize>hop) << 2))
    if (edge == NO_EDGE) break
    const pool = poolRecord(edge >> 1)
    const scale = scaleOf(pool)
    const keep = <f64>keepOf(pool, scale)
    const given = reserveOut(pool, edge)
    const taken = reserveIn(pool, edge)
    let reserves: v128
    let reservesRest: v128
    // The hop's A and B, scaled by 2^-64: limbs of 32 bits times a fee are exact in f64.
    const factors = f64x2(keep * PER_2_64, <f64>scale * PER_2_64)
    if (u256.fitsTwoWords(given, 127) && u256.fitsTwoWords(taken, 127)) {
      const x = v128.load(given)
      const y = v128.load(taken)
      const limbs01 = v128.shuffle<u32>(x, y, 0, 4, 1, 5)
      const limbs23 = v128.shuffle<u32>(x, y, 2, 6, 3, 7)
      const two32 = f64x2.splat(TWO_32)
      const f1 = f64x2.mul(factors, two32)
      const f2 = f64x2.mul(f1, two32)
      const f3 = f64x2.mul(f2, two32)
      const p0 = f64x2.mul(f64x2.convert_low_i32x4_u(limbs01), factors)
      const p1 = f64x2.mul(f64x2.convert_low_i32x4_u(upper(limbs01)), f1)
      const p2 = f64x2.mul(f64x2.convert_low_i32x4_u(limbs23), f2)
      const p3 = f64x2.mul(f64x2.convert_low_i32x4_u(upper(limbs23)), f3)
      const s2 = f64x2.add(p3, p2)
      const s1 = f64x2.add(s2, p1)
      const s0 = f64x2.add(s1, p0)
      const left = f64x2.add(f64x2.add(rests(p3, p2, s2), rests(s2, p1, s1)), rests(s1, p0, s0))
      reserves = f64x2.add(s0, left)
      reservesRest = rests(s0, left, reserves)
    } else {
      reserves = f64x2.mul(f64x2(u256.approximate(given), u256.approximate(taken)), factors)
      reservesRest = f64x2.splat(0)
      relativeError = COARSE_RELATIVE_ERROR
    }

    // C = C1·B2 + A1·keep, scaled by 2^-64 as A and B are.
    const right = f64x2(f64x2.extract_lane(reserves, 1), keep * PER_2_64)
    const rightRest = f64x2.replace_lane(f64x2.splat(0), 0, f64x2.extract_lane(reservesRest, 1))
    const left = f64x2(c, f64x2.extract_lane(ab, 0))
    const leftRest = f64x2(cRest, f64x2.extract_lane(abRest, 0))
    const terms = f64x2.mul(left, right)
    const termsRest = f64x2.add(
      productErrors(left, right, terms),
      f64x2.add(f64x2.mul(left, rightRest), f64x2.mul(leftRest, right)),
    )
    // A second hop on, either term may be the larger one.
    const term0 = f64x2.extract_lane(terms, 0)
    const term1 = f64x2.extract_lane(terms, 1)
    const sum = term0 + term1
    const shift = sum - term0
    const sumRest =
      term0 - (sum - shift) + (term1 - shift) +
      (f64x2.extract_lane(termsRest, 0) + f64x2.extract_lane(termsRest, 1))
    c = sum + sumRest
    cRest = rest(sum, sumRest, c)

    const product = f64x2.mul(ab, reserves)
    const productRest = f64x2.add(
      productErrors(ab, reserves, product),
      f64x2.add(f64x2.mul(ab, reservesRest), f64x2.mul(abRest, reserves)),
    )
    ab = f64x2.add(product, productRest)
    abRest = rests(product, productRest, ab)
  }

  // A·B and C²/4 side by side.
  const a = f64x2.extract_lane(ab, 0)
  const b = f64x2.extract_lane(ab, 1)
  const aRest = f64x2.extract_lane(abRest, 0)
  const bRest = f64x2.extract_lane(abRest, 1)
  const left = f64x2(a, 0.5 * c)
  const right = f64x2(b, 0.5 * c)
  const squares = f64x2.mul(left, right)
  const squaresRest = f64x2.add(
    productErrors(left, right, squares),
    f64x2.add(
      f64x2.mul(left, f64x2(bRest, 0.5 * cRest)),
      f64x2.mul(f64x2(aRest, 0.5 * cRest), right),
    ),
  )
  const square0 = f64x2.extract_lane(squares, 0)
  const square1 = f64x2.extract_lane(squares, 1)
  const square = square0 + square1
  const shift = square - square0
  const squareRest =
    square0 - (square - shift) + (square1 - shift) +
    (f64x2.extract_lane(squaresRest, 0) + f64x2.extract_lane(squaresRest, 1))

  // √: one Newton step on the f64 root.
  const root = sqrt(square)
  const rootSquare = root * root
  const rootRest =
    (square - rootSquare - productError(root, root, rootSquare) + squareRest) / (2 * root)

  // √ - B, then over C: one more digit of 53 bits.
  const gain = root - b
  const gainShift = gain - root
  const gainRest = root - (gain - gainShift) - (b + gainShift) + (rootRest - bRest)
  const numerator = gain + gainRest
  const numeratorRest = rest(gain, gainRest, numerator)
  const quotient = numerator / c
  const back = quotient * c
  const more =
    (numerator - back - productError(quotient, c, back) + (numeratorRest - quotient * cRest)) / c
  const whole = quotient + more
  const part = rest(quotient, more, whole)

  const error = (root / c + abs(whole)) * relativeError + ROUNDING_ERROR
  // whole + part is t + 1/2. Candidates: every integer from ceil(t - error) to ceil(t + error).
  if (!(whole + part > 0.5 - error)) return false
  if (!(whole < 5.7e76)) return false
  // The integer nearest to t + 1/2 is the least that is not below t.
  fromPair(out, whole, part)
  const distance = distanceToBorder(whole, part)
  if (distance > error) return !u256.isZero(out)
  return decideExactly(out, edges, error)
}

/** out = the integer nearest to whole + part. */
function fromPair(out: usize, whole: f64, part: f64): void {
  const base = max<f64>(floor(whole), 0)
  const rest = max<f64>(nearest(whole - base + part), -base)
  if (base < TWO_112) {
    storeWhole(out, base, <i64>rest)
    return
  }
  u256.fromApproximate(out, base)
  u256.fromApproximate(middle, abs(rest))
  if (rest < 0) u256.sub(out, out, middle)
  else u256.add(out, out, middle)
}

/** How far whole + part is from the nearest half integer, where rounding turns. */
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
function keepOf(pool: usize, scale: u32): u32 {
  return feeKeep(load<u32>(pool + POOL_FEE_PIPS), scale)
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
    const scale = scaleOf(pool)
    const keep = keepOf(pool, scale)
    // C = C·B2 + A·keep
    timesHop(wideC, reserveIn(pool, edge), scale)
    memory.copy(wideT, wideA, WIDE << 2)
    timesSmall(wideT, keep)
    addWide(wideC, wideT, WIDE)
    timesHop(wideA, reserveOut(pool, edge), keep)
    timesHop(wideB, reserveIn(pool, edge), scale)
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
