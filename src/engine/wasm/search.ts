import {
  MAX_HOPS,
  RESULT_AMOUNTS,
  RESULT_BASE,
  RESULT_EDGES,
  RESULT_HOPS,
  RESULT_STATUS,
  RESULT_STRIDE,
  STATUS_OK,
  U256_BYTES,
} from '../../../assembly/layout.ts'
import type {
  EngineCycle,
  EngineGraph,
  EngineScan,
  EngineScanOptions,
} from '../engine.ts'
import { EngineCapacityError } from '../errors.ts'
import type { Kernel } from './instantiate.ts'
import { readUint256 } from './words.ts'

/** Survivors there is room for before anybody asks for more. */
const usualRoom = 1024
/** A base of unknown worth ranks last but is not lost. */
const leastWorth = 1e-300

/** Runs the kernel's search and copies out what it found. */
export class Search {
  readonly #kernel: Kernel
  readonly #onGrow: () => void
  #pools: EngineGraph['pools'] = []
  #changed = new Set<number>()
  /** The base tokens the kernel is prepared for, as one string; empty: none. */
  #prepared = ''
  #room = usualRoom

  /** `onGrow` is called when the memory may have grown: views are stale then. */
  constructor(kernel: Kernel, onGrow: () => void) {
    this.#kernel = kernel
    this.#onGrow = onGrow
  }

  /** A new graph was loaded. */
  reset(pools: EngineGraph['pools']): void {
    this.#pools = pools
    this.#changed.clear()
    this.forgetPreparation()
  }

  /** The records were laid out anew: the next search prepares itself again. */
  forgetPreparation(): void {
    this.#prepared = ''
  }

  changed(pool: number): void {
    this.#changed.add(pool)
  }

  all(options: EngineScanOptions): EngineScan {
    const { maxHops } = options
    const cycles = this.#run(options, (limit, bar) =>
      this.#kernel.searchMarket(maxHops, limit, bar),
    )
    const cyclesChecked = BigInt(this.#kernel.cyclesCovered(maxHops))
    return this.#finish(cyclesChecked, cycles)
  }

  changedOnly(options: EngineScanOptions): EngineScan {
    const { maxHops } = options
    this.#prepare(options)
    const list = new Uint32Array(
      this.#kernel.memory.buffer,
      this.#kernel.changedPoolsPointer(),
      this.#changed.size,
    )
    let next = 0
    for (const pool of this.#changed) list[next++] = pool
    const cycles = this.#run(options, (limit, bar) =>
      this.#kernel.searchChanged(maxHops, limit, bar, next),
    )
    const cyclesChecked = BigInt(
      this.#kernel.changedCyclesCovered(maxHops, next),
    )
    return this.#finish(cyclesChecked, cycles)
  }

  #finish(cyclesChecked: bigint, cycles: readonly EngineCycle[]): EngineScan {
    this.#changed.clear()
    return { cyclesChecked, profitable: this.#kernel.hitsFound(), cycles }
  }

  /** Searches, again with more room where all were wanted and not all fitted. */
  #run(
    options: EngineScanOptions,
    search: (limit: number, bar: number) => number,
  ): readonly EngineCycle[] {
    if (options.limit > this.#room) this.#makeRoom(options, options.limit)
    this.#prepare(options)
    let survivors = search(options.limit, options.approximateMinProfit)
    const lost = this.#kernel.survivorsDropped()
    if (lost > 0) {
      this.#makeRoom(options, survivors + lost)
      survivors = search(options.limit, options.approximateMinProfit)
    }
    const cycles = this.#settle(survivors, options)
    return cycles.map(({ cycle }) => cycle)
  }

  /** Lays the search out for these base tokens, unless it already is. */
  #prepare({ bases }: EngineScanOptions): void {
    const kernel = this.#kernel
    const key = bases.map(({ token }) => token).join()
    if (key !== this.#prepared) {
      const tokens = new Uint32Array(
        kernel.memory.buffer,
        kernel.exchangePointer(),
        bases.length,
      )
      for (const [index, { token }] of bases.entries()) tokens[index] = token
      const status = kernel.prepareSearch(bases.length, this.#room)
      this.#onGrow()
      if (status !== STATUS_OK)
        throw new EngineCapacityError(
          'the search does not fit the memory WebAssembly can give',
          {
            facts: { pools: this.#pools.length, bases: bases.length },
            hint: 'search from fewer base tokens (16 at most), or a smaller market',
          },
        )
      this.#prepared = key
    }
    const worths = new Float64Array(
      kernel.memory.buffer,
      kernel.unitWorthPointer(),
      bases.length,
    )
    for (const [index, { approximateNativeRate }] of bases.entries())
      worths[index] = Math.max(approximateNativeRate, leastWorth)
  }

  #makeRoom(options: EngineScanOptions, room: number): void {
    this.#room = room
    this.forgetPreparation()
    // Preparing forgets no changed pool: their rates are in the records.
    this.#prepare(options)
  }

  /** Settles the survivors in exact integers, the most profitable first. */
  #settle(
    survivors: number,
    { bases }: EngineScanOptions,
  ): readonly { cycle: EngineCycle; profit: number }[] {
    const settled: { cycle: EngineCycle; profit: number }[] = []
    for (let first = 0; first < survivors; ) {
      const count = this.#kernel.settle(first)
      const view = new ResultView(this.#kernel)
      for (let i = 0; i < count; i++) {
        if (!view.gains(i)) continue
        const cycle = view.cycle(i, this.#pools)
        const { approximateNativeRate } = bases[view.base(i)]!
        const gain = Number(cycle.amounts.at(-1)! - cycle.amounts[0]!)
        settled.push({
          cycle,
          profit: gain * Math.max(approximateNativeRate, leastWorth),
        })
      }
      first += count
    }
    return settled.sort((a, b) => b.profit - a.profit)
  }
}

/** Reads the kernel's result records; what it hands out are copies. */
class ResultView {
  readonly #start: number
  readonly #numbers: DataView
  readonly #words: BigUint64Array<ArrayBuffer>

  constructor(kernel: Kernel) {
    this.#start = kernel.resultsPointer()
    this.#numbers = new DataView(kernel.memory.buffer)
    this.#words = new BigUint64Array(kernel.memory.buffer)
  }

  gains(index: number): boolean {
    return this.#number(index, RESULT_STATUS) === STATUS_OK
  }

  base(index: number): number {
    return this.#number(index, RESULT_BASE)
  }

  cycle(index: number, graph: EngineGraph['pools']): EngineCycle {
    const hops = this.#number(index, RESULT_HOPS)
    const tokens: number[] = []
    const pools: number[] = []
    const zeroForOne: boolean[] = []
    for (let hop = 0; hop < Math.min(hops, MAX_HOPS); hop++) {
      const edge = this.#number(index, RESULT_EDGES + 4 * hop)
      const pool = edge >>> 1
      const direction = edge & 1
      pools.push(pool)
      zeroForOne.push(direction === 0)
      tokens.push(graph[pool]!.tokens[direction as 0 | 1])
    }
    const at = (this.#start + index * RESULT_STRIDE + RESULT_AMOUNTS) / 8
    const amounts: bigint[] = []
    for (let i = 0; i <= hops; i++)
      amounts.push(readUint256(this.#words, at + (i * U256_BYTES) / 8))
    return { tokens, pools, zeroForOne, amounts }
  }

  #number(index: number, offset: number): number {
    return this.#numbers.getUint32(
      this.#start + index * RESULT_STRIDE + offset,
      true,
    )
  }
}
