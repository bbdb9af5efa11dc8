import type { EngineGraph, EngineScan } from '../src/engine/engine.ts'
import { loadEngine, searchFrom } from './support/apex.ts'
import { generateGraph, movePrice, weth } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { cycleKey, requireEqual } from './support/verify.ts'

/** What does a pool cost that joins a living market, beside a block that only changes one? */
const ask: Ask = async () => {
  const graph = generateGraph({ pools: 5000, tokens: 1500 })
  const { tokenCount } = graph
  const last = graph.pools.length - 1
  const before = { tokenCount, pools: graph.pools.slice(0, last) }
  const joining = { tokenCount, pools: graph.pools.slice(last) }
  const moved = movePrice(graph, 0, 1).pools[0]!.state
  const options = searchFrom(weth, 4, 100)
  const [growing, loading, changing] = await Promise.all([
    loadEngine(before),
    loadEngine(before),
    loadEngine(graph),
  ])
  for (const engine of [growing, loading, changing]) engine.scan(options)
  let turn = 0
  return [
    {
      title:
        'one pool joins 5,000 generated ones, and the cycles over it are searched',
      unit: 'block',
      subject: {
        name: 'APEX engine, append and search of what joined',
        run: () => {
          growing.truncate(last, tokenCount)
          growing.append(joining)
          return growing.scanChanged(options).profitable
        },
      },
      peers: [
        {
          name: 'all loaded anew and searched',
          run: () => {
            loading.load(graph)
            return loading.scan(options).profitable
          },
          atLeast: 2,
        },
        {
          name: 'a block that changes one pool and adds none',
          run: () => {
            const state = turn++ % 2 === 0 ? moved : graph.pools[0]!.state
            changing.update(0, state)
            return changing.scanChanged(options).profitable
          },
        },
      ],
      verify: () => verify(before, joining, graph),
      notes: [
        'The pool that joins is taken away again before each run, as a reorg does',
      ],
    },
  ]
}

export default ask

/** What joined is found as it is in a market loaded with it. */
async function verify(
  before: EngineGraph,
  joining: EngineGraph,
  graph: EngineGraph,
): Promise<void> {
  const options = searchFrom(weth, 4, 0)
  const grown = await loadEngine(before)
  grown.scan(options)
  grown.append(joining)
  const whole = (await loadEngine(graph)).scan(options)
  requireEqual(
    'cycles of a grown market and of one loaded at once',
    keys(grown.scan(options)),
    keys(whole),
  )
}

function keys({ cycles }: EngineScan): string[] {
  return cycles
    .map(({ pools, amounts }) => `${cycleKey(pools)}: ${amounts.join(' ')}`)
    .sort()
}
