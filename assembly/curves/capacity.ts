// The most input a pool can have a use for, in f64.

import {
  FAMILY_CONCENTRATED,
  POOL_APPROXIMATE_KNOWN_HIGH,
  POOL_APPROXIMATE_KNOWN_LOW,
  POOL_APPROXIMATE_LIQUIDITY,
  POOL_APPROXIMATE_SQRT_PRICE,
  POOL_FAMILY,
  POOL_FEE_PIPS,
  POOL_RATE0,
  POOL_RATE1,
  POOL_RESERVE0,
  POOL_RESERVE1,
  POOL_TICK,
  TICK_APPROXIMATE_NET,
  TICK_APPROXIMATE_SQRT,
} from '../layout'
import * as u256 from '../math/uint256'
import { behindTick } from './approximate'
import { cursorAt, hasTick, tickRecord } from './concentrated'
import { approximateGamma } from './fee'

/**
 * No cycle gains by selling more than this: a concentrated pool's known
 * liquidity takes no more; any other pays at its marginal rate at best and
 * never more than its reserve, which is reached here.
 */
export function capacity(pool: usize, zeroForOne: bool): f64 {
  if (load<u32>(pool + POOL_FAMILY) == FAMILY_CONCENTRATED)
    return knownCapacity(pool, zeroForOne)
  const reserveOut = u256.approximate(pool + (zeroForOne ? POOL_RESERVE1 : POOL_RESERVE0))
  return reserveOut / load<f64>(pool + (zeroForOne ? POOL_RATE0 : POOL_RATE1))
}

/** Input that moves the price to the end of the known ticks. */
function knownCapacity(pool: usize, zeroForOne: bool): f64 {
  const last = load<f64>(
    pool + (zeroForOne ? POOL_APPROXIMATE_KNOWN_LOW : POOL_APPROXIMATE_KNOWN_HIGH),
  )
  let s = load<f64>(pool + POOL_APPROXIMATE_SQRT_PRICE)
  let liquidity = load<f64>(pool + POOL_APPROXIMATE_LIQUIDITY)
  let most = liquidity
  let cursor = cursorAt(pool, load<i32>(pool + POOL_TICK), zeroForOne)
  let input: f64 = 0
  while (true) {
    const inside = hasTick(pool, cursor)
    const record = tickRecord(pool, cursor)
    const border = inside ? load<f64>(record + TICK_APPROXIMATE_SQRT) : last
    input += liquidity * (zeroForOne ? 1 / border - 1 / s : border - s)
    if (!inside) return input / approximateGamma(load<u32>(pool + POOL_FEE_PIPS))
    const net = load<f64>(record + TICK_APPROXIMATE_NET)
    most = max(most, liquidity)
    liquidity = behindTick(liquidity, zeroForOne ? -net : net, most)
    s = border
    cursor += zeroForOne ? -1 : 1
  }
}
