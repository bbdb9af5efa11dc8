import {
  bestInputExactly,
  createExactGraph,
  type ExactSwap,
  profitOf,
  sizeByTernarySearch,
} from './peers/bigintDfs.ts'
import { createBestInputs, loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import {
  flooringWei,
  OutputsDifferError,
  requireEqual,
} from './support/verify.ts'

const count = 128

/** What does the exact best input of a 4-hop cycle of constant-product pools cost? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const engine = await loadEngine(graph)
  const { cycles } = engine.scan(searchFrom(weth, 4, 4 * count))
  const chosen = cycles
    .filter(({ pools }) => pools.length === 4)
    .slice(0, count)
  const kernel = await createBestInputs(graph, chosen)
  const swapsTo = createExactGraph(graph)
  const routes = chosen.map(({ tokens, pools }) =>
    pools.map((pool, hop): ExactSwap => {
      const next = tokens[(hop + 1) % tokens.length]!
      const swaps = swapsTo.get(tokens[hop]!)!.get(next)!
      return swaps.find((swap) => swap.pool === pool)!
    }),
  )
  return [
    {
      title: `exact best input of ${chosen.length} cycles of 4 hops, of 1,000 generated pools`,
      unit: 'cycle',
      subject: {
        name: 'APEX kernel',
        operations: chosen.length,
        run: kernel.run,
      },
      peers: [
        {
          name: 'bigint closed form',
          operations: chosen.length,
          run: () => routes.map(bestInputExactly),
          atLeast: 10,
        },
        {
          name: 'bigint ternary search',
          operations: chosen.length,
          run: () => routes.map(sizeByTernarySearch),
          atLeast: 200,
        },
      ],
      verify: () => {
        kernel.run()
        const ours = kernel.inputs()
        requireEqual(
          'best inputs of kernel and closed form',
          ours,
          routes.map(bestInputExactly),
        )
        routes.forEach((swaps, i) => {
          const profit = profitOf(swaps, ours[i]!)
          const searched = sizeByTernarySearch(swaps).profit
          if (Math.abs(Number(profit - searched)) > flooringWei)
            throw new OutputsDifferError(
              `profits of cycle ${i}`,
              profit,
              searched,
            )
        })
      },
      notes: [
        'The best input of the curve, the integer at which its profit is largest; amounts along the way are not asked for. The ternary search climbs the floored amounts, which have steps of their own: its profit agrees within them',
      ],
    },
  ]
}

export default ask
