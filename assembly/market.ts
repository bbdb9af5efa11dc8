// Pools in the kernel: what TypeScript calls after it wrote a record, and quotes.

import { refreshRates, refreshTicks } from './curves/approximate'
import * as concentrated from './curves/concentrated'
import { amountInOf, amountOutOf, quoteEnd } from './curves/quote'
import { FAMILY_CONCENTRATED, POOL_FAMILY, STATUS_OK, U256_BYTES } from './layout'
import { slot } from './math/exports'
import * as u256 from './math/uint256'
import { poolRecord, poolsRegion, ticksRegion } from './memory'
import { rateChanged } from './search/graph'

export function poolsPointer(): usize {
  return poolsRegion
}

export function ticksPointer(): usize {
  return ticksRegion
}

/** After a pool's record (and its ticks, if ticksChanged) was written: derives the rest. */
export function poolWritten(pool: i32, ticksChanged: bool): i32 {
  const record = poolRecord(pool)
  if (ticksChanged && load<u32>(record + POOL_FAMILY) == FAMILY_CONCENTRATED)
    refreshTicks(record)
  const status = refreshRates(record)
  if (status == STATUS_OK) rateChanged(pool)
  return status
}

/** Slot 0: the input, slot 1: the price limit. Slots 4 and 5: what the pool takes and pays. */
export function quoteExactIn(pool: i32, zeroForOne: bool): i32 {
  const record = poolRecord(pool)
  if (load<u32>(record + POOL_FAMILY) == FAMILY_CONCENTRATED)
    return concentrated.swap(slot(4), slot(5), record, zeroForOne, true, slot(0), slot(1))
  u256.copy(slot(4), slot(0))
  return amountOutOf(slot(5), record, zeroForOne, slot(0))
}

/** Slot 0: the output, slot 1: the price limit. Slots 4 and 5: what the pool takes and pays. */
export function quoteExactOut(pool: i32, zeroForOne: bool): i32 {
  const record = poolRecord(pool)
  if (load<u32>(record + POOL_FAMILY) == FAMILY_CONCENTRATED)
    return concentrated.swap(slot(4), slot(5), record, zeroForOne, false, slot(0), slot(1))
  u256.copy(slot(5), slot(0))
  return amountInOf(slot(4), record, zeroForOne, slot(0))
}

/** How the last quote of a pool ended: an END code. */
export function lastQuoteEnd(pool: i32): i32 {
  return quoteEnd(poolRecord(pool))
}

/**
 * Many exact-in quotes: request i sells amounts[i] (u256) into edges[i]
 * (pool × 2 + direction); amounts[i] becomes the output, or 0 where the pool
 * reverts. Returns how many were not filled in full.
 */
export function quoteBatch(edges: usize, amounts: usize, count: i32): i32 {
  let failures = 0
  for (let i = 0; i < count; i++) {
    const edge = load<u32>(edges + ((<usize>i) << 2))
    const amount = amounts + <usize>i * U256_BYTES
    const pool = poolRecord(edge >> 1)
    if (amountOutOf(amount, pool, !(edge & 1), amount) != STATUS_OK) {
      u256.set64(amount, 0)
      failures++
    } else if (quoteEnd(pool)) failures++
  }
  return failures
}
