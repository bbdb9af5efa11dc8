// One swap through any pool: picks the family's formula.

import {
  END_FILLED,
  FAMILY_CONCENTRATED,
  FAMILY_CONSTANT_PRODUCT,
  FAMILY_SOLIDLY_STABLE,
  POOL_FAMILY,
  POOL_FEE_PIPS,
  POOL_RESERVE0,
  POOL_RESERVE1,
} from '../layout'
import * as u256 from '../math/uint256'
import * as concentrated from './concentrated'
import * as constantProduct from './constantProduct'
import * as solidlyStable from './solidlyStable'
import * as solidlyVolatile from './solidlyVolatile'
import { getSqrtRatioAtTick, MAX_TICK, MIN_TICK } from './tickMath'

const limit = memory.data(32, 16)
const unused = memory.data(32, 16)

/** How the last quote ended: an END code. */
// @ts-ignore: decorator
@inline
export function quoteEnd(pool: usize): i32 {
  return load<u32>(pool + POOL_FAMILY) == FAMILY_CONCENTRATED
    ? concentrated.end
    : END_FILLED
}

/** amountOut = what the pool pays for amountIn; the whole input is taken where quoteEnd says filled. */
export function amountOutOf(
  amountOut: usize,
  pool: usize,
  zeroForOne: bool,
  amountIn: usize,
): i32 {
  const family = load<u32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONCENTRATED) {
    farthestPrice(limit, zeroForOne)
    return concentrated.swap(unused, amountOut, pool, zeroForOne, true, amountIn, limit)
  }
  if (family == FAMILY_SOLIDLY_STABLE)
    return solidlyStable.getAmountOut(amountOut, pool, zeroForOne, amountIn)
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  const feePips = load<u32>(pool + POOL_FEE_PIPS)
  return family == FAMILY_CONSTANT_PRODUCT
    ? constantProduct.getAmountOut(amountOut, amountIn, reserveIn, reserveOut, feePips)
    : solidlyVolatile.getAmountOut(amountOut, amountIn, reserveIn, reserveOut, feePips)
}

/** amountIn = what the pool's own exact-out formula asks for amountOut. */
export function amountInOf(
  amountIn: usize,
  pool: usize,
  zeroForOne: bool,
  amountOut: usize,
): i32 {
  if (load<u32>(pool + POOL_FAMILY) != FAMILY_CONSTANT_PRODUCT)
    return leastAmountInOf(amountIn, pool, zeroForOne, amountOut)
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  return constantProduct.getAmountIn(
    amountIn, amountOut, reserveIn, reserveOut, load<u32>(pool + POOL_FEE_PIPS),
  )
}

/**
 * amountIn = the least input that pays amountOut. For concentrated pools what
 * the contract's exact-out swap takes, which rounding may leave a little above
 * the least.
 */
export function leastAmountInOf(
  amountIn: usize,
  pool: usize,
  zeroForOne: bool,
  amountOut: usize,
): i32 {
  const family = load<u32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONCENTRATED) {
    farthestPrice(limit, zeroForOne)
    return concentrated.swap(amountIn, unused, pool, zeroForOne, false, amountOut, limit)
  }
  if (family == FAMILY_SOLIDLY_STABLE)
    return solidlyStable.leastAmountIn(amountIn, pool, zeroForOne, amountOut)
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  const feePips = load<u32>(pool + POOL_FEE_PIPS)
  return family == FAMILY_CONSTANT_PRODUCT
    ? constantProduct.leastAmountIn(amountIn, amountOut, reserveIn, reserveOut, feePips)
    : solidlyVolatile.leastAmountIn(amountIn, amountOut, reserveIn, reserveOut, feePips)
}

/** The price limit that stops nobody: MIN_SQRT_RATIO + 1 or MAX_SQRT_RATIO - 1. */
function farthestPrice(out: usize, zeroForOne: bool): void {
  getSqrtRatioAtTick(out, zeroForOne ? MIN_TICK : MAX_TICK)
  if (zeroForOne) u256.add64(out, out, 1)
  else u256.sub64(out, out, 1)
}
