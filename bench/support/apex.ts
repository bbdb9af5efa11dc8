/**
 * The subject of every question, APEX itself: the engine as its users have it,
 * and the kernel's batch calls, which take and leave integers as words in the
 * kernel's memory.
 */
import { STATUS_OK } from '../../assembly/layout.ts'
import type {
  Engine,
  EngineGraph,
  EngineScanOptions,
} from '../../src/engine/engine.ts'
import type { PoolState } from '../../src/engine/poolState.ts'
import { createWasmEngine } from '../../src/engine/wasm/engine.ts'
import { instantiate, type Kernel } from '../../src/engine/wasm/instantiate.ts'
import { PoolRecords } from '../../src/engine/wasm/poolRecords.ts'
import { readUint256, writeUint256 } from '../../src/engine/wasm/words.ts'
import type { SwapStepInput } from './swapSteps.ts'

const wordsPerAmount = 4
/** Four arguments or four results. */
const wordsPerStep = 4 * wordsPerAmount
const pageBytes = 65536

/** The WebAssembly engine with a graph loaded. */
export async function loadEngine(graph: EngineGraph): Promise<Engine> {
  const engine = await createWasmEngine()
  engine.load(graph)
  return engine
}

/** How a search from one base token is asked for in every bench. */
export function searchFrom(
  token: number,
  maxHops: 2 | 3 | 4,
  limit: number,
): EngineScanOptions {
  return {
    bases: [{ token, approximateNativeRate: 1 }],
    maxHops,
    limit,
    approximateMinProfit: 0,
  }
}

/**
 * The kernel's search alone, from one base token: every profitable cycle sized
 * by the closed form, the best `limit` kept in the kernel's memory.
 */
export type KernelSearch = {
  readonly all: (maxHops: number, limit: number) => number
  /** Searches the cycles through these pools after their states were replaced. */
  readonly changed: (
    changes: readonly PoolUpdate[],
    maxHops: number,
    limit: number,
  ) => number
  /** Settles kept cycles in exact integers, from the `first` on, 128 at most; returns how many. */
  readonly settle: (first: number) => number
  /** Profitable cycles the last search found. */
  readonly hitsFound: () => number
  readonly memoryBytes: () => number
}

/** A pool and its new state. */
export type PoolUpdate = {
  readonly pool: number
  readonly state: PoolState
}

/** Loads a graph and prepares the search from `token`, keeping up to `room` cycles. */
export async function createKernelSearch(
  graph: EngineGraph,
  token: number,
  room = 1024,
): Promise<KernelSearch> {
  const kernel = await instantiate()
  const records = new PoolRecords(kernel, graph)
  const base = kernel.exchangePointer()
  new Uint32Array(kernel.memory.buffer, base, 1)[0] = token
  if (kernel.prepareSearch(1, room) !== STATUS_OK)
    throw new Error('the search does not fit into memory')
  records.refresh()
  const worth = kernel.unitWorthPointer()
  new Float64Array(kernel.memory.buffer, worth, 1)[0] = 1
  const list = new Uint32Array(
    kernel.memory.buffer,
    kernel.changedPoolsPointer(),
    graph.pools.length,
  )
  return {
    all: (maxHops, limit) => kernel.searchMarket(maxHops, limit, 0),
    changed: (changes, maxHops, limit) => {
      let count = 0
      for (const { pool, state } of changes) {
        records.write(pool, state)
        list[count++] = pool
      }
      return kernel.searchChanged(maxHops, limit, 0, count)
    },
    settle: (first) => kernel.settle(first),
    hitsFound: () => kernel.hitsFound(),
    memoryBytes: () => kernel.memory.buffer.byteLength,
  }
}

/** One exact-in quote to ask for. */
export type QuoteRequest = {
  readonly pool: number
  readonly zeroForOne: boolean
  readonly amountIn: bigint
}

/** Exact-in quotes that are asked for together, again and again. */
export type QuoteBatch = {
  /** Quotes them all, anew from the inputs. */
  readonly run: () => number
  /** The outputs of the last run. */
  readonly amountsOut: () => bigint[]
}

/** Lays requests out in the kernel's memory. */
export async function createQuoteBatch(
  graph: EngineGraph,
  requests: readonly QuoteRequest[],
): Promise<QuoteBatch> {
  const kernel = await instantiate()
  // Writes the pools' records: nobody needs the object after that.
  new PoolRecords(kernel, graph)
  const count = requests.length
  const amountBytes = count * wordsPerAmount * 8
  const amountsAt = growMemory(kernel, amountBytes + count * 4)
  const edgesAt = amountsAt + amountBytes
  const edges = new Uint32Array(kernel.memory.buffer, edgesAt, count)
  const amounts = new BigUint64Array(
    kernel.memory.buffer,
    amountsAt,
    count * wordsPerAmount,
  )
  const inputs = new BigUint64Array(count * wordsPerAmount)
  requests.forEach(({ pool, zeroForOne, amountIn }, i) => {
    edges[i] = pool * 2 + (zeroForOne ? 0 : 1)
    writeUint256(inputs, i * wordsPerAmount, amountIn)
  })
  return {
    run: () => {
      // The batch leaves its outputs where it found its inputs.
      amounts.set(inputs)
      return kernel.quoteBatch(edgesAt, amountsAt, count)
    },
    amountsOut: () =>
      requests.map((_, i) => readUint256(amounts, i * wordsPerAmount)),
  }
}

/** Swap steps that are computed one after the other, again and again. */
export type KernelSteps = {
  readonly run: () => number
  /** Next price, input, output and fee of each step, in one list. */
  readonly results: () => bigint[]
}

/** Lays steps out as words; each run hands them to the kernel one by one. */
export async function createKernelSteps(
  steps: readonly SwapStepInput[],
): Promise<KernelSteps> {
  const kernel = await instantiate()
  const inputsAt = growMemory(kernel, steps.length * 2 * wordsPerStep * 8) / 8
  const resultsAt = inputsAt + steps.length * wordsPerStep
  const words = new BigUint64Array(kernel.memory.buffer)
  const slots = kernel.exchangePointer() / 8
  steps.forEach((step, i) => {
    const { amountRemaining } = step
    const inputs = [
      step.sqrtPriceX96,
      step.sqrtPriceTargetX96,
      step.liquidity,
      amountRemaining < 0n ? -amountRemaining : amountRemaining,
    ]
    inputs.forEach((value, slot) => {
      const at = inputsAt + i * wordsPerStep + slot * wordsPerAmount
      writeUint256(words, at, value)
    })
  })
  const fees = steps.map(({ feePips }) => feePips)
  const exactIn = steps.map(({ amountRemaining }) => amountRemaining >= 0n)
  return {
    run: () => {
      let reverted = 0
      for (let i = 0; i < fees.length; i++) {
        const at = inputsAt + i * wordsPerStep
        words.copyWithin(slots, at, at + wordsPerStep)
        reverted += exactIn[i]
          ? kernel.computeSwapStepExactIn(fees[i]!)
          : kernel.computeSwapStepExactOut(fees[i]!)
        words.copyWithin(
          resultsAt + i * wordsPerStep,
          slots + wordsPerStep,
          slots + 2 * wordsPerStep,
        )
      }
      return reverted
    },
    results: () =>
      Array.from({ length: 4 * steps.length }, (_, i) =>
        readUint256(words, resultsAt + i * wordsPerAmount),
      ),
  }
}

/** Memory behind everything the kernel owns, in whole pages. */
function growMemory(kernel: Kernel, bytes: number): number {
  return kernel.memory.grow(Math.ceil(bytes / pageBytes)) * pageBytes
}
