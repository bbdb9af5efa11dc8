import {
  FAMILY_CONCENTRATED,
  FAMILY_CONSTANT_PRODUCT,
  FAMILY_SOLIDLY_STABLE,
  FAMILY_SOLIDLY_VOLATILE,
  POOL_DECIMALS0,
  POOL_DECIMALS1,
  POOL_FAMILY,
  POOL_FEE_PIPS,
  POOL_FIRST_TICK,
  POOL_KNOWN_HIGH,
  POOL_KNOWN_LOW,
  POOL_LIQUIDITY,
  POOL_RESERVE0,
  POOL_RESERVE1,
  POOL_SQRT_PRICE,
  POOL_STRIDE,
  POOL_TICK,
  POOL_TICK_COUNT,
  POOL_TICK_ROOM,
  POOL_TICK_SPACING,
  POOL_TOKEN0,
  POOL_TOKEN1,
  STATUS_OK,
  TICK_INDEX,
  TICK_LIQUIDITY_NET,
  TICK_STRIDE,
} from '../../../assembly/layout.ts'
import type { EngineGraph, EnginePool } from '../engine.ts'
import { EngineCapacityError, PoolInvalidError } from '../errors.ts'
import type { ConcentratedState, PoolFamily, PoolState } from '../poolState.ts'
import { maxTick, minTick } from '../reference/tickMath.ts'
import type { Kernel } from './instantiate.ts'
import { writeUint256 } from './words.ts'

const familyCodes: Readonly<Record<PoolFamily, number>> = {
  constantProduct: FAMILY_CONSTANT_PRODUCT,
  solidlyVolatile: FAMILY_SOLIDLY_VOLATILE,
  solidlyStable: FAMILY_SOLIDLY_STABLE,
  concentrated: FAMILY_CONCENTRATED,
}

type Ticks = readonly (readonly [number, bigint])[]

/** Writes pools into the kernel's records: the only place that knows their layout. */
export class PoolRecords {
  readonly #kernel: Kernel
  readonly #pools: number
  readonly #ticksStart: number
  readonly #tickCapacity: number
  #poolCount: number
  /** First tick record that no pool has. */
  #nextTick = 0
  /** The state last written for each pool: an unchanged list of ticks is not written again. */
  readonly #written: (PoolState | undefined)[] = []
  #numbers: DataView
  #words: BigUint64Array<ArrayBuffer>

  /** Sizes the kernel for a graph and writes all its pools. */
  constructor(kernel: Kernel, graph: EngineGraph) {
    const { pools, tokenCount } = graph
    this.#kernel = kernel
    this.#poolCount = pools.length
    this.#tickCapacity = withRoom(tickRecords(pools), spareTicks)
    const poolRoom = withRoom(pools.length, sparePools)
    const status = kernel.reserve(poolRoom, tokenCount, this.#tickCapacity)
    if (status !== STATUS_OK)
      throw new EngineCapacityError(
        `a market of ${pools.length} pools does not fit the engine's memory`,
        {
          facts: { pools: pools.length, ticks: this.#tickCapacity },
          hint: 'split the market, or leave out pools without liquidity',
        },
      )
    kernel.resize(pools.length, tokenCount)
    this.#pools = kernel.poolsPointer()
    this.#ticksStart = kernel.ticksPointer()
    this.#numbers = new DataView(kernel.memory.buffer)
    this.#words = new BigUint64Array(kernel.memory.buffer)
    for (const [index, pool] of pools.entries()) this.#add(index, pool)
  }

  /**
   * Writes pools behind those there are. Returns false where there is no room
   * for them: the graph has to be loaded anew.
   *
   * @throws PoolInvalidError: then they have to be taken away again.
   */
  append(pools: readonly EnginePool[], tokenCount: number): boolean {
    const first = this.#poolCount
    const count = first + pools.length
    if (this.#nextTick + tickRecords(pools) > this.#tickCapacity) return false
    if (this.#kernel.resize(count, tokenCount) !== STATUS_OK) return false
    this.#poolCount = count
    for (const [i, pool] of pools.entries()) this.#add(first + i, pool)
    return true
  }

  /** Takes the last pools away; so many stay. Their ticks' records are free again when all is laid out anew. */
  truncate(poolCount: number, tokenCount: number): void {
    this.#poolCount = poolCount
    this.#written.length = Math.min(this.#written.length, poolCount)
    this.#kernel.resize(poolCount, tokenCount)
  }

  /** Takes the views again: call after anything that may have grown the memory. */
  refresh(): void {
    this.#numbers = new DataView(this.#kernel.memory.buffer)
    this.#words = new BigUint64Array(this.#kernel.memory.buffer)
  }

  /**
   * Writes a pool's new state. Returns false where its ticks have outgrown the
   * room they were given and none is left: the graph has to be loaded anew.
   */
  write(index: number, state: PoolState): boolean {
    const ticksChanged = !haveSameTicks(this.#written[index], state)
    if (ticksChanged && !this.#writeTicks(index, ticksOf(state))) return false
    this.#written[index] = state
    const at = this.#pools + index * POOL_STRIDE
    const numbers = this.#numbers
    numbers.setUint32(at + POOL_FAMILY, familyCodes[state.family], true)
    numbers.setUint32(at + POOL_FEE_PIPS, state.feePips, true)
    const words = at / 8
    if (state.family === 'concentrated') {
      numbers.setInt32(at + POOL_TICK_SPACING, wordSpacing(state), true)
      numbers.setInt32(at + POOL_TICK, state.tick, true)
      const [knownLow, knownHigh] = knownToTheEnds(state)
      numbers.setInt32(at + POOL_KNOWN_LOW, knownLow, true)
      numbers.setInt32(at + POOL_KNOWN_HIGH, knownHigh, true)
      writeUint256(this.#words, words + POOL_SQRT_PRICE / 8, state.sqrtPriceX96)
      writeUint256(this.#words, words + POOL_LIQUIDITY / 8, state.liquidity)
    } else {
      writeUint256(this.#words, words + POOL_RESERVE0 / 8, state.reserves[0])
      writeUint256(this.#words, words + POOL_RESERVE1 / 8, state.reserves[1])
    }
    if (state.family === 'solidlyStable') {
      numbers.setUint32(at + POOL_DECIMALS0, state.decimals[0], true)
      numbers.setUint32(at + POOL_DECIMALS1, state.decimals[1], true)
    }
    if (this.#kernel.poolWritten(index, ticksChanged) !== STATUS_OK)
      throw new PoolInvalidError(`pool ${index} has a state no contract has`, {
        facts: { pool: index, family: state.family },
      })
    return true
  }

  #add(index: number, pool: EnginePool): void {
    const at = this.#pools + index * POOL_STRIDE
    this.#numbers.setUint32(at + POOL_TOKEN0, pool.tokens[0], true)
    this.#numbers.setUint32(at + POOL_TOKEN1, pool.tokens[1], true)
    this.#placeTicks(at, ticksOf(pool.state).length)
    this.write(index, pool.state)
  }

  /** Gives a pool fresh tick records, and says whether there were enough left. */
  #placeTicks(at: number, count: number): boolean {
    const room = tickRoom(count)
    if (this.#nextTick + room > this.#tickCapacity) return false
    this.#numbers.setUint32(at + POOL_FIRST_TICK, this.#nextTick, true)
    this.#numbers.setUint32(at + POOL_TICK_ROOM, room, true)
    this.#nextTick += room
    return true
  }

  #writeTicks(index: number, ticks: Ticks): boolean {
    const at = this.#pools + index * POOL_STRIDE
    const numbers = this.#numbers
    const room = numbers.getUint32(at + POOL_TICK_ROOM, true)
    if (ticks.length > room && !this.#placeTicks(at, ticks.length)) return false
    numbers.setUint32(at + POOL_TICK_COUNT, ticks.length, true)
    const first = numbers.getUint32(at + POOL_FIRST_TICK, true)
    for (const [i, [tick, liquidityNet]] of ticks.entries()) {
      const record = this.#ticksStart + (first + i) * TICK_STRIDE
      numbers.setInt32(record + TICK_INDEX, tick, true)
      numbers.setBigInt64(
        record + TICK_LIQUIDITY_NET,
        BigInt.asIntN(64, liquidityNet),
        true,
      )
      numbers.setBigInt64(
        record + TICK_LIQUIDITY_NET + 8,
        liquidityNet >> 64n,
        true,
      )
    }
    return true
  }
}

/** Records kept free, so that pools can join without all being laid out anew. */
const sparePools = 16
const spareTicks = 256

/** An eighth more, and a few. */
function withRoom(count: number, few: number): number {
  return count + (count >> 3) + few
}

function tickRecords(pools: readonly EnginePool[]): number {
  return pools.reduce(
    (sum, { state }) => sum + tickRoom(ticksOf(state).length),
    0,
  )
}

const noTicks: Ticks = []

function ticksOf(state: PoolState): Ticks {
  return state.family === 'concentrated' ? state.ticks : noTicks
}

/** The kernel takes a spacing of 0 for a list of ticks, which has no words. */
function wordSpacing({ tickSearch, tickSpacing }: ConcentratedState): number {
  return tickSearch === 'list' ? 0 : tickSpacing
}

/** Without the spacing the kernel could not tell that the last usable tick is known. */
function knownToTheEnds(state: ConcentratedState): readonly [number, number] {
  const { tickSearch, tickSpacing, knownTicks } = state
  if (tickSearch !== 'list') return knownTicks
  const lastUsable = Math.floor(maxTick / tickSpacing) * tickSpacing
  const [low, high] = knownTicks
  return [
    low <= -lastUsable ? minTick : low,
    high >= lastUsable ? maxTick : high,
  ]
}

/** Whether the same lists stand behind both states: states are immutable, so identity tells. */
function haveSameTicks(before: PoolState | undefined, now: PoolState): boolean {
  return (
    before?.family === 'concentrated' &&
    now.family === 'concentrated' &&
    before.ticks === now.ticks &&
    before.knownTicks === now.knownTicks
  )
}

/** Tick records a pool is given: an eighth more than it has, so that most mints fit. */
function tickRoom(count: number): number {
  return count === 0 ? 0 : withRoom(count, 4)
}
