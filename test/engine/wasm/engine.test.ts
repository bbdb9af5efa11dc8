import { describe, expect, it, vi } from 'vitest'
import {
  type ConcentratedState,
  type ConstantProductState,
  createReferenceEngine,
  createWasmEngine,
  type EngineGraph,
  type EngineScanOptions,
  PoolInvalidError,
  type PoolState,
  ScanOptionError,
} from '../../../src/engine/index.ts'
import { generateMarket } from '../../../src/market/index.ts'
import { engineGraph } from '../../../src/services/engineGraph.ts'
import { gainOf, wayOf } from '../../support/cycles.ts'

const pool: ConstantProductState = {
  family: 'constantProduct',
  feePips: 3000,
  reserves: [10n ** 21n, 10n ** 21n],
}
const cheaper: ConstantProductState = {
  ...pool,
  reserves: [10n ** 21n, 11n * 10n ** 20n],
}
const concentrated: ConcentratedState = {
  family: 'concentrated',
  feePips: 3000,
  tickSpacing: 60,
  sqrtPriceX96: 2n ** 96n,
  tick: 0,
  liquidity: 10n ** 21n,
  ticks: [
    [-600, 10n ** 21n],
    [600, -(10n ** 21n)],
  ],
  knownTicks: [-887272, 887272],
}
const small = graphOf(pool, cheaper)
/** Every second pool off: some 20,000 cycles gain. */
const rich = engineGraph(
  generateMarket({ pools: 300, tokens: 30, seed: 1, mispricedShare: 0.5 }),
)

const options: EngineScanOptions = {
  bases: [{ token: 0, approximateNativeRate: 1 }],
  maxHops: 4,
  limit: 0,
  approximateMinProfit: 0,
}

describe('load', () => {
  it('replaces the graph, a larger or a smaller one, after scans too', async () => {
    const engine = await createWasmEngine()
    const graphs = [small, rich, small, { tokenCount: 0, pools: [] }, rich]
    for (const graph of graphs) {
      engine.load(graph)
      const bases = graph.tokenCount > 0 ? options.bases : []
      const fresh = await createWasmEngine()
      fresh.load(graph)
      expect(engine.scan({ ...options, maxHops: 3, bases })).toEqual(
        fresh.scan({ ...options, maxHops: 3, bases }),
      )
    }
  })

  it('behavior: formulas and quotes work on after the memory has grown', async () => {
    const engine = await createWasmEngine()
    const before = engine.math.getAmountOut(
      10n ** 18n,
      10n ** 21n,
      10n ** 22n,
      3000,
    )
    engine.load(engineGraph(generateMarket({ pools: 5000, tokens: 900 })))
    engine.scan(options)
    expect(
      engine.math.getAmountOut(10n ** 18n, 10n ** 21n, 10n ** 22n, 3000),
    ).toBe(before)
    engine.load(small)
    expect(engine.quoteExactIn(1, true, 10n ** 18n)).toEqual(
      loadedReference(small).quoteExactIn(1, true, 10n ** 18n),
    )
  })

  it.each([
    ['a token outside', { tokenCount: 1, pools: small.pools }],
    ['half a token', graphBetween([0, 0.5])],
    ['a token below 0', graphBetween([-1, 1])],
    ['a pool of one token', graphBetween([1, 1])],
  ])('error: %s; the graph before stays', async (_, graph) => {
    const engine = await createWasmEngine()
    engine.load(small)
    const before = engine.scan(options)
    expect(() => engine.load(graph)).toThrow(PoolInvalidError)
    expect(engine.scan(options)).toEqual(before)
  })

  it('error: decimals no contract has; the graph before stays', async () => {
    const engine = await createWasmEngine()
    engine.load(small)
    const before = engine.scan(options)
    expect(() => engine.load(graphOf(cheaper, pool, stable(78)))).toThrow(
      PoolInvalidError,
    )
    expect(engine.scan(options)).toEqual(before)
    expect(engine.quoteExactIn(1, true, 1000n).amountOut).toBe(1096n)
  })
})

describe('update', () => {
  it('error: an unknown pool, another family', async () => {
    const engine = await createWasmEngine()
    expect(() => engine.update(0, pool)).toThrow(PoolInvalidError)
    engine.load(small)
    for (const index of [2, -1, 0.5])
      expect(() => engine.update(index, pool)).toThrow(PoolInvalidError)
    expect(() =>
      engine.update(0, { ...pool, family: 'solidlyVolatile' }),
    ).toThrow(PoolInvalidError)
    expect(engine.scanChanged(options).cyclesChecked).toBe(0n)
  })

  it('error: a state no contract has; the one before stays', async () => {
    const engine = await createWasmEngine()
    engine.load(graphOf(stable(18), cheaper))
    const before = engine.scan(options)
    expect(() => engine.update(0, stable(78))).toThrow(PoolInvalidError)
    expect(engine.scanChanged(options).cyclesChecked).toBe(0n)
    expect(engine.scan(options)).toEqual(before)
  })

  it('behavior: ticks that outgrow their room leave the other pools as they were', async () => {
    const engine = await createWasmEngine()
    engine.load(graphOf(concentrated, concentrated, cheaper, pool))
    engine.scan(options)
    const ticks = Array.from({ length: 400 }, (_, i): [number, bigint] => [
      60 * (i < 200 ? i - 210 : i - 189),
      10n ** 18n * (i < 200 ? 1n : -1n),
    ])
    const grown = {
      ...concentrated,
      liquidity: 2n * 10n ** 20n,
      ticks,
    }
    engine.update(1, grown)
    const now = graphOf(concentrated, grown, cheaper, pool)
    const reference = loadedReference(now)
    for (const index of [0, 1, 2, 3])
      for (const zeroForOne of [true, false])
        expect(engine.quoteExactIn(index, zeroForOne, 10n ** 20n)).toEqual(
          reference.quoteExactIn(index, zeroForOne, 10n ** 20n),
        )
    const fresh = await createWasmEngine()
    fresh.load(now)
    expect(engine.scan(options)).toEqual(fresh.scan(options))
  })
})

describe('quotes', () => {
  it('error: an unknown pool', async () => {
    const engine = await createWasmEngine()
    engine.load(small)
    for (const index of [2, -1, 0.5]) {
      expect(() => engine.quoteExactIn(index, true, 1n)).toThrow(
        PoolInvalidError,
      )
      expect(() => engine.quoteExactOut(index, true, 1n)).toThrow(
        PoolInvalidError,
      )
    }
  })
})

describe('scan', () => {
  it('behavior: makes room for all the cycles there are', async () => {
    const engine = await createWasmEngine()
    engine.load(rich)
    const all = engine.scan(options)
    expect(all.cycles.length).toBeGreaterThan(5000)
    expect(all.cycles.length).toBeGreaterThan(0.99 * all.profitable)
    expect(new Set(all.cycles.map(wayOf)).size).toBe(all.cycles.length)
    for (const limit of [1, 1024, 1025, 5000]) {
      const other = await createWasmEngine()
      other.load(rich)
      const { cycles } = other.scan({ ...options, limit })
      expect(cycles.map(gainOf)).toEqual(all.cycles.slice(0, limit).map(gainOf))
    }
  })

  it('behavior: a limit above all there are gives all', async () => {
    const engine = await createWasmEngine()
    engine.load(small)
    const all = engine.scan(options)
    expect(all.cycles).toHaveLength(1)
    for (const limit of [2, 10 ** 6, 2 ** 31, Number.MAX_SAFE_INTEGER])
      expect(engine.scan({ ...options, limit })).toEqual(all)
    expect(engine.scan({ ...options, limit: 1 })).toEqual(all)
  })

  it('behavior: a limit is filled though the best in f64 gain nothing in whole units', async () => {
    // 30 pools pay a little more than they should, but no whole unit of token 1.
    const dust = Array.from({ length: 30 }, (_, i) => ({
      ...pool,
      reserves: [10n ** 15n * BigInt(i + 1), BigInt(i + 1)] as const,
    }))
    const engine = await createWasmEngine()
    engine.load(graphOf(pool, cheaper, ...dust))
    const all = engine.scan(options).cycles
    for (const limit of [1, 2, 5])
      expect(engine.scan({ ...options, limit }).cycles).toHaveLength(
        Math.min(limit, all.length),
      )
  })

  it('behavior: nothing without a base, without pools, or without a pool at the base', async () => {
    const engine = await createWasmEngine()
    const nothing = { cyclesChecked: 0n, profitable: 0, cycles: [] }
    const noBase = { ...options, bases: [] }
    expect(engine.scan(noBase)).toEqual(nothing)
    expect(engine.scanChanged(noBase)).toEqual(nothing)
    engine.load({ tokenCount: 3, pools: [] })
    expect(engine.scan(options)).toEqual(nothing)
    engine.load(rich)
    engine.scan(options)
    expect(engine.scan(noBase)).toEqual(nothing)
    engine.load({ ...small, tokenCount: 3 })
    const lonely = { token: 2, approximateNativeRate: 1 }
    expect(engine.scan({ ...options, bases: [lonely] })).toEqual(nothing)
    expect(engine.scan(noBase)).toEqual(nothing)
  })

  it('behavior: a base that is named twice counts once', async () => {
    const engine = await createWasmEngine()
    engine.load(rich)
    const [a, b] = [0, 1].map((token) => ({ token, approximateNativeRate: 1 }))
    const once = engine.scan({ ...options, maxHops: 3, bases: [a!, b!] })
    expect(
      engine.scan({ ...options, maxHops: 3, bases: [a!, b!, a!, b!] }),
    ).toEqual(once)
  })

  it('error: an unknown base, too many, a wrong limit or length; the engine works on', async () => {
    const engines = [await createWasmEngine(), createReferenceEngine()]
    for (const engine of engines) {
      engine.load({ ...small, tokenCount: 20 })
      const before = engine.scan(options)
      const tokens = Array.from({ length: 17 }, (_, token) => token)
      for (const wrong of [
        { ...options, bases: basesOf(20) },
        { ...options, bases: basesOf(-1) },
        { ...options, bases: basesOf(0.5) },
        { ...options, bases: basesOf(...tokens) },
        { ...options, limit: -1 },
        { ...options, limit: 0.5 },
        { ...options, maxHops: 5 as 4 },
      ])
        expect(() => engine.scan(wrong)).toThrow(ScanOptionError)
      expect(
        engine.scan({ ...options, bases: basesOf(...tokens.slice(1)) })
          .profitable,
      ).toBe(1)
      expect(engine.scan(options)).toEqual(before)
    }
  })

  it('behavior: takes no memory, however often', async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow')
    const buffer = vi.spyOn(WebAssembly.Memory.prototype, 'buffer', 'get')
    const engine = await createWasmEngine()
    engine.load(rich)
    const limited = { ...options, limit: 10 }
    const first = engine.scan(limited)
    buffer.mockClear()
    engine.scan(limited)
    const { byteLength } = buffer.mock.results[0]!.value as ArrayBuffer
    for (let i = 0; i < 1000; i++) {
      engine.update(i % 300, rich.pools[i % 300]!.state)
      engine.scan(limited)
      engine.scanChanged(limited)
    }
    const buffers = buffer.mock.results.map(({ value }) => value as ArrayBuffer)
    expect(buffers.length).toBeGreaterThan(1000)
    expect(buffers.every((taken) => taken.byteLength === byteLength)).toBe(true)
    expect(engine.scan(limited)).toEqual(first)
    grow.mockRestore()
    buffer.mockRestore()
  })
})

describe('createWasmEngine', () => {
  it('behavior: two engines know nothing of each other', async () => {
    const [one, other] = [await createWasmEngine(), await createWasmEngine()]
    one.load(small)
    other.load(rich)
    const [ours, theirs] = [one.scan(options), other.scan(options)]
    one.update(0, cheaper)
    expect(other.scanChanged(options).cyclesChecked).toBe(0n)
    expect(other.scan(options)).toEqual(theirs)
    one.update(0, pool)
    expect(one.scan(options)).toEqual(ours)
  })

  it('behavior: many at once compile the kernel once', async () => {
    vi.resetModules()
    const compile = vi.spyOn(WebAssembly, 'compile')
    const { createWasmEngine: create } = await import(
      '../../../src/engine/wasm/engine.ts'
    )
    const engines = await Promise.all(Array.from({ length: 5 }, create))
    expect(compile).toHaveBeenCalledTimes(1)
    expect(new Set(engines).size).toBe(5)
    compile.mockRestore()
  })

  it('error: an engine that cannot be compiled is named, and the next attempt is a new one', async () => {
    vi.resetModules()
    const { createWasmEngine: create } = await import(
      '../../../src/engine/wasm/engine.ts'
    )
    const compile = vi
      .spyOn(WebAssembly, 'compile')
      .mockRejectedValueOnce(new Error('refused'))
    await expect(create()).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    })
    compile.mockRestore()
    expect((await create()).kind).toBe('wasm')
  })
})

/** Pools that all trade tokens 0 and 1. */
function graphOf(...states: readonly PoolState[]): EngineGraph {
  return {
    tokenCount: 2,
    pools: states.map((state) => ({ tokens: [0, 1], state })),
  }
}

function graphBetween(tokens: readonly [number, number]): EngineGraph {
  return { tokenCount: 2, pools: [...small.pools, { tokens, state: pool }] }
}

function stable(decimals: number): PoolState {
  return {
    ...pool,
    family: 'solidlyStable',
    decimals: [18, decimals],
  }
}

function basesOf(...tokens: readonly number[]): EngineScanOptions['bases'] {
  return tokens.map((token) => ({ token, approximateNativeRate: 1 }))
}

function loadedReference(
  graph: EngineGraph,
): ReturnType<typeof createReferenceEngine> {
  const reference = createReferenceEngine()
  reference.load(graph)
  return reference
}
