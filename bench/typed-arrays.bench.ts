import { BoundedTypedArrayDfs } from './peers/boundedTypedArrayDfs.ts'
import { MeetInTheMiddle } from './peers/meetInTheMiddle.ts'
import { typedArrayDfs } from './peers/typedArrayDfs.ts'
import { createKernelSearch } from './support/apex.ts'
import { CycleHits } from './support/cycleHits.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { createSearchGraph } from './support/searchGraph.ts'
import { requireClose, requireEqual } from './support/verify.ts'

/** What is left of the lead when JavaScript does its best? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const kernel = await createKernelSearch(graph, weth)
  const flat = createSearchGraph(graph, weth)
  const hits = new CycleHits(1 << 16)
  const bounded = new BoundedTypedArrayDfs(flat)
  const meeting = new MeetInTheMiddle(flat)
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
          name: 'typed-array DFS with bounds (best found)',
          run: () => bounded.search(hits),
          atLeast: 6,
        },
        {
          name: 'typed-array DFS, every cycle visited',
          run: () => typedArrayDfs(flat, hits),
        },
        {
          name: 'meet in the middle in JavaScript',
          run: () => meeting.search(hits),
        },
      ],
      verify: () => {
        kernel.all(4, 100)
        typedArrayDfs(flat, hits)
        const [count, profit] = hits.summary()
        requireEqual('numbers of cycles', [kernel.hitsFound()], [count])
        for (const search of [bounded, meeting]) {
          search.search(hits)
          const [otherCount, otherProfit] = hits.summary()
          requireEqual('numbers of cycles', [otherCount], [count])
          requireClose('sums of profit', otherProfit, profit)
        }
      },
    },
  ]
}

export default ask
