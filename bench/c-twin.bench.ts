import { typedArrayDfs } from './peers/typedArrayDfs.ts'
import { createKernelSearch } from './support/apex.ts'
import { startCTwin } from './support/cTwin.ts'
import { CycleHits } from './support/cycleHits.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { createSearchGraph } from './support/searchGraph.ts'
import { requireClose, requireEqual } from './support/verify.ts'

/** What does WebAssembly cost against C that may use all the machine has? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const kernel = await createKernelSearch(graph, weth)
  const flat = createSearchGraph(graph, weth)
  const twin = startCTwin(flat)
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
          name: 'C twin, gcc -O3 -march=native',
          timeRuns: twin.timeRuns,
          atMost: 1.5,
        },
      ],
      verify: async () => {
        const hits = new CycleHits(1 << 16)
        typedArrayDfs(flat, hits)
        const [count, profit] = hits.summary()
        const [twinCount, twinProfit] = await twin.show()
        kernel.all(4, 100)
        requireEqual(
          'numbers of profitable cycles',
          [kernel.hitsFound(), twinCount],
          [count, count],
        )
        requireClose('sums of profit', twinProfit, profit)
      },
      close: twin.close,
    },
  ]
}

export default ask
