import { createExactGraph } from './peers/bigintDfs.ts'
import {
  bestCyclesExactIn,
  createUniswapV2Market,
} from './peers/uniswapV2Sdk.ts'
import { loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, weth } from './support/graphs.ts'
import type { Ask, Question } from './support/question.ts'
import { OutputsDifferError } from './support/verify.ts'

/** A tenth of a WETH, in wei. */
const amountIn = 10n ** 17n

/** How does a scan compare with the route finder of Uniswap's own package? */
const ask: Ask = async () => [
  await compare(2, 10_000),
  await compare(3, 100_000),
]

export default ask

async function compare(maxHops: 2 | 3, atLeast: number): Promise<Question> {
  const graph = generateGraph()
  const engine = await loadEngine(graph)
  const market = createUniswapV2Market(graph)
  const options = searchFrom(weth, maxHops, 3)
  return {
    title: `best three cycles of up to ${maxHops} hops, 1,000 generated pools, 200 tokens, base WETH`,
    unit: 'scan',
    subject: {
      name: 'APEX scan: of all inputs, settled exactly',
      run: () => engine.scan(options),
    },
    peers: [
      {
        name: '@uniswap/v2-sdk bestTradeExactIn: for 0.1 WETH',
        run: () => bestCyclesExactIn(market, weth, amountIn, maxHops),
        maxRuns: 1,
        atLeast,
      },
    ],
    verify: () => {
      // Two hops show that both mean the same; three would take the package
      // as long as the measurement itself.
      const best = bestCyclesExactIn(market, weth, amountIn, 2)[0]!
      const expected = bestTwoHops()
      if (best.amountOut !== expected)
        throw new OutputsDifferError(
          'outputs of the best two hops',
          expected,
          best.amountOut,
        )
    },
    notes: [
      'The package does less: it looks at one given input and sizes nothing',
      'Measured once, not extrapolated',
    ],
  }

  /** The most that 0.1 WETH pays over two hops, by the engine's quotes. */
  function bestTwoHops(): bigint {
    let best = 0n
    for (const first of createExactGraph(graph).get(weth)!.values())
      for (const out of first)
        for (const back of first) {
          if (out.pool === back.pool) continue
          const there = quote(out.pool, amountIn, true)
          const amount = there > 0n ? quote(back.pool, there, false) : 0n
          if (amount > best) best = amount
        }
    return best
  }

  /** What a pool pays for WETH, or for its other token. */
  function quote(pool: number, amount: bigint, sellsWeth: boolean): bigint {
    const wethIsToken0 = graph.pools[pool]!.tokens[0] === weth
    return engine.quoteExactIn(pool, wethIsToken0 === sellsWeth, amount)
      .amountOut
  }
}
