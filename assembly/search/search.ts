// What TypeScript calls: prepare a search for some base tokens, run it over
// the market or over its changed pools. settle.ts takes the survivors on.

import { MAX_BASES, MAX_HOPS, STATUS_CAPACITY, STATUS_OK } from '../layout'
import { exchangePointer } from '../math/exports'
import { poolCount, releaseSearch, take, tokenCount } from '../memory'
import { countOver, searchOver, weighLegsOver } from './changed'
import { countCycles, searchAll } from './cycles'
import { at32, buildGraph, put32 } from './graph'
import {
  acceptAll,
  acceptChanged,
  acceptFirstChanged,
  allocateHits,
  changeOf,
  flushHits,
  hitCount,
  hitsOfBase,
  startHits,
} from './hits'
import { allocateJoin } from './join'
import { layOutLegs, selectBase, slotStart, weighLegs } from './legs'
import { searchPlainly } from './plain'
import {
  allocateSurvivors,
  raiseBar,
  startSurvivors,
  survivorCount,
  survivorsLost,
} from './survivors'

/** Above one changed pool in this many, searching the whole graph is cheaper. */
const FEW_CHANGED = 48
/** Part of one base unit a cycle has to gain in f64 to be worth settling. */
const UNIT_MARGIN: f64 = 0.999

let baseCount: i32 = 0
/** f64 by base: native units one base unit is worth. */
const unitWorth = memory.data(128, 16)
/** u32 list of changed pools. */
let changedPools: usize = 0
/** Cycles of 2, 3 and 4 hops through all bases. */
let cycles2: f64 = 0
let cycles3: f64 = 0
let cycles4: f64 = 0

/**
 * Lays out everything a search needs. The exchange holds `count` u32 base
 * tokens. Memory may grow: take the views again.
 */
export function prepareSearch(count: i32, survivorRoom: i32): i32 {
  releaseSearch()
  baseCount = 0
  if (count > MAX_BASES) return STATUS_CAPACITY
  if (!buildGraph(exchangePointer(), count)) return STATUS_CAPACITY
  changedPools = take(<usize>poolCount << 2)
  if (!allocateHits() || !allocateSurvivors(survivorRoom)) return STATUS_CAPACITY
  cycles2 = 0
  cycles3 = 0
  cycles4 = 0
  let mostSlots = 0
  for (let b = 0; b < count; b++) {
    if (!layOutLegs(b, poolCount * 2)) return STATUS_CAPACITY
    mostSlots = max(mostSlots, widestToken())
    for (let c = b + 1; c < tokenCount; c++) weighLegs(c)
    cycles2 += countCycles(2)
    cycles3 += countCycles(3)
    cycles4 += countCycles(4)
  }
  if (!allocateJoin(mostSlots)) return STATUS_CAPACITY
  baseCount = count
  return STATUS_OK
}

/** Where TypeScript writes the worth of each base, as f64. */
export function unitWorthPointer(): usize {
  return unitWorth
}

/** Where TypeScript writes the changed pools, as u32. */
export function changedPoolsPointer(): usize {
  return changedPools
}

/** Searches all cycles; returns the number of survivors. `limit` 0 keeps all there is room for. */
export function searchMarket(maxHops: i32, limit: i32, bar: f64): i32 {
  start(limit, bar)
  acceptAll()
  searchBases(maxHops)
  return survivorCount
}

/** The same by weighing every cycle one by one: slow, for tests. */
export function searchMarketPlainly(maxHops: i32, limit: i32, bar: f64): i32 {
  start(limit, bar)
  acceptAll()
  for (let b = 0; b < baseCount; b++) {
    enter(b)
    searchPlainly(maxHops)
    flushHits()
  }
  return survivorCount
}

/** Searches the cycles through `count` changed pools; returns the number of survivors. */
export function searchChanged(maxHops: i32, limit: i32, bar: f64, count: i32): i32 {
  start(limit, bar)
  for (let i = 0; i < count; i++) put32(changeOf, at32(changedPools, i), i + 1)
  if (count * FEW_CHANGED > poolCount) {
    acceptChanged()
    searchBases(maxHops)
  } else {
    for (let b = 0; b < baseCount; b++) searchChangedFrom(b, maxHops, count)
  }
  for (let i = 0; i < count; i++) put32(changeOf, at32(changedPools, i), 0)
  return survivorCount
}

/** Cycles the last preparation covers, up to maxHops hops. */
export function cyclesCovered(maxHops: i32): f64 {
  return cycles2 + (maxHops > 2 ? cycles3 : 0) + (maxHops > 3 ? cycles4 : 0)
}

/** Cycles over the first `count` changed pools; one over several of them counts for each. */
export function changedCyclesCovered(maxHops: i32, count: i32): f64 {
  let cycles: f64 = 0
  for (let b = 0; b < baseCount; b++) {
    selectBase(b)
    for (let i = 0; i < count; i++) cycles += countOver(at32(changedPools, i), maxHops)
  }
  return cycles
}

/** Cycles above rate 1 in the last search. */
export function hitsFound(): i32 {
  return hitCount
}

/** Cycles the last search had no room to keep. */
export function survivorsDropped(): i32 {
  return survivorsLost
}

function start(limit: i32, bar: f64): void {
  startHits()
  startSurvivors(limit, bar)
}

function searchBases(maxHops: i32): void {
  for (let b = 0; b < baseCount; b++) {
    enter(b)
    searchAll(min(maxHops, MAX_HOPS))
    flushHits()
  }
}

function searchChangedFrom(b: i32, maxHops: i32, count: i32): void {
  enter(b)
  for (let i = 0; i < count; i++) weighLegsOver(at32(changedPools, i))
  for (let i = 0; i < count; i++) {
    acceptFirstChanged(i + 1)
    searchOver(at32(changedPools, i), maxHops)
  }
  flushHits()
}

function enter(b: i32): void {
  const worth = load<f64>(unitWorth + ((<usize>b) << 3))
  selectBase(b)
  hitsOfBase(b, worth)
  raiseBar(worth * UNIT_MARGIN)
}

/** Most slots any token has. */
function widestToken(): i32 {
  let most = 0
  for (let c = 0; c < tokenCount; c++)
    most = max(most, at32(slotStart, c + 1) - at32(slotStart, c))
  return most
}
