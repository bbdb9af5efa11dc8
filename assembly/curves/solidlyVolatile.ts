// x·y = k with the fee taken off the input first: Solidly's volatile pairs.
//
//   in' = in - floor(in·fee)      amountOut = floor(in'·Rout / (Rin + in'))
//
// Source: Aerodrome and Velodrome V2, Pool._getAmountOut. It rounds
// differently from V2: the fee is rounded down on its own, for the trader.

import { STATUS_OK, STATUS_REVERTS } from '../layout'
import * as u256 from '../math/uint256'

const PIPS: u32 = 1000000
const CONTRACT_UNITS: u32 = 10000

const fee = memory.data(32, 16)
const afterFee = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)
const unused = memory.data(32, 16)

/** The pair's getAmountOut: rounds down. */
export function getAmountOut(
  out: usize,
  amountIn: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return STATUS_REVERTS
  if (u256.isZero(amountIn)) return STATUS_REVERTS
  if (takeFee(afterFee, amountIn, feePips)) return STATUS_REVERTS
  if (u256.mul(numerator, afterFee, reserveOut)) return STATUS_REVERTS
  if (u256.add(denominator, reserveIn, afterFee)) return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return STATUS_OK
}

/** The least amountIn whose getAmountOut is at least amountOut; reverts where that one does. */
export function leastAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(amountOut) || !u256.lessThan(amountOut, reserveOut)) return STATUS_REVERTS
  if (u256.mul(numerator, amountOut, reserveIn)) return STATUS_REVERTS
  u256.sub(denominator, reserveOut, amountOut)
  u256.divRoundingUp(afterFee, numerator, denominator)
  if (addFee(out, afterFee, feePips)) return STATUS_REVERTS
  return getAmountOut(unused, out, reserveIn, reserveOut, feePips)
}

/**
 * What the fee is counted in: the contract's 1/10,000, or pips where a fork's
 * fee is finer. The quotient is the same, where a product overflows is not.
 */
// @ts-ignore: decorator
@inline
function unitsOf(feePips: u32): u32 {
  return feePips % (PIPS / CONTRACT_UNITS) == 0 ? CONTRACT_UNITS : PIPS
}

// @ts-ignore: decorator
@inline
function feeOf(feePips: u32, units: u32): u32 {
  return units == PIPS ? feePips : feePips / (PIPS / CONTRACT_UNITS)
}

/** out = amount - floor(amount·fee); returns whether it overflowed. */
export function takeFee(out: usize, amount: usize, feePips: u32): bool {
  const units = unitsOf(feePips)
  if (u256.mul32(fee, amount, feeOf(feePips, units))) return true
  u256.mulDiv32(fee, fee, 1, units)
  u256.sub(out, amount, fee)
  return false
}

/**
 * out = the least amount of which `kept` is left after the fee; returns
 * whether it overflowed. With keep = 1 - fee: amount - floor(amount·fee) =
 * ceil(amount·keep), which reaches `kept` first at floor((kept - 1)/keep) + 1.
 */
export function addFee(out: usize, kept: usize, feePips: u32): bool {
  if (u256.isZero(kept)) {
    u256.set64(out, 0)
    return false
  }
  u256.sub64(out, kept, 1)
  if (u256.mulDiv32(out, out, PIPS, PIPS - feePips)) return true
  return u256.add64(out, out, 1)
}
