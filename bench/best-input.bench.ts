import type { EngineCycle } from '../src/engine/engine.ts'
import {
  createExactGraph,
  type ExactCycle,
  type ExactSwap,
  sizeByTernarySearch,
  sizeExactly,
} from './peers/bigintDfs.ts'
import { createKernelSearch, loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { cycleKey, flooringWei, OutputsDifferError } from './support/verify.ts'

const count = 128

/** What does the exact best input of a cycle of constant-product pools cost? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const kernel = await createKernelSearch(graph, weth)
  kernel.all(4, count)
  const engine = await loadEngine(graph)
  const { cycles } = engine.scan(searchFrom(weth, 4, count))
  const swapsTo = createExactGraph(graph)
  const routes = cycles.map(({ tokens, pools }) =>
    pools.map((pool, hop): ExactSwap => {
      const next = tokens[(hop + 1) % tokens.length]!
      const swaps = swapsTo.get(tokens[hop]!)!.get(next)!
      return swaps.find((swap) => swap.pool === pool)!
    }),
  )
  const hops = routes.filter(({ length }) => length === 4).length
  return [
    {
      title: `exact best input and amounts of the ${count} best cycles, ${hops} of them with 4 hops, of 1,000 generated pools`,
      unit: 'cycle',
      subject: {
        name: 'APEX kernel',
        operations: count,
        run: () => kernel.settle(0),
      },
      peers: [
        {
          name: 'bigint closed form',
          operations: count,
          run: () => routes.map(sizeExactly),
          atLeast: 10,
        },
        {
          name: 'bigint ternary search',
          operations: count,
          run: () => routes.map(sizeByTernarySearch),
          atLeast: 200,
        },
      ],
      verify: () => {
        // The closed form's profit is never above ours: see scan-exact.
        requireSame(cycles, routes.map(sizeExactly))
        requireSame(cycles, routes.map(sizeByTernarySearch))
      },
      notes: [
        'APEX and the closed form take the optimum of the curve; APEX then lowers the input as far as the output allows, so it gains no less. Flooring makes steps beside the optimum, on which a ternary search may come out a little higher or lower',
      ],
    },
  ]
}

export default ask

/** Equal but for flooring, which no formula sees. */
function requireSame(
  cycles: readonly EngineCycle[],
  others: readonly ExactCycle[],
): void {
  cycles.forEach(({ pools, amounts }, i) => {
    const ours = amounts.at(-1)! - amounts[0]!
    const theirs = others[i]!.profit
    if (Math.abs(Number(ours - theirs)) > flooringWei)
      throw new OutputsDifferError(
        `profits of cycle ${cycleKey(pools)}`,
        ours,
        theirs,
      )
  })
}
