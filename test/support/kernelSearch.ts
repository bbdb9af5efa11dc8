import {
  RESULT_BASE,
  RESULT_EDGES,
  RESULT_HOPS,
  RESULT_STATUS,
  RESULT_STRIDE,
  STATUS_OK,
} from '../../assembly/layout.ts'
import type { EngineGraph } from '../../src/engine/index.ts'
import { instantiate, type Kernel } from '../../src/engine/wasm/instantiate.ts'
import { PoolRecords } from '../../src/engine/wasm/poolRecords.ts'

/** What a search of the kernel left before anything is settled. */
export type RawSearch = {
  readonly hits: number
  /** Base and swaps of every survivor, in one order, as text. */
  readonly survivors: readonly string[]
}

/** The kernel without its wrapper, a graph loaded and a search prepared. */
export type KernelSearch = {
  readonly kernel: Kernel
  /** Runs one of the kernel's searches, every survivor kept. */
  run(how: 'searchMarket' | 'searchMarketPlainly', maxHops: number): RawSearch
}

/** Loads a graph into a kernel of its own. */
export async function createKernelSearch(
  graph: EngineGraph,
  bases: readonly number[],
  room = 200_000,
): Promise<KernelSearch> {
  const kernel = await instantiate()
  // Writes the pools' records: nobody needs the object after that.
  new PoolRecords(kernel, graph)
  const { buffer } = kernel.memory
  new Uint32Array(buffer, kernel.exchangePointer(), bases.length).set(bases)
  if (kernel.prepareSearch(bases.length, room) !== STATUS_OK)
    throw new Error('the search does not fit into memory')
  const worths = new Float64Array(
    kernel.memory.buffer,
    kernel.unitWorthPointer(),
    bases.length,
  )
  worths.fill(1)
  return {
    kernel,
    run(how, maxHops) {
      const count = kernel[how](maxHops, 0, 0)
      if (kernel.survivorsDropped() > 0) throw new Error('too little room')
      return { hits: kernel.hitsFound(), survivors: survivors(kernel, count) }
    },
  }
}

function survivors(kernel: Kernel, count: number): string[] {
  const found: string[] = []
  for (let first = 0; first < count; ) {
    const settled = kernel.settle(first)
    const view = new DataView(kernel.memory.buffer, kernel.resultsPointer())
    for (let i = 0; i < settled; i++) {
      const number = (offset: number): number =>
        view.getUint32(i * RESULT_STRIDE + offset, true)
      const edges = Array.from({ length: number(RESULT_HOPS) }, (_, hop) =>
        number(RESULT_EDGES + 4 * hop),
      )
      const gains = number(RESULT_STATUS) === STATUS_OK ? 'gains' : 'loses'
      found.push(`${number(RESULT_BASE)}: ${edges.join(' ')} ${gains}`)
    }
    first += settled
  }
  return found.sort()
}
