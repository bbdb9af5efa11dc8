import { beforeAll, describe, expect, it } from 'vitest'
import {
  createReferenceEngine,
  createWasmEngine,
  type Engine,
  type EngineCycle,
  type EngineGraph,
  type EngineScan,
  type EngineScanOptions,
} from '../../../src/engine/index.ts'
import { generateMarket } from '../../../src/market/index.ts'
import { engineGraph } from '../../../src/services/engineGraph.ts'
import { changePools } from '../../support/changes.ts'
import { gainOf, wayOf } from '../../support/cycles.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import {
  marketGraph,
  randomGraph,
  type SearchCase,
} from '../../support/graphs.ts'

let engine: Engine
/** Loaded anew for every comparison. */
let fresh: Engine
beforeAll(async () => {
  engine = await createWasmEngine()
  fresh = await createWasmEngine()
})

describe('scan after updates', () => {
  it('equals a fresh scan, whatever was asked before', () => {
    let [compared, grown] = [0, 0]
    for (let seed = 0; seed < 120; seed++) {
      const edges = createEdges(seed)
      let { graph, bases } = smallCase(seed)
      engine.load(graph)
      for (let round = 0; round < 4; round++) {
        if (edges.pick([true, false])) {
          const asked = edges.pick([bases, [bases[0]!], bases.toReversed()])
          const scan = edges.pick(['scan', 'scanChanged'] as const)
          engine[scan](optionsFrom(asked, edges.pick([2, 3, 4])))
        }
        const before = countTicks(graph)
        graph = changePools(edges, engine, graph, somePools(edges, graph, 5))
        if (countTicks(graph) > before + 20) grown++
      }
      const options = optionsFrom(bases, edges.pick([2, 3, 4, 4]))
      fresh.load(graph)
      const whole = fresh.scan(options)
      expectSame(engine.scan(options), whole)
      compared += whole.cycles.length
    }
    expect(compared).toBeGreaterThan(4000)
    // Ticks outgrew their room, and all was laid out anew.
    expect(grown).toBeGreaterThan(50)
  })
})

describe('scanChanged', () => {
  // From 48 pools a changed one on, the cycles over each are searched; below, all that there are.
  const market = engineGraph(
    generateMarket({
      pools: 240,
      tokens: 50,
      seed: 4,
      mispricedShare: 0.03,
      families: {
        constantProduct: 3,
        solidlyVolatile: 1,
        solidlyStable: 1,
        concentrated: 1,
      },
    }),
  )

  it.each([1, 2, 4, 5, 6, 10, 60, 240])(
    'finds what a whole scan finds over %i changed pools',
    (count) => {
      const edges = createEdges(count)
      let graph = market
      let found = 0
      engine.load(graph)
      for (const bases of [[0], [1, 0, 3], [0, 1, 2, 3]]) {
        for (const maxHops of [2, 3, 4] as const) {
          const options = optionsFrom(bases, maxHops)
          if (edges.pick([true, false])) engine.scan(options)
          else engine.scanChanged(options)
          const pools = somePools(edges, graph, count)
          graph = changePools(edges, engine, graph, pools)
          const ours = engine.scanChanged(options)
          fresh.load(graph)
          const whole = fresh.scan(options)
          expectOnlyOver(pools, ours, whole)
          found += ours.cycles.length
        }
      }
      expect(found).toBeGreaterThan(30)
    },
  )

  it('finds and covers what the reference does', () => {
    const reference = createReferenceEngine()
    for (let seed = 200; seed < 212; seed++) {
      const edges = createEdges(seed)
      const { graph, bases } = smallCase(seed)
      const options = optionsFrom(bases, edges.pick([2, 3]))
      for (const count of [0, 1, 3]) {
        engine.load(graph)
        reference.load(graph)
        const pools = somePools(edges, graph, count)
        const now = changePools(edges, engine, graph, pools)
        for (const pool of pools) reference.update(pool, now.pools[pool]!.state)
        const ours = engine.scanChanged(options)
        const theirs = reference.scanChanged(options)
        expect(ours.profitable).toBe(theirs.profitable)
        // A cycle over several changed pools may count for each.
        expect(ours.cyclesChecked).toBeGreaterThanOrEqual(theirs.cyclesChecked)
        if (count < 2) expect(ours.cyclesChecked).toBe(theirs.cyclesChecked)
        expect(ours.cyclesChecked).toBeLessThanOrEqual(
          reference.scan(options).cyclesChecked,
        )
      }
    }
  })

  it('behavior: before any scan, every update counts; a load is no update', () => {
    const { graph, bases } = smallCase(3)
    const options = optionsFrom(bases, 4)
    engine.load(graph)
    expect(engine.scanChanged(options)).toEqual(nothing)
    const edges = createEdges(3)
    const pools = [0, 3, 5]
    const now = changePools(edges, engine, graph, pools)
    fresh.load(now)
    expectOnlyOver(pools, engine.scanChanged(options), fresh.scan(options))
    engine.update(1, now.pools[1]!.state)
    engine.load(now)
    expect(engine.scanChanged(options)).toEqual(nothing)
  })

  it('behavior: a pool updated many times counts once, with its last state', () => {
    const { graph, bases } = smallCase(4)
    const options = optionsFrom(bases, 4)
    const edges = createEdges(9)
    engine.load(graph)
    engine.scan(options)
    const pools = [2, 2, 7, 2, 7, 2]
    const now = changePools(edges, engine, graph, pools)
    fresh.load(now)
    expectOnlyOver(pools, engine.scanChanged(options), fresh.scan(options))
  })

  it('behavior: a scan ends the set of changed pools, and so does scanChanged', () => {
    const { graph, bases } = smallCase(6)
    const options = optionsFrom(bases, 4)
    const edges = createEdges(6)
    engine.load(graph)
    let now = changePools(edges, engine, graph, [0, 1])
    engine.scan(options)
    expect(engine.scanChanged(options)).toEqual(nothing)
    now = changePools(edges, engine, now, [2])
    engine.scanChanged(optionsFrom(bases, 2))
    expect(engine.scanChanged(options)).toEqual(nothing)
    fresh.load(now)
    expectSame(engine.scan(options), fresh.scan(options))
  })

  it('behavior: other bases and other lengths between updates and searches', () => {
    const edges = createEdges(12)
    let graph = market
    engine.load(graph)
    engine.scan(optionsFrom([0], 2))
    for (const bases of [[2], [0, 1], [1, 0], [4, 3, 2], [0]]) {
      const pools = somePools(edges, graph, 4)
      graph = changePools(edges, engine, graph, pools)
      const options = optionsFrom(bases, edges.pick([2, 3, 4]))
      fresh.load(graph)
      expectOnlyOver(pools, engine.scanChanged(options), fresh.scan(options))
    }
  })

  it('behavior: a limit keeps the best; more than there is room for are found again with more room', () => {
    const graph = engineGraph(
      generateMarket({ pools: 500, tokens: 40, seed: 8, mispricedShare: 0.5 }),
    )
    const options = optionsFrom([0], 4)
    const edges = createEdges(1)
    engine.load(graph)
    const pools = somePools(edges, graph, 6)
    const now = changePools(edges, engine, graph, pools)
    fresh.load(now)
    const whole = fresh.scan(options)
    const over = whole.cycles.filter((cycle) => isOver(cycle, pools))
    expect(over.length).toBeGreaterThan(1024)
    expectSameCycles(engine.scanChanged(options).cycles, over)
    for (const pool of pools) engine.update(pool, now.pools[pool]!.state)
    const best = engine.scanChanged({ ...options, limit: 10 }).cycles
    expect(best.map(gainOf)).toEqual(over.slice(0, 10).map(gainOf))
  })
})

const nothing: EngineScan = { cyclesChecked: 0n, profitable: 0, cycles: [] }

function smallCase(seed: number): SearchCase {
  return seed % 2 === 0 ? marketGraph(seed) : randomGraph(seed)
}

function optionsFrom(
  bases: readonly number[],
  maxHops: 2 | 3 | 4,
): EngineScanOptions {
  return {
    bases: bases.map((token) => ({ token, approximateNativeRate: 1 })),
    maxHops,
    limit: 0,
    approximateMinProfit: 0,
  }
}

/** Different pools of the graph, all of them if it has no more. */
function somePools(edges: Edges, graph: EngineGraph, count: number): number[] {
  const left = graph.pools.map((_, pool) => pool)
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(edges.integer(0, left.length - 1), 1)[0]!,
  )
}

function countTicks({ pools }: EngineGraph): number {
  return pools.reduce(
    (sum, { state }) =>
      sum + (state.family === 'concentrated' ? state.ticks.length : 0),
    0,
  )
}

function expectOnlyOver(
  pools: readonly number[],
  ours: EngineScan,
  whole: EngineScan,
): void {
  const over = whole.cycles.filter((cycle) => isOver(cycle, pools))
  expectSameCycles(ours.cycles, over)
  expect(ours.cyclesChecked).toBeLessThanOrEqual(whole.cyclesChecked)
  expect(ours.profitable).toBeGreaterThanOrEqual(ours.cycles.length)
}

function isOver(cycle: EngineCycle, pools: readonly number[]): boolean {
  return cycle.pools.some((pool) => pools.includes(pool))
}

function expectSame(ours: EngineScan, whole: EngineScan): void {
  expect(ours.cyclesChecked).toBe(whole.cyclesChecked)
  expect(ours.profitable).toBe(whole.profitable)
  expectSameCycles(ours.cycles, whole.cycles)
}

/** The same to the unit; those that gain the same in any order. */
function expectSameCycles(
  ours: readonly EngineCycle[],
  expected: readonly EngineCycle[],
): void {
  expect(written(ours)).toEqual(written(expected))
}

function written(cycles: readonly EngineCycle[]): string {
  return cycles
    .map((cycle) => `${wayOf(cycle)}: ${cycle.amounts.join(' ')}`)
    .sort()
    .join('\n')
}
