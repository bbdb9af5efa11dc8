import { bigintDfs, createExactGraph } from './peers/bigintDfs.ts'
import { loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { cycleKey, OutputsDifferError } from './support/verify.ts'

/** How long does it take to find the best cycles with amounts exact to the wei? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const engine = await loadEngine(graph)
  const exact = createExactGraph(graph)
  const options = searchFrom(weth, 4, 100)
  const find = () => bigintDfs(exact, weth, 4)
  return [
    {
      title:
        'profitable cycles of 2 to 4 hops, amounts exact, 1,000 generated pools, 200 tokens, base WETH',
      unit: 'scan',
      subject: {
        name: 'APEX scan, best 100 settled exactly',
        run: () => engine.scan(options),
      },
      peers: [
        {
          name: 'bigint DFS, every cycle exact',
          run: find,
          atLeast: 2000,
        },
      ],
      verify: () => {
        const found = find()
        const profitOf = new Map(
          found.map(({ swaps, profit }) => [
            cycleKey(swaps.map(({ pool }) => pool)),
            profit,
          ]),
        )
        const { cycles, profitable } = engine.scan(options)
        // A rate above 1 is not always a whole unit of profit.
        if (profitable < found.length)
          throw new OutputsDifferError(
            'numbers of profitable cycles',
            profitable,
            found.length,
          )
        for (const { pools, amounts } of cycles) {
          const ours = amounts.at(-1)! - amounts[0]!
          const theirs = profitOf.get(cycleKey(pools))
          // The closed form leaves out the flooring at coarse tokens, so its
          // input is not always the best one: ours may gain more, never less.
          if (theirs === undefined || ours < theirs)
            throw new OutputsDifferError(
              `profits of cycle ${cycleKey(pools)}`,
              ours,
              theirs,
            )
        }
      },
      notes: [
        'The peer makes every profitable cycle exact, APEX the best 100: a bot needs no more of them',
      ],
    },
  ]
}

export default ask
