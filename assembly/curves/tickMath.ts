// Ticks and square root prices: Uniswap v3-core TickMath, bit by bit.
//
//   getSqrtRatioAtTick(i) = sqrt(1.0001^i) × 2^96
//
// The contract multiplies 2^128 by sqrt(1.0001^-(2^j)) for every bit j of |i|,
// lowest bit first, truncating each product to 128 fraction bits. The products
// of the low ten bits are kept in a table, which saves half the work and
// changes nothing: it is the same sequence of truncations.

import {
  divideByFourWords,
  REMAINDER,
  storeQuotientRoundedUp,
  TOO_LARGE,
} from '../math/quotient'
import * as u256 from '../math/uint256'
import { multiplyHigh } from '../math/word'

export const MIN_TICK = -887272
export const MAX_TICK = 887272

const MIN_SQRT_RATIO: u64 = 4295128739

const TABLE_BITS = 10
const TABLE_SIZE = 1 << TABLE_BITS
const LN_SQRT_BASE: f64 = 4.999750016664999e-5
const TWO_96: f64 = 79228162514264337593543950336.0
const TWO_256: f64 =
  115792089237316195423570985008687907853269984665640564039457584007913129639936.0

/** sqrt(1.0001^-(2^j)) × 2^128: low word, high word. */
const factors = memory.data<u64>([
  0xaa2d162d1a594001, 0xfffcb933bd6fad37,
  0x59a46990580e213a, 0xfff97272373d4132,
  0xef12357cf3c7fdcc, 0xfff2e50f5f656932,
  0x1c3624eaa0941cd0, 0xffe5caca7e10e4e6,
  0xc9db58835c926644, 0xffcb9843d60f6159,
  0x472e6896dfb254c0, 0xff973b41fa98c081,
  0x43ec78b326b52861, 0xff2ea16466c96a38,
  0x11c461f1969c3053, 0xfe5dee046a99a2a8,
  0xdcffc83b479aa3a4, 0xfcbe86c7900a88ae,
  0x6f2b074cf7815e54, 0xf987a7253ac41317,
  0x940c7a398e4b70f3, 0xf3392b0822b70005,
  0x43b29c7fa6e889d9, 0xe7159475a2c29b74,
  0x845ad8f792aa5825, 0xd097f3bdfd2022b8,
  0x8a65dc1f90e061e5, 0xa9f746462d870fdf,
  0x90bb3df62baf32f7, 0x70d869a156d2a1b8,
  0x81231505542fcfa6, 0x31be135f97d08fd9,
  0xc677de54f3e99bc9, 0x09aa508b5b7a84e1,
  0x6699c329225ee604, 0x005d6af8dedb8119,
  0x1ea926041bedfe98, 0x00002216e584f5fa,
  0x91f7dc42444e8fa2, 0x00000000048a1703,
], 16)

/** Q128 product of each combination of the low bits; entry 0, which would be 2^128, is not used. */
const table = memory.data(16384, 16)
let tableReady: bool = false

/** A Q128 ratio below 1, in two words. */
let ratioLow: u64 = 0
let ratioHigh: u64 = 0

const ones = memory.data(32, 16)
const ratio = memory.data(32, 16)

/** out = the ratio at a tick within MIN_TICK and MAX_TICK. */
export function getSqrtRatioAtTick(out: usize, tick: i32): void {
  if (!tableReady) fillTable()
  // Nearly every swap asks for an end of the scale.
  if (tick == MIN_TICK) return u256.set64(out, MIN_SQRT_RATIO)
  if (tick == MAX_TICK)
    return u256.setWords(out, 0x5d951d5263988d26, 0xefd1fc6a50648849, 0xfffd8963, 0)
  const distance = <u32>abs(tick)
  if (distance == 0) {
    u256.setWords(out, 0, 1 << 32, 0, 0)
    return
  }
  const low = distance & (TABLE_SIZE - 1)
  let high = distance >> TABLE_BITS
  let started = low != 0
  if (started) {
    const entry = table + ((<usize>low) << 4)
    ratioLow = load<u64>(entry)
    ratioHigh = load<u64>(entry, 8)
  }
  for (let j = TABLE_BITS; high; j++, high >>= 1) {
    if (!(high & 1)) continue
    multiplyByFactor(j, started)
    started = true
  }
  if (tick > 0) {
    if (invert(out)) return
    reciprocal()
  } else u256.setWords(ratio, ratioLow, ratioHigh, 0, 0)
  // Q128 to Q96, rounded up: getTickAtSqrtRatio of the result is then this tick.
  u256.add64(ratio, ratio, 0xffffffff)
  u256.setWords(
    out,
    (u256.word(ratio, 0) >> 32) | (u256.word(ratio, 1) << 32),
    (u256.word(ratio, 1) >> 32) | (u256.word(ratio, 2) << 32),
    (u256.word(ratio, 2) >> 32) | (u256.word(ratio, 3) << 32),
    u256.word(ratio, 3) >> 32,
  )
}

/** The greatest tick whose ratio is at most this one: a guess by logarithm, mended by exact ratios. */
export function getTickAtSqrtRatio(sqrtPrice: usize): i32 {
  const guess = <i32>floor(
    Math.log(u256.approximate(sqrtPrice) / TWO_96) / LN_SQRT_BASE,
  )
  let tick = min(max(guess, MIN_TICK), MAX_TICK)
  while (tick > MIN_TICK && ratioExceeds(tick, sqrtPrice)) tick--
  while (tick < MAX_TICK && !ratioExceeds(tick + 1, sqrtPrice)) tick++
  return tick
}

const candidate = memory.data(32, 16)

function ratioExceeds(tick: i32, sqrtPrice: usize): bool {
  getSqrtRatioAtTick(candidate, tick)
  return u256.lessThan(sqrtPrice, candidate)
}

/**
 * out = 1/ratio in Q96, rounded up twice as the contract does it:
 *
 *   ceil(floor((2^256 - 1)/ratio) / 2^32) = floor((2^256 - 1 - ratio)/(ratio·2^32)) + 1
 *
 * False where it exceeds 126 bits.
 */
function invert(out: usize): bool {
  const low = ratioLow
  const high = ratioHigh
  const d2 = high >> 32
  if (!d2) return false
  const quotient = divideByFourWords(
    ~low, ~high, ~0, ~0, 0,
    low << 32, (low >> 32) | (high << 32), d2, 0,
    TWO_256,
  )
  if (quotient == TOO_LARGE) return false
  storeQuotientRoundedUp(out, REMAINDER)
  return true
}

/** ratio = floor((2^256 - 1) / ratio). */
function reciprocal(): void {
  u256.setWords(ones, u64.MAX_VALUE, u64.MAX_VALUE, u64.MAX_VALUE, u64.MAX_VALUE)
  u256.setWords(ratio, ratioLow, ratioHigh, 0, 0)
  u256.div(ratio, ones, ratio)
}

/** ratio = (ratio × factor j) >> 128, or the factor itself at the start. */
function multiplyByFactor(j: i32, started: bool): void {
  const factor = factors + ((<usize>j) << 4)
  const low = load<u64>(factor)
  const high = load<u64>(factor, 8)
  if (!started) {
    ratioLow = low
    ratioHigh = high
    return
  }
  // The carry out of the second word of the whole product:
  const crossA = ratioHigh * low
  const crossB = ratioLow * high
  const partial = multiplyHigh(ratioLow, low) + crossA
  const carry = u64(partial < crossA) + u64(partial + crossB < crossB)
  const crossAHigh = multiplyHigh(ratioHigh, low)
  const crossBHigh = multiplyHigh(ratioLow, high)
  const productLow = ratioHigh * high
  const sumA = productLow + crossAHigh
  const sumB = sumA + crossBHigh
  const sumC = sumB + carry
  ratioHigh =
    multiplyHigh(ratioHigh, high) +
    u64(sumA < productLow) +
    u64(sumB < sumA) +
    u64(sumC < sumB)
  ratioLow = sumC
}

function fillTable(): void {
  for (let index = 1; index < TABLE_SIZE; index++) {
    let started = false
    for (let j = 0; j < TABLE_BITS; j++) {
      if (!((index >> j) & 1)) continue
      multiplyByFactor(j, started)
      started = true
    }
    const entry = table + ((<usize>index) << 4)
    store<u64>(entry, ratioLow)
    store<u64>(entry, ratioHigh, 8)
  }
  tableReady = true
}
