// The linear memory: who owns which bytes.
//
//   | static data | pools | ticks | search: graph, legs, hits, survivors |
//   0             heap                ^ taken anew by each prepareSearch   top
//
// Memory is taken while a market is loaded and a search prepared, never while
// one runs. Whoever calls reserve or prepareSearch takes its views again.
// Pools that join a market use room that was reserved with it: see resize.

import { POOL_STRIDE, STATUS_CAPACITY, STATUS_OK, TICK_STRIDE } from './layout'

const PAGE_BITS = 16
const ALIGNMENT: usize = 63

export let poolsRegion: usize = 0
export let ticksRegion: usize = 0
export let poolCount: i32 = 0
export let tokenCount: i32 = 0

/** Whether the graph of a search lies behind the market: see graph.ts. */
export let graphStands: bool = false

/** Pool records that are reserved: more than there are pools, where a market may grow. */
let poolRoom: i32 = 0
let top: usize = 0
let searchStart: usize = 0

/** Sizes the regions of a market, all records zero; forgets what was there. */
export function reserve(pools: i32, tokens: i32, ticks: i32): i32 {
  graphStands = false
  poolCount = pools
  poolRoom = pools
  tokenCount = tokens
  top = (__heap_base + ALIGNMENT) & ~ALIGNMENT
  poolsRegion = take(<usize>pools * POOL_STRIDE)
  ticksRegion = take(<usize>ticks * TICK_STRIDE)
  searchStart = top
  if (!poolsRegion || !ticksRegion) return STATUS_CAPACITY
  memory.fill(poolsRegion, 0, searchStart - poolsRegion)
  return STATUS_OK
}

/**
 * Another number of pools and tokens, in the memory that is reserved. The first
 * records stay, those that join are zero; the next search has to be prepared.
 */
export function resize(pools: i32, tokens: i32): i32 {
  if (pools > poolRoom) return STATUS_CAPACITY
  releaseSearch()
  if (pools > poolCount)
    memory.fill(poolRecord(poolCount), 0, <usize>(pools - poolCount) * POOL_STRIDE)
  poolCount = pools
  tokenCount = tokens
  return STATUS_OK
}

/** Gives back what the last search was prepared with. */
export function releaseSearch(): void {
  graphStands = false
  top = searchStart
}

/** From here on changes of pools are taken over into the graph. */
export function graphBuilt(): void {
  graphStands = true
}

/** `bytes` of memory at a multiple of 64, or 0 where there is none left. */
export function take(bytes: usize): usize {
  const start = top
  const end = (start + bytes + ALIGNMENT) & ~ALIGNMENT
  if (end < start) return 0
  const have = <usize>memory.size() << PAGE_BITS
  if (end > have) {
    const pages = (end - have + 0xffff) >> PAGE_BITS
    if (memory.grow(<i32>pages) < 0) return 0
  }
  top = end
  return start
}

// @ts-ignore: decorator
@inline
export function poolRecord(pool: i32): usize {
  return poolsRegion + <usize>pool * POOL_STRIDE
}
