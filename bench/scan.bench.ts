import {
  adjacencyListDfs,
  createAdjacencyList,
  tokenAddress,
} from './peers/adjacencyListDfs.ts'
import { PoolGraph } from './peers/objectGraphDfs.ts'
import { createKernelSearch, loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import {
  cycleKey,
  requireClose,
  requireEqual,
  requireKnownCycles,
} from './support/verify.ts'

/** How long does it take to find all profitable cycles of 2 to 4 hops with their best inputs? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const kernel = await createKernelSearch(graph, weth)
  const engine = await loadEngine(graph)
  const objects = new PoolGraph(graph)
  const base = objects.tokens[weth]!
  const adjacency = createAdjacencyList(graph)
  const findInObjects = () => objects.findProfitableCycles(base, 4)
  const findInList = () => adjacencyListDfs(adjacency, tokenAddress(weth), 4)
  return [
    {
      title:
        'all profitable cycles of 2 to 4 hops with best inputs, 1,000 generated pools, 200 tokens, base WETH',
      unit: 'scan',
      subject: {
        name: 'APEX kernel, best 100 kept',
        run: () => kernel.all(4, 100),
      },
      peers: [
        {
          name: 'object-graph DFS, swaps by next token',
          run: findInObjects,
          atLeast: 250,
        },
        {
          name: 'object-graph DFS, as in tutorials',
          run: findInList,
        },
        {
          name: 'APEX scan, best 100 settled exactly',
          run: () => engine.scan(searchFrom(weth, 4, 100)),
        },
      ],
      verify: () => {
        const found = findInObjects()
        const list = findInList()
        kernel.all(4, 100)
        requireEqual(
          'numbers of profitable cycles',
          [kernel.hitsFound(), kernel.hitsFound()],
          [found.length, list.length],
        )
        requireClose('sums of profit', sum(found), sum(list))
        const indexOf = new Map(objects.pools.map((pool, i) => [pool, i]))
        requireKnownCycles(
          engine.scan(searchFrom(weth, 4, 100)).cycles,
          new Map(
            found.map(({ swaps, profit }) => [
              cycleKey(swaps.map(({ pool }) => indexOf.get(pool)!)),
              profit,
            ]),
          ),
        )
      },
      notes: [
        'The searches over objects return an object for each of the profitable cycles, as such programs do',
      ],
    },
  ]
}

export default ask

function sum(cycles: readonly { readonly profit: number }[]): number {
  return cycles.reduce((total, { profit }) => total + profit, 0)
}
