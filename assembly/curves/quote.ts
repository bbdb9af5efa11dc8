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
  STATUS_OK,
} from '../layout'
import * as u256 from '../math/uint256'
import { approximateStableInput } from './approximate'
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
  if (family == FAMILY_CONCENTRATED)
    return swapConcentrated(amountOut, pool, zeroForOne, true, amountIn)
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
  const family = load<u32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONCENTRATED)
    return swapConcentrated(amountIn, pool, zeroForOne, false, amountOut)
  if (family != FAMILY_CONSTANT_PRODUCT)
    return leastAmountInOf(amountIn, pool, zeroForOne, amountOut)
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  return constantProduct.getAmountIn(
    amountIn, amountOut, reserveIn, reserveOut, load<u32>(pool + POOL_FEE_PIPS),
  )
}

/** amountIn = the least input that pays amountOut. */
export function leastAmountInOf(
  amountIn: usize,
  pool: usize,
  zeroForOne: bool,
  amountOut: usize,
): i32 {
  const family = load<u32>(pool + POOL_FAMILY)
  if (family == FAMILY_CONCENTRATED)
    return leastConcentrated(amountIn, pool, zeroForOne, amountOut)
  if (family == FAMILY_SOLIDLY_STABLE)
    return solidlyStable.leastAmountIn(
      amountIn, pool, zeroForOne, amountOut, approximateStableInput(pool, zeroForOne, amountOut),
    )
  const reserveIn = pool + (zeroForOne ? POOL_RESERVE0 : POOL_RESERVE1)
  const reserveOut = pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0)
  const feePips = load<u32>(pool + POOL_FEE_PIPS)
  return family == FAMILY_CONSTANT_PRODUCT
    ? constantProduct.leastAmountIn(amountIn, amountOut, reserveIn, reserveOut, feePips)
    : solidlyVolatile.leastAmountIn(amountIn, amountOut, reserveIn, reserveOut, feePips)
}

/** out = the amount that was not given. */
function swapConcentrated(
  out: usize,
  pool: usize,
  zeroForOne: bool,
  exactIn: bool,
  amount: usize,
): i32 {
  farthestPrice(limit, zeroForOne)
  return exactIn
    ? concentrated.swap(unused, out, pool, zeroForOne, true, amount, limit)
    : concentrated.swap(out, unused, pool, zeroForOne, false, amount, limit)
}

/**
 * The contract's exact-out swap rounds what it takes up, step by step: a little
 * less may pay the same. Bisects from there down to the least that does.
 */
function leastConcentrated(
  amountIn: usize,
  pool: usize,
  zeroForOne: bool,
  amountOut: usize,
): i32 {
  u256.copy(asked, amountOut)
  const status = swapConcentrated(enough, pool, zeroForOne, false, asked)
  const atTheEnd = concentrated.end != END_FILLED
  if (status != STATUS_OK || (atTheEnd && !u256.equals(unused, asked))) {
    u256.copy(amountIn, enough)
    return status
  }
  // About what one unit of output costs; below that less is paid for certain, or nearly.
  u256.div(stride, enough, asked)
  u256.add64(stride, stride, 1)
  u256.set64(tooLittle, 0)
  while (u256.lessThan(stride, enough)) {
    u256.sub(candidate, enough, stride)
    if (!pays(pool, zeroForOne)) {
      u256.copy(tooLittle, candidate)
      break
    }
    u256.copy(enough, candidate)
    u256.add(stride, stride, stride)
  }
  for (;;) {
    u256.sub(candidate, enough, tooLittle)
    if (u256.bitLength(candidate) <= 1) break
    u256.halve(candidate)
    u256.add(candidate, candidate, tooLittle)
    if (pays(pool, zeroForOne)) u256.copy(enough, candidate)
    else u256.copy(tooLittle, candidate)
  }
  if (atTheEnd) {
    // Paid in full at the end of what is known: less may do, clear of it.
    u256.copy(candidate, enough)
    pays(pool, zeroForOne)
  }
  u256.copy(amountIn, enough)
  return STATUS_OK
}

const asked = memory.data(32, 16)
const enough = memory.data(32, 16)
const tooLittle = memory.data(32, 16)
const stride = memory.data(32, 16)
const candidate = memory.data(32, 16)
const received = memory.data(32, 16)

/** Whether `candidate` pays what was asked. */
function pays(pool: usize, zeroForOne: bool): bool {
  return (
    swapConcentrated(received, pool, zeroForOne, true, candidate) == STATUS_OK &&
    !u256.lessThan(received, asked)
  )
}

/** The price limit that stops nobody: MIN_SQRT_RATIO + 1 or MAX_SQRT_RATIO - 1. */
function farthestPrice(out: usize, zeroForOne: bool): void {
  getSqrtRatioAtTick(out, zeroForOne ? MIN_TICK : MAX_TICK)
  if (zeroForOne) u256.add64(out, out, 1)
  else u256.sub64(out, out, 1)
}
