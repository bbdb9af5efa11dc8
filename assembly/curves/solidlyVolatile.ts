// x·y = k with the fee taken off the input first: Solidly's volatile pairs.
//
//   in' = in - floor(in·fee)      amountOut = floor(in'·Rout / (Rin + in'))
//
// Source: Aerodrome and Velodrome V2, Pool._getAmountOut. It rounds
// differently from V2: the fee is rounded down on its own, for the trader.

import { STATUS_OK, STATUS_REVERTS } from '../layout'
import * as u256 from '../math/uint256'

const PIPS: u32 = 1000000

const million = memory.data(32, 16)
const fee = memory.data(32, 16)
const afterFee = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)

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

/** The least amountIn whose getAmountOut is at least amountOut. */
export function leastAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (!u256.lessThan(amountOut, reserveOut)) return STATUS_REVERTS
  if (u256.mul(numerator, amountOut, reserveIn)) return STATUS_REVERTS
  u256.sub(denominator, reserveOut, amountOut)
  u256.divRoundingUp(afterFee, numerator, denominator)
  return addFee(out, afterFee, feePips) ? STATUS_REVERTS : STATUS_OK
}

/** out = amount - floor(amount·fee); returns whether it overflowed. */
export function takeFee(out: usize, amount: usize, feePips: u32): bool {
  if (u256.mul32(fee, amount, feePips)) return true
  u256.set64(million, PIPS)
  u256.div(fee, fee, million)
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
  if (u256.mul32(out, out, PIPS)) return true
  u256.set64(million, PIPS - feePips)
  u256.div(out, out, million)
  return u256.add64(out, out, 1)
}
