import type { EngineGraph } from '../src/engine/engine.ts'
import { BoundedTypedArrayDfs } from './peers/boundedTypedArrayDfs.ts'
import { PoolGraph } from './peers/objectGraphDfs.ts'
import { typedArrayDfs } from './peers/typedArrayDfs.ts'
import { createKernelSearch } from './support/apex.ts'
import { startCTwin } from './support/cTwin.ts'
import { CycleHits } from './support/cycleHits.ts'
import { generateGraph, movePrice, weth } from './support/graphs.ts'
import { type Ask, CannotAsk, type Question } from './support/question.ts'
import { createSearchGraph } from './support/searchGraph.ts'
import { requireClose, requireEqual } from './support/verify.ts'

/** How do the searches compare where little or much is to be found? */
const ask: Ask = async () => {
  const quiet = generateGraph({ mispricedShare: 0 })
  return Promise.all(
    [
      quiet,
      // Two pools whose mispricing opens about 10 and about 1,000 cycles.
      movePrice(quiet, 242, 20),
      movePrice(quiet, 52, 20),
      generateGraph(),
    ].map(compare),
  )
}

export default ask

async function compare(graph: EngineGraph): Promise<Question> {
  const kernel = await createKernelSearch(graph, weth)
  const flat = createSearchGraph(graph, weth)
  const hits = new CycleHits(1 << 16)
  const bounded = new BoundedTypedArrayDfs(flat)
  const objects = new PoolGraph(graph)
  const base = objects.tokens[weth]!
  const twin = startTwin()
  const found = typedArrayDfs(flat, hits)
  return {
    title: `${found.toLocaleString('en')} profitable cycles of 2 to 4 hops in 1,000 generated pools, 200 tokens, base WETH`,
    unit: 'scan',
    subject: {
      name: 'APEX kernel, best 100 kept',
      run: () => kernel.all(4, 100),
    },
    peers: [
      {
        name: 'typed-array DFS with bounds',
        run: () => bounded.search(hits),
      },
      {
        name: 'typed-array DFS, every cycle visited',
        run: () => typedArrayDfs(flat, hits),
      },
      {
        name: 'object-graph DFS, swaps by next token',
        run: () => objects.findProfitableCycles(base, 4),
      },
      ...(twin
        ? [{ name: 'C twin, gcc -O3 -march=native', timeRuns: twin.timeRuns }]
        : []),
    ],
    verify: async () => {
      typedArrayDfs(flat, hits)
      const [count, profit] = hits.summary()
      bounded.search(hits)
      kernel.all(4, 100)
      const inObjects = objects.findProfitableCycles(base, 4)
      requireEqual(
        'numbers of profitable cycles',
        [kernel.hitsFound(), hits.count, inObjects.length],
        [count, count, count],
      )
      requireClose('sums of profit', hits.summary()[1], profit)
      if (!twin) return
      const [twinCount, twinProfit] = await twin.show()
      requireEqual('numbers of profitable cycles', [twinCount], [count])
      requireClose('sums of profit', twinProfit, profit)
    },
    ...(twin && { close: twin.close }),
  }

  function startTwin() {
    try {
      return startCTwin(flat)
    } catch (error) {
      if (error instanceof CannotAsk) return undefined
      throw error
    }
  }
}
