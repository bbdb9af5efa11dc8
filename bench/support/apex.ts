/**
 * The subject of every question, APEX itself: the engine as its users have it,
 * and the kernel's batch calls, which take and leave integers as words in the
 * kernel's memory.
 */
import {
  MAX_HOPS,
  STATUS_OK,
  STEP_EXACT_IN,
  STEP_FEE_PIPS,
  STEP_LIQUIDITY,
  STEP_REMAINING,
  STEP_RESULT_STRIDE,
  STEP_STRIDE,
  STEP_TARGET,
} from '../../assembly/layout.ts'
import type {
  Engine,
  EngineCycle,
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
const pageBytes = 65536
/** Stands after the last edge of a cycle: NO_EDGE of the kernel. */
const noEdge = 2 ** 32 - 1

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

/** Swap steps that are computed together, again and again. */
export type KernelSteps = {
  readonly run: () => number
  /** Next price, input, output and fee of each step, in one list. */
  readonly results: () => bigint[]
}

/** Lays steps out in the kernel's memory; a run is one call. */
export async function createKernelSteps(
  steps: readonly SwapStepInput[],
): Promise<KernelSteps> {
  const kernel = await instantiate()
  const count = steps.length
  const stepsAt = growMemory(kernel, count * (STEP_STRIDE + STEP_RESULT_STRIDE))
  const resultsAt = stepsAt + count * STEP_STRIDE
  const words = new BigUint64Array(kernel.memory.buffer)
  const numbers = new Uint32Array(kernel.memory.buffer)
  steps.forEach((step, i) => {
    const { amountRemaining, feePips } = step
    const at = stepsAt + i * STEP_STRIDE
    const exactIn = amountRemaining >= 0n
    writeUint256(words, at / 8, step.sqrtPriceX96)
    writeUint256(words, (at + STEP_TARGET) / 8, step.sqrtPriceTargetX96)
    writeUint256(words, (at + STEP_LIQUIDITY) / 8, step.liquidity)
    writeUint256(
      words,
      (at + STEP_REMAINING) / 8,
      exactIn ? amountRemaining : -amountRemaining,
    )
    numbers[(at + STEP_FEE_PIPS) / 4] = feePips
    numbers[(at + STEP_EXACT_IN) / 4] = exactIn ? 1 : 0
  })
  return {
    run: () => kernel.swapStepBatch(stepsAt, resultsAt, count),
    results: () =>
      Array.from({ length: 4 * count }, (_, i) =>
        readUint256(words, resultsAt / 8 + i * wordsPerAmount),
      ),
  }
}

/** Best inputs of constant-product cycles that are found together, again and again. */
export type BestInputs = {
  readonly run: () => number
  /** The inputs the last run found. */
  readonly inputs: () => bigint[]
}

/** Lays cycles out in the kernel's memory; a run is one call. */
export async function createBestInputs(
  graph: EngineGraph,
  cycles: readonly Pick<EngineCycle, 'pools' | 'zeroForOne'>[],
): Promise<BestInputs> {
  const kernel = await instantiate()
  // Writes the pools' records: nobody needs the object after that.
  new PoolRecords(kernel, graph)
  const count = cycles.length
  const inputsAt = growMemory(
    kernel,
    count * (wordsPerAmount * 8 + MAX_HOPS * 4),
  )
  const edgesAt = inputsAt + count * wordsPerAmount * 8
  const edges = new Uint32Array(
    kernel.memory.buffer,
    edgesAt,
    count * MAX_HOPS,
  ).fill(noEdge)
  cycles.forEach(({ pools, zeroForOne }, i) => {
    pools.forEach((pool, hop) => {
      edges[i * MAX_HOPS + hop] = pool * 2 + (zeroForOne[hop] ? 0 : 1)
    })
  })
  const words = new BigUint64Array(kernel.memory.buffer)
  return {
    run: () => kernel.bestInputBatch(edgesAt, inputsAt, count),
    inputs: () =>
      cycles.map((_, i) =>
        readUint256(words, inputsAt / 8 + i * wordsPerAmount),
      ),
  }
}

/** Memory behind everything the kernel owns, in whole pages. */
function growMemory(kernel: Kernel, bytes: number): number {
  return kernel.memory.grow(Math.ceil(bytes / pageBytes)) * pageBytes
}
