import { typedArrayDfs } from './peers/typedArrayDfs.ts'
import { createKernelSearch } from './support/apex.ts'
import { CycleHits } from './support/cycleHits.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { createSearchGraph } from './support/searchGraph.ts'
import { requireEqual } from './support/verify.ts'

/** How does a scan grow with the market? */
const ask: Ask = async () => {
  const largeGraph = generateGraph({ pools: 10_000, tokens: 3000 })
  const large = await createKernelSearch(largeGraph, weth)
  const small = await createKernelSearch(generateGraph(), weth)
  return [
    {
      title:
        'all profitable cycles of 2 to 4 hops, 10,000 generated pools, 3,000 tokens (30 million cycles), against 1,000 pools, 200 tokens',
      unit: 'scan',
      subject: {
        name: 'APEX kernel, 10,000 pools',
        run: () => large.all(4, 100),
      },
      peers: [
        {
          name: 'APEX kernel, 1,000 pools',
          run: () => small.all(4, 100),
          atMost: 60,
        },
      ],
      verify: () => {
        const hits = new CycleHits(1 << 20)
        const count = typedArrayDfs(createSearchGraph(largeGraph, weth), hits)
        large.all(4, 100)
        requireEqual('numbers of cycles', [large.hitsFound()], [count])
      },
    },
  ]
}

export default ask
