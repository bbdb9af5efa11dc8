import { expect, it } from 'vitest'
import { Apex, createApex } from '../src/apex.ts'
import { parseAddress } from '../src/core/address.ts'
import type { Hex } from '../src/core/hex.ts'
import { createEngine } from '../src/engine/createEngine.ts'
import type { Engine } from '../src/engine/index.ts'
import {
  EngineCapacityError,
  PoolInvalidError,
  SwapRevertsError,
} from '../src/engine/index.ts'
import { MarketInvalidError, TokenUnknownError } from '../src/market/errors.ts'
import { generateMarket } from '../src/market/index.ts'
import type { Market } from '../src/market/market.ts'
import type { MarketGrowth, PoolChange } from '../src/market/marketBlock.ts'
import { createMarket } from '../src/market/marketBuilder.ts'
import type { Opportunity } from '../src/market/opportunity.ts'
import type { Pool } from '../src/market/pool.ts'
import { stateHash } from '../src/market/stateHash.ts'
import type { Token } from '../src/market/token.ts'
import { changedState } from './support/changes.ts'
import { createEdges, type Edges } from './support/edges.ts'

/** APEX_FUZZ asks for the long run. */
const { APEX_FUZZ } = process.env
const runs = APEX_FUZZ === undefined ? 5 : 200

const families = {
  constantProduct: 3,
  solidlyVolatile: 1,
  solidlyStable: 1,
  concentrated: 2,
}

for (const kind of ['wasm', 'reference'] as const)
  it(`a market grown pool by pool equals one loaded at once: ${kind}`, async () => {
    let [found, taken, most] = [0, 0, 0]
    for (let seed = 0; seed < runs; seed++) {
      const edges = createEdges(seed)
      const run = await begin(seed, edges, kind)
      while (run.waiting.length > 0) {
        const before = run.apex.market.pools.length
        if (edges.integer(0, 4) === 0) run.revert(edges.integer(1, 5))
        else run.grow(edges.pick([0, 1, 1, 3]))
        if (run.apex.market.pools.length < before) taken++
        if (edges.integer(0, 4) > 0) continue
        found += run.expectSameAsFresh(edges.pick([true, false]))
      }
      found += run.expectSameAsFresh(false)
      most = Math.max(most, run.grown)
    }
    // It was no idle run: pools left and came again, cycles were found.
    expect(taken).toBeGreaterThan(runs)
    expect(found).toBeGreaterThan(20 * runs)
    expect(most).toBeGreaterThan(20)
  }, 3_600_000)

it('finds over what joined all that a whole scan finds there', async () => {
  const edges = createEdges(90)
  const run = await begin(90, edges, 'wasm')
  run.apex.scan(scan)
  let found = 0
  while (run.waiting.length > 0) {
    const changed = new Set(run.grow(1).map(({ address }) => address))
    const isOver = ({ cycle }: Opportunity): boolean =>
      cycle.hops.some(({ pool }) => changed.has(pool.address))
    const ours = run.apex.scanChanged(scan).opportunities
    const whole = run.fresh().scan(scan).opportunities
    expect(ours.map(essence).sort()).toEqual(
      whole.filter(isOver).map(essence).sort(),
    )
    found += ours.length
  }
  expect(found).toBeGreaterThan(100)
})

it('searches native routes anew where the wrapped coin joins, and leaves', async () => {
  const market = marketOnBase()
  const wrapped = market.wrappedNative!
  const isOfWrapped = ({ tokens }: Pool): boolean =>
    tokens.includes(wrapped.address)
  const { chainId } = market
  const apex = await createApex({
    market: createMarket({
      chainId,
      blockNumber: 1,
      tokens: market.tokens.filter((token) => token !== wrapped),
      pools: market.pools.filter((pool) => !isOfWrapped(pool)),
    }),
  })
  expect(apex.market.wrappedNative).toBeUndefined()
  apex.update({
    blockNumber: 2,
    changes: [],
    growth: { tokens: [wrapped], pools: market.pools.filter(isOfWrapped) },
  })
  const whole = (await createApex({ market })).scan(scan).opportunities
  expect(whole.length).toBeGreaterThan(0)
  expect(apex.scanChanged(scan).opportunities.map(essence).sort()).toEqual(
    whole.map(essence).sort(),
  )
  apex.revert()
  expect(apex.market.wrappedNative).toBeUndefined()
})

it.each([
  [0n, 0n],
  [0n, 5n],
  [5n, 0n],
] as const)(
  'a pair of %i and %i trades nothing until it is filled again',
  async (a, b) => {
    const market = generateMarket({
      pools: 60,
      tokens: 10,
      seed: 6,
      mispricedShare: 0.2,
      families: { constantProduct: 2, solidlyVolatile: 1, solidlyStable: 1 },
    })
    for (const kind of ['wasm', 'reference'] as const) {
      const engine = await createEngine({ kind })
      const apex = await createApex({ market, engine })
      const options = { maxHops: 3, limit: 0, minProfit: 1n } as const
      const before = apex.scan(options).opportunities.map(essence)
      const states = market.pools.map((pool) => ({
        pool: pool.address,
        reserves: (pool as Pool & { reserves: readonly [bigint, bigint] })
          .reserves,
      }))
      const emptied = states.filter((_, i) => i % 2 === 0)
      apex.update(emptied.map(({ pool }) => ({ pool, reserves: [a, b] })))
      const names = new Set<string>(emptied.map(({ pool }) => pool))
      const left = apex.scan(options)
      expect(left.opportunities.length).toBeGreaterThan(0)
      for (const { cycle } of left.opportunities)
        for (const { pool } of cycle.hops)
          expect(names).not.toContain(pool.address)
      expect(apex.scanChanged(options).profitable).toBe(0)
      expect(() =>
        apex.quote(
          emptied[0]!.pool,
          market.pool(emptied[0]!.pool).tokens[0],
          1000n,
        ),
      ).toThrow(SwapRevertsError)
      apex.update(emptied)
      expect(apex.scan(options).opportunities.map(essence)).toEqual(before)
      apex.revert()
      apex.revert()
    }
    // Control: less than nothing is a fault still.
    const { address: pool } = market.pools[0]!
    expect(() =>
      market.apply({
        blockNumber: market.blockNumber + 1,
        changes: [{ pool, reserves: [-1n, 0n] }],
      }),
    ).toThrow(PoolInvalidError)
  },
)

it('changes nothing where a pool cannot join', async () => {
  const market = generateMarket({ pools: 30, tokens: 6, seed: 4, families })
  const [first, ...others] = market.pools
  const known = market.tokens.filter(({ address }) =>
    others.some(({ tokens }) => tokens.includes(address)),
  )
  const apex = await createApex({
    market: createMarket({
      ...placeOf(market),
      tokens: known,
      pools: others,
    }),
  })
  const before = [stateHash(apex.market), ...essences(apex)]
  const stranger: Pool = {
    ...first!,
    tokens: [first!.tokens[0], `0x${'ff'.repeat(20)}`],
  }
  const join = (pools: readonly Pool[]) => (): unknown =>
    apex.update({ blockNumber: 2, changes: [], growth: { tokens: [], pools } })
  expect(join([first!, others[0]!])).toThrow(MarketInvalidError)
  expect(join([first!, first!])).toThrow(MarketInvalidError)
  expect(join([first!, stranger])).toThrow(TokenUnknownError)
  expect(join([first!, { ...first!, feePips: -1 } as Pool])).toThrow()
  expect([stateHash(apex.market), ...essences(apex)]).toEqual(before)
  expect(apex.market.blockNumber).toBe(1)
  // Control: alone it joins.
  expect(join([first!])).not.toThrow()
  expect(apex.market.pool(first!.address)).toEqual({
    ...first,
    tokens: first!.tokens,
  })
})

it('takes the block back where the engine refuses what joins', async () => {
  const market = generateMarket({ pools: 30, tokens: 6, seed: 5 })
  const [first, ...others] = market.pools
  const engine = await createEngine()
  const full: Engine = Object.assign(Object.create(engine) as Engine, {
    load: engine.load.bind(engine),
    scan: engine.scan.bind(engine),
    update: engine.update.bind(engine),
    append() {
      throw new EngineCapacityError('no room')
    },
  })
  const apex = await createApex({
    market: createMarket({
      ...placeOf(market),
      tokens: market.tokens,
      pools: others,
    }),
    engine: full,
  })
  const before = stateHash(apex.market)
  const growth = { tokens: [], pools: [first!] }
  expect(() => apex.update({ blockNumber: 2, changes: [], growth })).toThrow(
    EngineCapacityError,
  )
  expect(stateHash(apex.market)).toBe(before)
  expect(apex.market.blockNumber).toBe(1)
})

it('keeps the graph before where the kernel refuses a pool', async () => {
  const engine = await createEngine()
  const reference = await createEngine({ kind: 'reference' })
  const state = {
    family: 'solidlyStable',
    feePips: 500,
    reserves: [10n ** 20n, 10n ** 20n],
    decimals: [18, 18],
  } as const
  const graph = { tokenCount: 2, pools: [{ tokens: [0, 1] as const, state }] }
  for (const one of [engine, reference]) one.load(graph)
  const bad = { ...state, decimals: [18, 78] as const }
  const quote = engine.quoteExactIn(0, true, 10n ** 18n)
  expect(() =>
    engine.append({ tokenCount: 3, pools: [{ tokens: [0, 2], state: bad }] }),
  ).toThrow(PoolInvalidError)
  for (const one of [engine, reference]) {
    const outside = {
      tokenCount: 2,
      pools: [{ tokens: [0, 2] as const, state }],
    }
    expect(() => one.append(outside)).toThrow(PoolInvalidError)
    expect(() => one.quoteExactIn(1, true, 1n)).toThrow(PoolInvalidError)
    expect(one.quoteExactIn(0, true, 10n ** 18n)).toEqual(quote)
  }
})

const scan = { maxHops: 4, limit: 0 } as const

/** A market that begins with a few pools of a larger one; the rest wait to join. */
async function begin(seed: number, edges: Edges, kind: Engine['kind']) {
  const whole = generateMarket({
    pools: kind === 'wasm' ? 60 : 24,
    tokens: kind === 'wasm' ? 12 : 8,
    seed,
    mispricedShare: 0.05,
    families,
  })
  const order = shuffled(edges, whole.pools)
  const first = order.splice(0, edges.integer(0, 12))
  const apex = await createApex({
    engine: await createEngine({ kind }),
    market: createMarket({
      ...placeOf(whole),
      ...growthOf(whole, first, [whole.wrappedNative!]),
    }),
  })
  const fresh = await createEngine({ kind })
  const run = {
    apex,
    waiting: order,
    grown: 0,
    fresh: () => freshApex(apex.market, fresh),
    /** A block that changes some pools and lets some join; returns both. */
    grow(count: number): readonly Pool[] {
      const joining = run.waiting.splice(0, count)
      run.grown += joining.length
      const changes = new Map<string, PoolChange>()
      for (let i = edges.integer(0, 3); i > 0; i--) {
        if (apex.market.pools.length === 0) break
        const pool = edges.pick(apex.market.pools)
        changes.set(pool.address, changeOf(edges, pool))
      }
      const growth = growthOf(whole, joining)
      return apex.update({
        blockNumber: apex.market.blockNumber + 1,
        changes: [...changes.values()],
        ...(joining.length > 0 && { growth }),
      })
    },
    /** Takes blocks back; pools that leave wait again, at any place. */
    revert(blocks: number): void {
      for (let i = 0; i < blocks && apex.market.blockNumber > 1; i++) {
        const before = [...apex.market.pools]
        apex.revert()
        for (const pool of before.slice(apex.market.pools.length))
          run.waiting.splice(edges.integer(0, run.waiting.length), 0, pool)
      }
    },
    /** Compares state and search with a market loaded at once; returns what was found. */
    expectSameAsFresh(onlyTwoHops: boolean): number {
      const options = {
        ...scan,
        maxHops: onlyTwoHops ? 2 : scan.maxHops,
      } as const
      const loaded = run.fresh()
      expect(stateHash(apex.market)).toBe(stateHash(loaded.market))
      const [ours, theirs] = [apex.scan(options), loaded.scan(options)]
      expect(ours.profitable).toBe(theirs.profitable)
      expect(ours.cyclesChecked).toBe(theirs.cyclesChecked)
      expect(ours.opportunities.map(essence).sort()).toEqual(
        theirs.opportunities.map(essence).sort(),
      )
      return ours.opportunities.length
    },
  }
  return run
}

/** The same pools, loaded at once in an order of their own. */
function freshApex(market: Market, engine: Engine): Apex {
  const pools = market.pools.toSorted((a, b) =>
    a.address < b.address ? -1 : 1,
  )
  const copy = createMarket({
    ...placeOf(market),
    blockNumber: market.blockNumber,
    tokens: market.tokens.toReversed(),
    pools,
  })
  return new Apex(copy, engine)
}

/** A generated market of a chain whose wrapped coin is known by its address. */
function marketOnBase(): Market {
  const generated = generateMarket({
    pools: 120,
    tokens: 12,
    seed: 3,
    mispricedShare: 0.2,
  })
  const [{ address: old }, ...others] = generated.tokens as [Token, ...Token[]]
  const wrapped = parseAddress(`0x42${'0'.repeat(37)}6`)
  const isInOrder = ([a, b]: Pool['tokens']): boolean =>
    a.toLowerCase() < b.toLowerCase()
  return createMarket({
    chainId: 8453,
    blockNumber: 1,
    tokens: [{ address: wrapped, symbol: 'WETH', decimals: 18 }, ...others],
    pools: generated.pools
      .map(({ tokens: [a, b], ...pool }): Pool => {
        const renamed = (token: Hex): Hex => (token === old ? wrapped : token)
        return { ...pool, tokens: [renamed(a), renamed(b)] }
      })
      .filter(({ tokens }) => isInOrder(tokens)),
  })
}

function placeOf({ chainId, wrappedNative }: Market) {
  return { chainId, blockNumber: 1, wrappedNative: wrappedNative!.address }
}

function growthOf(
  market: Market,
  pools: readonly Pool[],
  others: readonly Token[] = [],
): MarketGrowth {
  const tokens = pools.flatMap((pool) =>
    pool.tokens.map((t) => market.token(t)),
  )
  return { tokens: [...new Set([...others, ...tokens])], pools }
}

function changeOf(edges: Edges, pool: Pool): PoolChange {
  if (pool.family === 'weighted' || pool.family === 'stable')
    throw new Error('generated markets have neither')
  const now = changedState(edges, pool)
  if (now.family !== 'concentrated')
    return { pool: pool.address, reserves: now.reserves }
  const { sqrtPriceX96, tick, liquidity, ticks } = now
  return { pool: pool.address, sqrtPriceX96, tick, liquidity, ticks }
}

function shuffled<T>(edges: Edges, items: readonly T[]): T[] {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    const j = edges.integer(0, i)
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all
}

function essences(apex: Apex): string[] {
  return apex.scan(scan).opportunities.map(essence)
}

function essence({ cycle, amountIn, amountOut }: Opportunity): string {
  return `${cycle.id} ${cycle.tokenIn.address} ${amountIn} ${amountOut}`
}
