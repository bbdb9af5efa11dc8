import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ConstantProductState,
  createReferenceEngine,
  type EngineGraph,
  type EngineScanOptions,
  PoolInvalidError,
  type PoolState,
} from '../../../src/engine/index.ts'
import { bestAmounts } from '../../../src/engine/reference/bestInput.ts'
import { enumerateCycles } from '../../../src/engine/reference/cycles.ts'
import { sellAlong } from '../../../src/engine/reference/route.ts'

const options: EngineScanOptions = {
  bases: [{ token: 0, approximateNativeRate: 1 }],
  maxHops: 4,
  limit: 0,
  approximateMinProfit: 0,
}

describe('enumerateCycles', () => {
  it('default: both directions of every cycle through the base', () => {
    // A triangle 0-1-2 with a second pool between 0 and 1.
    const graph = graphOf([0, 1], [1, 2], [2, 0], [0, 1])
    expect(poolsOf(graph, [0], 4)).toEqual(
      ['0,3', '3,0', '0,1,2', '2,1,0', '3,1,2', '2,1,3'].sort(),
    )
    expect(poolsOf(graph, [0], 2)).toEqual(['0,3', '3,0'])
  })

  it('behavior: a cycle through several bases comes once, from the first', () => {
    const graph = graphOf([0, 1], [1, 2], [2, 0], [1, 2])
    expect(poolsOf(graph, [0, 1], 4)).toEqual(
      ['0,1,2', '2,1,0', '0,3,2', '2,3,0', '1,3', '3,1'].sort(),
    )
    expect(poolsOf(graph, [1, 0], 3)).toHaveLength(6)
  })
})

describe('bestAmounts', () => {
  it('equals trying every input, on small constant-product cycles', () => {
    const hop = fc.record({
      state: fc.record({
        family: fc.constant('constantProduct' as const),
        feePips: fc.constantFrom(0, 500, 3000),
        reserves: fc.tuple(fc.bigInt(100n, 3000n), fc.bigInt(100n, 3000n)),
      }),
      zeroForOne: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(hop, { minLength: 2, maxLength: 4 }), (route) => {
        let most = 0n
        for (let input = 1n; input < 3000n; input += 1n) {
          const amounts = sellAlong(route, input)
          if (typeof amounts === 'string') continue
          const profit = amounts.at(-1)! - input
          if (profit > most) most = profit
        }
        const best = bestAmounts(route)
        expect(best ? best.at(-1)! - best[0]! : 0n).toBe(most)
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})

describe('createReferenceEngine', () => {
  const cheap = constantProduct(10n ** 21n, 10n ** 21n)
  const dear = constantProduct(10n ** 21n, 12n * 10n ** 20n)
  const even = constantProduct(10n ** 21n, 10n ** 21n)

  it('scan: finds the profitable direction and its exact amounts', () => {
    const engine = createReferenceEngine()
    engine.load(graphOf2(cheap, dear))
    const { cyclesChecked, profitable, cycles } = engine.scan(options)
    expect([cyclesChecked, profitable]).toEqual([2n, 1])
    const [cycle] = cycles
    expect(cycle).toMatchObject({
      tokens: [0, 1],
      pools: [1, 0],
      zeroForOne: [true, false],
    })
    const [input, middle, output] = cycle!.amounts as [bigint, bigint, bigint]
    expect(engine.quoteExactIn(1, true, input).amountOut).toBe(middle)
    expect(engine.quoteExactIn(0, false, middle).amountOut).toBe(output)
    // Neither much less nor much more gains more.
    for (const other of [(input * 9n) / 10n, (input * 11n) / 10n]) {
      const out = engine.quoteExactIn(1, true, other).amountOut
      const back = engine.quoteExactIn(0, false, out).amountOut
      expect(back - other).toBeLessThan(output - input)
    }
  })

  it('scan: limit and least profit', () => {
    const engine = createReferenceEngine()
    engine.load(
      graphOf2(cheap, dear, constantProduct(10n ** 21n, 11n * 10n ** 20n)),
    )
    const all = engine.scan(options).cycles
    expect(all).toHaveLength(3)
    expect(engine.scan({ ...options, limit: 1 }).cycles).toEqual([all[0]])
    const profit = Number(all[0]!.amounts.at(-1)! - all[0]!.amounts[0]!)
    expect(
      engine.scan({ ...options, approximateMinProfit: profit * 0.999 }).cycles,
    ).toEqual([all[0]])
  })

  it('scanChanged: only cycles through updated pools, once', () => {
    const engine = createReferenceEngine()
    engine.load(graphOf2(even, even, cheap))
    expect(engine.scanChanged(options).cyclesChecked).toBe(0n)
    engine.update(1, dear)
    const changed = engine.scanChanged(options)
    expect([changed.cyclesChecked, changed.profitable]).toEqual([4n, 2])
    expect(changed.cycles).toEqual(engine.scan(options).cycles)
    expect(engine.scanChanged(options).cyclesChecked).toBe(0n)
  })

  it('error: an unknown pool, another family, a token outside the graph', () => {
    const engine = createReferenceEngine()
    engine.load(graphOf2(even))
    const volatile = { ...even, family: 'solidlyVolatile' } as const
    for (const wrong of [
      () => engine.quoteExactIn(1, true, 1n),
      () => engine.update(-1, even),
      () => engine.update(0, volatile),
      () =>
        engine.load({
          tokenCount: 1,
          pools: [{ tokens: [0, 1], state: even }],
        }),
      () =>
        engine.load({
          tokenCount: 2,
          pools: [{ tokens: [1, 1], state: even }],
        }),
    ]) {
      expect(wrong).toThrow(PoolInvalidError)
    }
  })
})

function constantProduct(
  reserve0: bigint,
  reserve1: bigint,
): ConstantProductState {
  return {
    family: 'constantProduct',
    feePips: 3000,
    reserves: [reserve0, reserve1],
  }
}

/** Pools that all trade tokens 0 and 1. */
function graphOf2(...states: readonly PoolState[]): EngineGraph {
  return {
    tokenCount: 2,
    pools: states.map((state) => ({ tokens: [0, 1], state })),
  }
}

function graphOf(
  ...tokens: readonly (readonly [number, number])[]
): EngineGraph {
  const state = constantProduct(1n, 1n)
  return {
    tokenCount: 3,
    pools: tokens.map((pair) => ({ tokens: pair, state })),
  }
}

function poolsOf(
  graph: EngineGraph,
  bases: readonly number[],
  maxHops: number,
): string[] {
  const cycles = enumerateCycles(
    graph,
    bases.map((token) => ({ token, approximateNativeRate: 1 })),
    maxHops,
  )
  return [...cycles].map(({ pools }) => pools.join()).sort()
}
