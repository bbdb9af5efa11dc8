// x·y = k with the fee inside the formula: Uniswap V2 and its forks.
//
//   amountOut = floor(in·keep·Rout / (Rin·scale + in·keep))
//
// Source: Uniswap v2-periphery UniswapV2Library. Every rounding favours the
// pool. Arguments are pointers to u256; results are STATUS codes.

import { STATUS_OK, STATUS_REVERTS } from '../layout'
import * as u256 from '../math/uint256'
import { feeDenominator, feeKeep } from './fee'

const withFee = memory.data(32, 16)
const numerator = memory.data(32, 16)
const denominator = memory.data(32, 16)

/** UniswapV2Library.getAmountOut: rounds down. */
export function getAmountOut(
  out: usize,
  amountIn: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(amountIn)) return STATUS_REVERTS
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return STATUS_REVERTS
  const scale = feeDenominator(feePips)
  const keep = feeKeep(feePips, scale)
  if (u256.mul32(withFee, amountIn, keep)) return STATUS_REVERTS
  if (u256.mul(numerator, withFee, reserveOut)) return STATUS_REVERTS
  if (u256.mul32(denominator, reserveIn, scale)) return STATUS_REVERTS
  if (u256.add(denominator, denominator, withFee)) return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return STATUS_OK
}

/** UniswapV2Library.getAmountIn: floor plus one, whether or not the division is even. */
export function getAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (u256.isZero(amountOut)) return STATUS_REVERTS
  if (!prepareInverse(amountOut, reserveIn, reserveOut, feePips))
    return STATUS_REVERTS
  u256.div(out, numerator, denominator)
  return u256.add64(out, out, 1) ? STATUS_REVERTS : STATUS_OK
}

/** The least amountIn whose getAmountOut is at least amountOut: the exact inverse. */
export function leastAmountIn(
  out: usize,
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): i32 {
  if (!prepareInverse(amountOut, reserveIn, reserveOut, feePips))
    return STATUS_REVERTS
  u256.divRoundingUp(out, numerator, denominator)
  return STATUS_OK
}

/** numerator = Rin·out·scale, denominator = (Rout - out)·keep; false where the contract reverts. */
function prepareInverse(
  amountOut: usize,
  reserveIn: usize,
  reserveOut: usize,
  feePips: u32,
): bool {
  if (u256.isZero(reserveIn) || u256.isZero(reserveOut)) return false
  if (!u256.lessThan(amountOut, reserveOut)) return false
  const scale = feeDenominator(feePips)
  if (u256.mul(numerator, reserveIn, amountOut)) return false
  if (u256.mul32(numerator, numerator, scale)) return false
  u256.sub(denominator, reserveOut, amountOut)
  return !u256.mul32(denominator, denominator, feeKeep(feePips, scale))
}
