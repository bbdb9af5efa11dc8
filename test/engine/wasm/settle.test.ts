import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ConstantProductState,
  createWasmEngine,
  type Engine,
  type EngineCycle,
  type EngineGraph,
  type EngineScanOptions,
} from '../../../src/engine/index.ts'
import {
  leastInputAlong,
  type RouteHop,
  sellAlong,
} from '../../../src/engine/reference/route.ts'
import { generateMarket } from '../../../src/market/index.ts'
import { engineGraph } from '../../../src/services/engineGraph.ts'
import { coarsestWorth, gainOf, wayOf } from '../../support/cycles.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { randomGraph } from '../../support/graphs.ts'

/** The input reported for a cycle of constant-product pools is the best whole number. */

let engine: Engine
beforeAll(async () => {
  engine = await createWasmEngine()
})

describe('tiny pools', () => {
  it('the gain is that of trying every input', () => {
    let gaining = 0
    for (let seed = 0; seed < 400; seed++) {
      const edges = createEdges(seed)
      const graph = ringOfTinyPools(edges, edges.integer(2, 4))
      engine.load(graph)
      const { cycles } = engine.scan(optionsFrom([0], 0))
      for (const [pools, route] of bothWays(graph)) {
        const best = bestOfAll(route)
        const cycle = cycles.find((found) => found.pools.join() === pools)
        expect(cycle ? gainOf(cycle) : 0n, `seed ${seed}: ${pools}`).toBe(best)
        if (best > 0n) gaining++
      }
    }
    expect(gaining).toBeGreaterThan(200)
  })
})

describe('pools of any size', () => {
  it('no neighbour of the input gains more', () => {
    let compared = 0
    for (let seed = 3000; seed < 3060; seed++) {
      const { graph, bases } = randomGraph(seed, {
        families: ['constantProduct'],
      })
      compared += compareWithNeighbours(graph, bases)
    }
    expect(compared).toBeGreaterThan(150)
  })

  it('nor in generated markets', () => {
    let compared = 0
    for (let seed = 0; seed < 12; seed++) {
      const market = generateMarket({
        pools: 80,
        tokens: 15,
        seed,
        mispricedShare: 0.1,
      })
      compared += compareWithNeighbours(engineGraph(market), [0, 1, 4])
    }
    expect(compared).toBeGreaterThan(40)
  })

  it('the largest reserves: a gain of the size of the reserves is found', () => {
    const big = 2n ** 112n - 1n
    const graph = ring([
      constantProduct(big, big / 2n, 3000),
      constantProduct(big / 3n, big, 3000),
    ])
    engine.load(graph)
    const [cycle] = engine.scan(optionsFrom([0], 0)).cycles
    expect(cycle).toBeDefined()
    expectNoBetterNeighbour(graph, cycle!)
    expect(gainOf(cycle!)).toBeGreaterThan(big / 100n)
  })
})

/** Compares the best and the worst of a graph's cycles; returns how many. */
function compareWithNeighbours(
  graph: EngineGraph,
  bases: readonly number[],
): number {
  engine.load(graph)
  const { cycles } = engine.scan(optionsFrom(bases, 0))
  const some = [...cycles.slice(0, 2), ...cycles.slice(2).slice(-2)]
  for (const cycle of some) expectNoBetterNeighbour(graph, cycle)
  return some.length
}

/**
 * Tries the inputs up to 1,000 units away, and the least inputs for every
 * amount of the coarsest token up to 300 units away. A billionth of the gain
 * may be missed, or a hundredth of a coarse unit: where two tokens on the way
 * are coarse, which amounts divide evenly is more than f64 can tell.
 */
function expectNoBetterNeighbour(graph: EngineGraph, cycle: EngineCycle): void {
  const { amounts, pools, zeroForOne } = cycle
  const route = pools.map((pool, hop) => ({
    state: graph.pools[pool]!.state,
    zeroForOne: zeroForOne[hop]!,
  }))
  let best = gainOf(cycle)
  const tryInput = (input: bigint | undefined): void => {
    const gain = input !== undefined && input > 0n ? gainAt(route, input) : 0n
    if (gain > best) best = gain
  }
  for (let away = -1000n; away <= 1000n; away++) tryInput(amounts[0]! + away)
  const coarsest = amounts.reduce(
    (least, amount, i) => (amount < amounts[least]! ? i : least),
    0,
  )
  const before = route.slice(0, coarsest)
  for (let away = -300n; away <= 300n; away++) {
    const units = amounts[coarsest]! + away
    if (units > 0n) tryInput(leastInputAlong(before, units))
  }
  const missed = Number(best - gainOf(cycle))
  expect(missed, wayOf(cycle)).toBeLessThanOrEqual(
    Math.max(1e-9 * Number(best), 0.01 * coarsestWorth(cycle)),
  )
}

/** No pool of these takes more than this without paying next to all it has. */
const moreThanEnough = 4000n

function bestOfAll(route: readonly RouteHop[]): bigint {
  let best = 0n
  for (let input = 1n; input < moreThanEnough; input++) {
    const gain = gainAt(route, input)
    if (gain > best) best = gain
  }
  return best
}

/** What an input gains; nothing where it cannot be swapped. */
function gainAt(route: readonly RouteHop[], input: bigint): bigint {
  const amounts = sellAlong(route, input)
  return typeof amounts === 'string' ? 0n : amounts.at(-1)! - input
}

function ringOfTinyPools(edges: Edges, count: number): EngineGraph {
  const most = edges.pick([50, 300, 2000])
  const reserve = (): bigint => BigInt(edges.integer(10, most))
  return ring(
    Array.from({ length: count }, () =>
      constantProduct(reserve(), reserve(), edges.pick([0, 500, 3000, 10_000])),
    ),
  )
}

/** Pools from token to token, the last one back to the first. */
function ring(states: readonly ConstantProductState[]): EngineGraph {
  const last = states.length - 1
  return {
    tokenCount: states.length,
    pools: states.map((state, i) => ({
      tokens: i === last ? [0, last] : [i, i + 1],
      state,
    })),
  }
}

/** The ring's two cycles: the pools in their order, and the route. */
function bothWays({
  pools,
}: EngineGraph): readonly (readonly [string, readonly RouteHop[]])[] {
  const last = pools.length - 1
  const there = pools.map(({ state }, i) => ({ state, zeroForOne: i < last }))
  const back = pools.map(({ state }, i) => ({ state, zeroForOne: i === last }))
  const order = pools.map((_, i) => i)
  return [
    [order.join(), there],
    [order.toReversed().join(), back.toReversed()],
  ]
}

function constantProduct(
  reserve0: bigint,
  reserve1: bigint,
  feePips: number,
): ConstantProductState {
  return {
    family: 'constantProduct',
    feePips,
    reserves: [reserve0, reserve1],
  }
}

function optionsFrom(
  bases: readonly number[],
  limit: number,
): EngineScanOptions {
  return {
    bases: bases.map((token) => ({ token, approximateNativeRate: 1 })),
    maxHops: 4,
    limit,
    approximateMinProfit: 0,
  }
}
