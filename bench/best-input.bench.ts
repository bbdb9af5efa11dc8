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
import { cycleKey, flooring, OutputsDifferError } from './support/verify.ts'

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
        requireAtLeast(cycles, routes.map(sizeExactly))
        requireAtLeast(cycles, routes.map(sizeByTernarySearch))
      },
      notes: [
        'APEX finds the integer optimum; the closed form leaves out the flooring of amounts at coarse tokens, the ternary search may stop on a step of it',
      ],
    },
  ]
}

export default ask

/** Ours gains at least as much, and not more than flooring explains. */
function requireAtLeast(
  cycles: readonly EngineCycle[],
  others: readonly ExactCycle[],
): void {
  cycles.forEach(({ pools, amounts }, i) => {
    const ours = amounts.at(-1)! - amounts[0]!
    const theirs = others[i]!.profit
    if (ours < theirs || Number(ours - theirs) > flooring * Number(ours))
      throw new OutputsDifferError(
        `profits of cycle ${cycleKey(pools)}`,
        ours,
        theirs,
      )
  })
}
