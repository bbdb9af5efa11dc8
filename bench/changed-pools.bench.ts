import type { EngineGraph, EngineScan } from '../src/engine/engine.ts'
import {
  createKernelSearch,
  loadEngine,
  type PoolUpdate,
  searchFrom,
} from './support/apex.ts'
import { generateGraph, movePrice, weth } from './support/graphs.ts'
import type { Ask, Question } from './support/question.ts'
import { createRandom } from './support/random.ts'
import { cycleKey, requireEqual } from './support/verify.ts'

/** What does a search cost after a block that changed one pool, or ten? */
const ask: Ask = async () => {
  const graph = generateGraph()
  return [await compare(graph, 1, 60), await compare(graph, 10, 8)]
}

export default ask

async function compare(
  graph: EngineGraph,
  changed: number,
  atLeast: number,
): Promise<Question> {
  const kernel = await createKernelSearch(graph, weth)
  const full = await createKernelSearch(graph, weth)
  const single = await createKernelSearch(graph, weth)
  const moved = graph.pools.map(
    (_, pool) => movePrice(graph, pool, 1).pools[pool]!,
  )
  for (const search of [kernel, single]) search.all(4, 100)
  // Each pass changes every pool once, the next changes it back.
  const order = shuffled(graph.pools.length)
  const passes = [moved, graph.pools].map((pools) =>
    chunks(
      order.map((pool): PoolUpdate => ({ pool, state: pools[pool]!.state })),
      changed,
    ),
  )
  let pass = 0
  let next = 0
  return {
    title: `search after ${changed === 1 ? 'one changed pool' : `${changed} changed pools`}, 1,000 generated pools, mean over all pools`,
    unit: 'search',
    subject: {
      name: 'APEX kernel, update and search of changed pools',
      operations: order.length / changed,
      run: () => {
        let kept = 0
        for (const changes of passes[pass++ % 2]!)
          kept += kernel.changed(changes, 4, 100)
        return kept
      },
    },
    peers: [
      {
        name: 'own full scan',
        run: () => full.all(4, 100),
        atLeast,
      },
      {
        name: 'the same, each search timed alone',
        run: () => {
          const searches = order.length / changed
          const changes = passes[Math.floor(next / searches) % 2]!
          return single.changed(changes[next++ % searches]!, 4, 100)
        },
      },
    ],
    verify: () => verify(graph, passes[0]!.slice(0, 20)),
    notes: [
      'Each search includes writing the new states; the p99 of the last line is over single searches',
    ],
  }
}

/** What is found after a change is what a full scan finds through the changed pools. */
async function verify(
  graph: EngineGraph,
  changes: readonly (readonly PoolUpdate[])[],
): Promise<void> {
  const options = searchFrom(weth, 4, 0)
  const changing = await loadEngine(graph)
  const fresh = await loadEngine(graph)
  changing.scan(options)
  for (const updates of changes) {
    for (const { pool, state } of updates) {
      changing.update(pool, state)
      fresh.update(pool, state)
    }
    const pools = new Set(updates.map(({ pool }) => pool))
    requireEqual(
      'cycles of a search of changed pools and of a full scan',
      keys(changing.scanChanged(options), pools),
      keys(fresh.scan(options), pools),
    )
  }
}

function keys({ cycles }: EngineScan, through: ReadonlySet<number>): string[] {
  return cycles
    .filter(({ pools }) => pools.some((pool) => through.has(pool)))
    .map(({ pools, amounts }) => `${cycleKey(pools)}: ${amounts.join(' ')}`)
    .sort()
}

function shuffled(count: number): number[] {
  const random = createRandom(31)
  return Array.from({ length: count }, (_, pool) => ({ pool, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ pool }) => pool)
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: items.length / size }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}
