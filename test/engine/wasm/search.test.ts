import { beforeAll, describe, expect, it } from 'vitest'
import {
  createReferenceEngine,
  createWasmEngine,
  type Engine,
  type EngineCycle,
  type EngineScan,
  type EngineScanOptions,
} from '../../../src/engine/index.ts'
import { byWay, coarsestWorth, gainOf, wayOf } from '../../support/cycles.ts'
import {
  marketGraph,
  randomGraph,
  type SearchCase,
} from '../../support/graphs.ts'

/** 200 small markets of all families, searched by the kernel and cycle by cycle in exact arithmetic. */
const markets = 200

/**
 * Amounts on the way are whole units, and which of them rounds luckily is not
 * searched without end: a cycle with a curved or Solidly pool may gain this
 * many units of the coarsest token on the way less than was possible.
 */
const mostUnitsShort = 2
/** The other bound on what may be missed: this part of the profit. */
const partShort = 1e-9

type Compared = SearchCase & {
  readonly options: EngineScanOptions
  readonly kernel: EngineScan
  readonly reference: EngineScan
}

const all: Compared[] = []
let kernel: Engine
const reference = createReferenceEngine()

beforeAll(async () => {
  kernel = await createWasmEngine()
  for (let seed = 0; seed < markets; seed++) {
    const found = seed % 2 === 0 ? marketGraph(seed) : randomGraph(seed)
    const options: EngineScanOptions = {
      bases: found.bases.map((token, i) => ({
        token,
        approximateNativeRate: 1 / (i + 1),
      })),
      maxHops: seed % 7 === 0 ? 3 : seed % 13 === 0 ? 2 : 4,
      limit: 0,
      approximateMinProfit: 0,
    }
    kernel.load(found.graph)
    reference.load(found.graph)
    all.push({
      ...found,
      options,
      kernel: kernel.scan(options),
      reference: reference.scan(options),
    })
  }
})

describe('scan, beside the search of every cycle one by one', () => {
  it('covers as many cycles and counts as many profitable ones', () => {
    const counts = ({ cyclesChecked, profitable }: EngineScan): unknown => ({
      cyclesChecked,
      profitable,
    })
    expect(all.map(({ kernel }) => counts(kernel))).toEqual(
      all.map(({ reference }) => counts(reference)),
    )
    const profitable = all.filter(({ kernel }) => kernel.profitable > 0)
    expect(profitable.length).toBeGreaterThan(markets / 2)
  })

  it('finds the same cycles; those only one finds gain less than a coarse unit, and the kernel misses next to none', () => {
    const missed: EngineCycle[] = []
    const more: EngineCycle[] = []
    let cycles = 0
    for (const { kernel, reference } of all) {
      const [ours, theirs] = [byWay(kernel), byWay(reference)]
      cycles += theirs.size
      for (const [way, cycle] of ours) if (!theirs.has(way)) more.push(cycle)
      for (const [way, cycle] of theirs) if (!ours.has(way)) missed.push(cycle)
    }
    expect(cycles).toBeGreaterThan(9_000)
    for (const cycle of [...missed, ...more])
      expect(Number(gainOf(cycle)), wayOf(cycle)).toBeLessThan(
        coarsestWorth(cycle),
      )
    // 1 and 9 of 9,502 when this was written: which whole amount rounds luckily decides whether so little is a gain at all, and the reference tries fewer.
    expect(missed.length).toBeLessThan(cycles / 5_000)
    expect(more.length).toBeLessThan(cycles / 500)
  })

  it('gains what the reference gains, but for two units of the coarsest token', () => {
    const shortfalls: string[] = []
    let [compared, fine] = [0, 0]
    for (const { kernel, reference } of all) {
      const ours = byWay(kernel)
      for (const [way, theirs] of byWay(reference)) {
        const cycle = ours.get(way)
        if (!cycle) continue
        compared++
        const short = Number(gainOf(theirs) - gainOf(cycle))
        if (short <= partShort * Number(gainOf(theirs))) fine++
        else if (short > mostUnitsShort * coarsestWorth(theirs))
          shortfalls.push(`${way}: ${cycle.amounts} gains ${short} too little`)
      }
    }
    expect(shortfalls).toEqual([])
    expect(fine / compared).toBeGreaterThan(0.9)
  })

  it('through constant-product pools alone gains it but for one coarse unit', () => {
    let [compared, fine] = [0, 0]
    for (const { graph, kernel, reference } of all) {
      const ours = byWay(kernel)
      for (const [way, theirs] of byWay(reference)) {
        const cycle = ours.get(way)
        const isProduct = theirs.pools.every(
          (pool) => graph.pools[pool]!.state.family === 'constantProduct',
        )
        if (!isProduct || !cycle) continue
        compared++
        const short = Number(gainOf(theirs) - gainOf(cycle))
        if (short <= partShort * Number(gainOf(theirs))) fine++
        else expect(short, way).toBeLessThan(coarsestWorth(theirs))
      }
    }
    expect(compared).toBeGreaterThan(200)
    expect(fine / compared).toBeGreaterThan(0.99)
  })
})

describe('every cycle found', () => {
  it('has the amounts the reference quotes, hop by hop, and gains', () => {
    for (const { graph, kernel } of all) {
      reference.load(graph)
      for (const cycle of kernel.cycles) {
        expect(cycle.amounts).toEqual(quoted(cycle))
        expect(gainOf(cycle)).toBeGreaterThan(0n)
      }
    }
  })

  it('uses no pool and no token twice, and leads back to its first token', () => {
    for (const { graph, kernel, options } of all)
      for (const { tokens, pools, zeroForOne } of kernel.cycles) {
        expect(new Set(pools).size).toBe(pools.length)
        expect(new Set(tokens).size).toBe(tokens.length)
        expect(pools.length).toBeLessThanOrEqual(options.maxHops)
        pools.forEach((pool, hop) => {
          const sold = tokens[hop]!
          const bought = tokens[(hop + 1) % tokens.length]!
          expect(graph.pools[pool]!.tokens).toEqual(
            zeroForOne[hop] ? [sold, bought] : [bought, sold],
          )
        })
      }
  })

  it('starts at the first of the base tokens it touches, and comes once', () => {
    for (const { bases, kernel } of all) {
      for (const { tokens } of kernel.cycles)
        expect(tokens[0]).toBe(bases.find((base) => tokens.includes(base)))
      expect(byWay(kernel).size).toBe(kernel.cycles.length)
    }
  })

  it('stands before those that gain less', () => {
    for (const { kernel, options } of all) {
      const gains = kernel.cycles.map((cycle) => nativeGain(cycle, options))
      expect(gains).toEqual(gains.toSorted((a, b) => b - a))
    }
  })
})

describe('limit', () => {
  it('gives the head of the whole list', () => {
    for (const { graph, options, kernel: whole } of all) {
      kernel.load(graph)
      for (const limit of [1, 5, 30]) {
        const { cycles, profitable } = kernel.scan({ ...options, limit })
        expect(profitable).toBe(whole.profitable)
        expect(cycles).toHaveLength(Math.min(limit, whole.cycles.length))
        cycles.forEach((cycle, place) => {
          // Places are given by the size in f64, before amounts are whole.
          const best = whole.cycles[place]!
          const rounding = mostUnitsShort * nativeWorth(best, options)
          expect(nativeGain(cycle, options)).toBeGreaterThanOrEqual(
            nativeGain(best, options) - rounding,
          )
          expect(byWay(whole).get(wayOf(cycle))).toEqual(cycle)
        })
      }
    }
  })

  it('leaves out what gains less than the least profit', () => {
    for (const { graph, options, kernel: whole } of all) {
      const middle = whole.cycles[whole.cycles.length >> 1]
      if (!middle) continue
      kernel.load(graph)
      const least = nativeGain(middle, options)
      const { cycles } = kernel.scan({
        ...options,
        approximateMinProfit: least,
      })
      const ours = new Set(cycles.map(wayOf))
      for (const cycle of whole.cycles) {
        const rounding = mostUnitsShort * nativeWorth(cycle, options)
        if (nativeGain(cycle, options) > least * (1 + 1e-9) + rounding)
          expect(ours).toContain(wayOf(cycle))
      }
      for (const cycle of cycles)
        expect(nativeGain(cycle, options)).toBeGreaterThan(
          least * (1 - 1e-9) - mostUnitsShort * nativeWorth(cycle, options),
        )
    }
  })
})

/** The amounts the reference gives for the same input; a hop that is not filled ends them. */
function quoted({ pools, zeroForOne, amounts }: EngineCycle): bigint[] {
  const given = [amounts[0]!]
  for (const [hop, pool] of pools.entries()) {
    const quote = reference.quoteExactIn(pool, zeroForOne[hop]!, given[hop]!)
    if (quote.end !== 'filled') break
    given.push(quote.amountOut)
  }
  return given
}

function rateOf({ tokens }: EngineCycle, options: EngineScanOptions): number {
  return options.bases.find(({ token }) => token === tokens[0])!
    .approximateNativeRate
}

function nativeGain(cycle: EngineCycle, options: EngineScanOptions): number {
  return Number(gainOf(cycle)) * rateOf(cycle, options)
}

function nativeWorth(cycle: EngineCycle, options: EngineScanOptions): number {
  return coarsestWorth(cycle) * rateOf(cycle, options)
}
