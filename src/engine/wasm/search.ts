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
  EngineBase,
  EngineCycle,
  EngineGraph,
  EngineScan,
  EngineScanOptions,
} from '../engine.ts'
import { EngineCapacityError } from '../errors.ts'
import { basesOf } from '../scanOptions.ts'
import type { Kernel } from './instantiate.ts'
import { readUint256 } from './words.ts'

/** Survivors there is room for before anybody asks for more. */
const usualRoom = 1024
/** Two GiB of them: no more is asked for. */
const mostRoom = 2 ** 26
/** A base of unknown worth ranks last but is not lost. */
const leastWorth = 1e-300

/** Runs the kernel's search and copies out what it found. */
export class Search {
  readonly #kernel: Kernel
  readonly #onGrow: () => void
  #graph: EngineGraph = { tokenCount: 0, pools: [] }
  #changed = new Set<number>()
  /** The base tokens the kernel is prepared for, as one string. */
  #prepared: string | undefined
  #room = usualRoom

  /** `onGrow` is called when the memory may have grown: views are stale then. */
  constructor(kernel: Kernel, onGrow: () => void) {
    this.#kernel = kernel
    this.#onGrow = onGrow
  }

  /** A new graph was loaded. */
  reset(graph: EngineGraph): void {
    this.#graph = graph
    this.#changed.clear()
    this.forgetPreparation()
  }

  /** The graph has gained pools at its end, or lost them there. */
  resize(graph: EngineGraph): void {
    const before = this.#graph.pools.length
    const { length } = graph.pools
    for (const pool of this.#changed)
      if (pool >= length) this.#changed.delete(pool)
    for (let pool = before; pool < length; pool++) this.#changed.add(pool)
    this.#graph = graph
    this.forgetPreparation()
  }

  /** The records were laid out anew: the next search prepares itself again. */
  forgetPreparation(): void {
    this.#prepared = undefined
  }

  changed(pool: number): void {
    this.#changed.add(pool)
  }

  forgetChanged(): void {
    this.#changed.clear()
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
    const cycles = this.#run(options, (limit, bar) =>
      this.#kernel.searchChanged(maxHops, limit, bar, this.#listChanged()),
    )
    const cyclesChecked = BigInt(
      Math.min(
        this.#kernel.changedCyclesCovered(maxHops, this.#changed.size),
        this.#kernel.cyclesCovered(maxHops),
      ),
    )
    return this.#finish(cyclesChecked, cycles)
  }

  #finish(cyclesChecked: bigint, cycles: readonly EngineCycle[]): EngineScan {
    return { cyclesChecked, profitable: this.#kernel.hitsFound(), cycles }
  }

  /** Leaves the changed pools where the kernel looks for them; returns how many. */
  #listChanged(): number {
    const list = new Uint32Array(
      this.#kernel.memory.buffer,
      this.#kernel.changedPoolsPointer(),
      this.#changed.size,
    )
    let next = 0
    for (const pool of this.#changed) list[next++] = pool
    return next
  }

  /**
   * Searches and settles; again with more room where not all that is wanted
   * fitted, and for more where some of the best turned out to gain nothing.
   */
  #run(
    options: EngineScanOptions,
    search: (limit: number, bar: number) => number,
  ): readonly EngineCycle[] {
    const bases = basesOf(options, this.#graph.tokenCount)
    const { limit, approximateMinProfit } = options
    for (let wanted = Math.min(limit, mostRoom); ; wanted *= 2) {
      this.#prepare(bases)
      let survivors = search(wanted, approximateMinProfit)
      const lost = this.#kernel.survivorsDropped()
      if (lost > 0) {
        const all = survivors + lost
        this.#makeRoom(bases, wanted > 0 ? Math.min(wanted, all) : all)
        survivors = search(wanted, approximateMinProfit)
      }
      const settled = this.#settle(survivors, bases)
      const isAll = limit === 0 || survivors < wanted
      if (isAll || settled.length >= limit)
        return (limit > 0 ? settled.slice(0, limit) : settled).map(
          ({ cycle }) => cycle,
        )
    }
  }

  /** Lays the search out for these base tokens, unless it already is. */
  #prepare(bases: readonly EngineBase[]): void {
    const kernel = this.#kernel
    const key = bases.map(({ token }) => token).join()
    if (key !== this.#prepared) {
      this.forgetPreparation()
      const tokens = new Uint32Array(
        kernel.memory.buffer,
        kernel.exchangePointer(),
        bases.length,
      )
      for (const [index, { token }] of bases.entries()) tokens[index] = token
      const status = kernel.prepareSearch(bases.length, this.#room)
      this.#onGrow()
      if (status !== STATUS_OK) throw this.#tooMuch(bases)
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

  #tooMuch(bases: readonly EngineBase[]): EngineCapacityError {
    const facts = {
      pools: this.#graph.pools.length,
      bases: bases.length,
      cycles: this.#room,
    }
    this.#room = usualRoom
    return new EngineCapacityError(
      'the search does not fit the memory WebAssembly can give',
      {
        facts,
        hint: 'search from fewer base tokens, for fewer cycles, or a smaller market',
      },
    )
  }

  #makeRoom(bases: readonly EngineBase[], room: number): void {
    this.forgetPreparation()
    this.#room = Math.min(room, mostRoom)
    // Preparing forgets no changed pool: their rates are in the records.
    this.#prepare(bases)
  }

  /** Settles the survivors in exact integers, the most profitable first. */
  #settle(
    survivors: number,
    bases: readonly EngineBase[],
  ): readonly { cycle: EngineCycle; profit: number }[] {
    const settled: { cycle: EngineCycle; profit: number }[] = []
    for (let first = 0; first < survivors; ) {
      const count = this.#kernel.settle(first)
      const view = new ResultView(this.#kernel)
      for (let i = 0; i < count; i++) {
        if (!view.gains(i)) continue
        const cycle = view.cycle(i, this.#graph.pools)
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
