import { describe, expect, it } from 'vitest'
import type { EngineGraph } from '../../../src/engine/index.ts'
import { generateMarket, readMarketFile } from '../../../src/market/index.ts'
import { engineGraph } from '../../../src/services/engineGraph.ts'
import { dataFile, dataMissing } from '../../support/data.ts'
import { createEdges } from '../../support/edges.ts'
import { extremeState } from '../../support/extremeStates.ts'
import { marketGraph, randomGraph } from '../../support/graphs.ts'
import { createKernelSearch } from '../../support/kernelSearch.ts'

/** The search by vectors, screens and bounds finds what weighing every cycle one by one finds. */

describe('vectors and screens', () => {
  it('lose nothing on small markets of all families', async () => {
    expect(await hitsOf(60, marketGraph)).toBeGreaterThan(3000)
    expect(await hitsOf(60, randomGraph)).toBeGreaterThan(3000)
  })

  it('lose nothing where decimals differ by thirty', async () => {
    const hits = await hitsOf(40, (seed) =>
      randomGraph(seed, { decimals: [0, 6, 8, 18, 24, 30] }),
    )
    expect(hits).toBeGreaterThan(1000)
  })

  it('lose nothing beside pools with rates of 1e25 and 1e-25, and without liquidity', async () => {
    const hits = await hitsOf(60, (seed) => {
      const { graph, bases } = randomGraph(seed)
      return { graph: withJunk(graph, seed), bases }
    })
    expect(hits).toBeGreaterThan(3000)
  })

  it('lose nothing among pools at all edges', async () => {
    const hits = await hitsOf(60, (seed) => {
      const edges = createEdges(seed)
      const families = [
        'constantProduct',
        'constantProduct',
        'solidlyVolatile',
        'solidlyStable',
        'concentrated',
      ] as const
      const pools = Array.from({ length: 30 }, () => {
        const [a, b] = [edges.integer(0, 7), edges.integer(0, 6)]
        return {
          tokens: a <= b ? ([a, b + 1] as const) : ([b, a] as const),
          state: extremeState(edges, edges.pick(families)),
        }
      })
      return { graph: { tokenCount: 8, pools }, bases: [0, 1] }
    })
    expect(hits).toBeGreaterThan(3000)
  })

  it.each([
    [300, 40, 0.02],
    [400, 30, 0.01],
    [600, 100, 0.05],
  ])(
    'lose nothing in a market of %i pools and %i tokens',
    async (pools, tokens, mispricedShare) => {
      const market = generateMarket({ pools, tokens, seed: 5, mispricedShare })
      const hits = await compare(engineGraph(market), [0, 1], 4)
      expect(hits).toBeGreaterThan(100)
    },
  )

  it.for(['ethereum-17105k', 'ethereum-17675k'])(
    'lose nothing in the snapshot %s',
    async (name, test) => {
      const path = dataFile(`markets/${name}.jsonl.gz`)
      if (path === undefined) return test.skip(dataMissing)
      const market = await readMarketFile(path)
      const weth = market.tokenIndex(market.findToken('WETH').address)
      const graph = engineGraph(market)
      expect(await compare(graph, [weth], 3)).toBeGreaterThan(10)
    },
  )
})

/** Compares both searches on many cases; returns the hits of all. */
async function hitsOf(
  count: number,
  make: (seed: number) => {
    graph: EngineGraph
    bases: readonly number[]
  },
): Promise<number> {
  let hits = 0
  for (let seed = 1000; seed < 1000 + count; seed++) {
    const { graph, bases } = make(seed)
    hits += await compare(graph, bases, 4)
  }
  return hits
}

async function compare(
  graph: EngineGraph,
  bases: readonly number[],
  mostHops: number,
): Promise<number> {
  const search = await createKernelSearch(graph, bases)
  let hits = 0
  for (let maxHops = 2; maxHops <= mostHops; maxHops++) {
    const plain = search.run('searchMarketPlainly', maxHops)
    expect(search.run('searchMarket', maxHops)).toEqual(plain)
    hits += plain.hits
  }
  return hits
}

/** Between the same tokens, pools whose price makes no sense, and concentrated ones that hold nothing. */
function withJunk(graph: EngineGraph, seed: number): EngineGraph {
  const edges = createEdges(seed)
  const junk = Array.from({ length: 8 }, () => {
    const { tokens } = edges.pick(graph.pools)
    const big = 10n ** BigInt(edges.integer(20, 45))
    const reserves = edges.pick([[big, 1000n] as const, [1000n, big] as const])
    return edges.pick([true, false])
      ? {
          tokens,
          state: {
            family: 'constantProduct',
            feePips: 3000,
            reserves,
          } as const,
        }
      : {
          tokens,
          state: {
            family: 'concentrated',
            feePips: 500,
            tickSpacing: 10,
            sqrtPriceX96: 2n ** 96n,
            tick: 0,
            liquidity: 0n,
            ticks: edges.pick([
              [],
              [
                [-100, 10n ** 20n],
                [-50, -(10n ** 20n)],
              ] as const,
            ]),
            knownTicks: [-887272, 887272],
          } as const,
        }
  })
  return { ...graph, pools: [...graph.pools, ...junk] }
}
