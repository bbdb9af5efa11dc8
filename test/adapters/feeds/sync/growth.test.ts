import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createBlockDecoder } from '../../../../src/adapters/dexes/createBlockDecoder.ts'
import type { TokenFindings } from '../../../../src/adapters/feeds/pyramid/index.ts'
import { fetchHeader } from '../../../../src/adapters/feeds/sync/fetchHeader.ts'
import {
  type BlockSync,
  createBlockSync,
  type GrowthOptions,
  type SyncEvent,
} from '../../../../src/adapters/feeds/sync/index.ts'
import { type Apex, createApex } from '../../../../src/apex.ts'
import type { BlockHeader } from '../../../../src/core/headFeed.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import {
  createMarket,
  generateMarket,
  type Market,
  type Pool,
  stateHash,
} from '../../../../src/market/index.ts'
import { newTokenTrials } from '../../../../src/programs/newTokenTrials.ts'
import { drawSwaps } from '../../../../src/programs/simulate/drawSwaps.ts'
import { createWorld } from '../../../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../../../src/programs/simulate/world/world.ts'
import { type Anvil, startAnvil } from '../../../support/anvil.ts'
import { freePair, makePair } from '../../../support/makePair.ts'
import { manualFeed } from '../../../support/syncStage.ts'
import { setTraps, type TrapKind } from '../../../support/traps.ts'
import { pause, until } from '../../../support/wait.ts'
import { marketWith } from '../../../support/world.ts'

const user: Hex = '0x000000000000000000000000000000000000a11c'
const dexNames = [
  'uniswap-v3',
  'pancakeswap-v3',
  'uniswap-v4',
  'algebra-v1',
  'algebra-integral',
]
/** Base units of either token. */
const deep = 10n ** 21n

let anvil: Anvil
let world: World
/** The block before any factory was there. */
let beforeAllPools: Place
/** Number of the block that all its pools stand at. */
let wholeWorld: number
let stage: Stage | undefined

beforeAll(async () => {
  anvil = await startAnvil()
  beforeAllPools = await latest()
  world = await createWorld({
    chain: anvil,
    market: marketOfAll(),
    lenders: [],
    users: [user],
  })
  wholeWorld = (await latest()).blockNumber
}, 120_000)
afterAll(async () => {
  await anvil?.stop()
})
afterEach(async () => {
  await stage?.stop()
  stage = undefined
  await rollBackTo(wholeWorld)
})

describe('growth', () => {
  it.each<[string, (pair: Hex) => GrowthOptions, boolean, bigint?]>([
    ['none broken, it joins', () => ({}), true],
    ['a refused pool', (pair) => ({ refusedPools: [pair] }), false],
    [
      'a refused token',
      () => ({ refusedTokens: [freePair(world).tokens[1]] }),
      false,
    ],
    [
      'a token that failed its trial',
      () => ({
        tryTokens: async () => ({
          sound: new Set(),
          refused: new Set([freePair(world).tokens[1].toLowerCase()]),
        }),
      }),
      false,
    ],
    [
      'a token that could not be tried',
      () => ({
        tryTokens: async () => ({ sound: new Set(), refused: new Set() }),
      }),
      false,
    ],
    [
      'a token the market does not have',
      () => ({ joinsNewTokens: false }),
      false,
    ],
    ['no base token', () => ({ baseTokens: [world.wrappedNative] }), false],
    ['too little in it', () => ({}), false, 1000n],
    ['as many as may', () => ({ mostJoining: 0 }), false],
  ])(
    'keeps to its rules: %s',
    async (_, rulesOf, joins, reserve = deep) => {
      const pair = await make()
      await rollBackTo(wholeWorld)
      const [, strange] = freePair(world).tokens
      const pools = world.market.pools.filter(
        ({ tokens }) => !tokens.includes(strange),
      )
      const { followed, joined, apex } = await follow(rulesOf(pair), {
        ...(await latest()),
        pools,
      })
      expect(await make(reserve)).toBe(pair)
      await followed()
      if (joins) await joined(pools.length + 1)
      for (let i = 0; i < 3; i++) {
        await anvil.mine()
        await followed()
        await pause(30)
      }
      expect(apex.market.poolAt(pair) !== undefined).toBe(joins)
    },
    60_000,
  )

  it.each<[TrapKind, boolean]>([
    ['Plain', true],
    ['NoSell', false],
    ['FeeOnSell', false],
  ])(
    'buys and sells an unknown token before its pool may join: %s',
    async (kind, joins) => {
      const [base, strange] = freePair(world).tokens
      const pools = world.market.pools.filter(
        ({ tokens }) => !tokens.includes(strange),
      )
      const tryTokens = newTokenTrials({
        rpc: anvil,
        chainId: anvil.chainId,
        dexes: world.dexes,
        known: [base, world.wrappedNative],
      })
      const findings: TokenFindings[] = []
      const { followed, apex } = await follow(
        {
          async tryTokens(...asked) {
            // Nothing of it joins meanwhile.
            expect(apex.market.tokenAt(strange)).toBeUndefined()
            findings.push(await tryTokens(...asked))
            return findings.at(-1)!
          },
        },
        { ...(await latest()), pools },
      )
      const pair = await make()
      const { symbol } = world.market.token(strange)
      await setTraps(world, new Map([[symbol, kind]]), [pair])
      const nextBlock = async (): Promise<void> => {
        await anvil.mine()
        await followed()
        await pause(30)
      }
      await until(
        async () => {
          await nextBlock()
          return findings.length > 0
        },
        () => 'nothing was tried out',
      )
      for (let i = 0; i < 3; i++) await nextBlock()
      const found = new Set([strange.toLowerCase()])
      const none = new Set()
      expect(findings).toEqual([
        joins
          ? { sound: found, refused: none }
          : { sound: none, refused: found },
      ])
      expect(apex.market.poolAt(pair) !== undefined).toBe(joins)
    },
    60_000,
  )

  it('an empty market grows to all that the chain has, protocol by protocol', async () => {
    const { followed, joined, apex } = await follow()
    await trade(1)
    await followed()
    await joined(world.market.pools.length)
    expect(new Set(apex.market.pools.map(({ dex }) => dex)).size).toBe(
      new Set(world.market.pools.map(({ dex }) => dex)).size,
    )
    const truth = await world.readMarket()
    expect(stateHash(apex.market)).toBe(stateHash(truth))
    const random = createSeededRandom(8)
    for (let i = 0; i < 6; i++) {
      const depth = 1 + Math.floor(random.next() * 4)
      await anvil.request('anvil_rollback', [depth])
      await trade(depth + 1)
      await followed()
      await joined(world.market.pools.length)
      expect(stateHash(apex.market)).toBe(stateHash(await world.readMarket()))
    }
    const fresh = await createApex({ market: await world.readMarket() })
    expect(found(apex)).toEqual(found(fresh))
    expect(found(apex).length).toBeGreaterThan(0)
  }, 60_000)

  it('takes a pool away with the block that made it, and has it again where the chain has', async () => {
    const { followed, joined, apex, events } = await follow()
    await trade(1)
    await followed()
    const count = world.market.pools.length
    await joined(count)
    const { blockNumber: before } = await latest()
    const pair = await make()
    await followed()
    await joined(count + 1)
    expect(apex.market.pool(pair).blockNumber).toBeGreaterThan(0)
    // Gone with the blocks from its creation on.
    await rollBackTo(before)
    await anvil.request('anvil_mine', ['0x10'])
    await followed()
    expect(() => apex.market.pool(pair)).toThrow('no pool')
    expect(apex.market.pools.length).toBe(count)
    // The same address once more, with other reserves.
    expect(await make(3n * deep)).toBe(pair)
    await followed()
    await joined(count + 1)
    expect(apex.market.pool(pair)).toMatchObject({
      reserves: [3n * deep, 3n * deep],
    })
    // Taken back no further than the block it joined with, it waits and joins again.
    await anvil.request('anvil_rollback', [1])
    await anvil.request('anvil_mine', ['0x2'])
    await followed()
    await joined(count + 1)
    expect(apex.market.pool(pair)).toMatchObject({
      reserves: [3n * deep, 3n * deep],
    })
    expect(events.some(({ kind }) => kind === 'resync')).toBe(false)
  }, 60_000)
})

type Place = { readonly blockNumber: number; readonly blockHash: Hex }

type Stage = {
  readonly apex: Apex
  readonly sync: BlockSync
  readonly events: readonly SyncEvent[]
  /** Waits until the market stands at the chain's head. */
  followed(): Promise<void>
  /** Mines blocks until so many pools are in the market. */
  joined(count: number): Promise<void>
  stop(): Promise<void>
}

/** Follows from the block before all, or from another one with these pools. */
async function follow(
  growth: GrowthOptions = {},
  from: Place & { readonly pools: readonly Pool[] } = {
    ...beforeAllPools,
    pools: [],
  },
): Promise<Stage> {
  const traded = new Set(from.pools.flatMap(({ tokens }) => tokens))
  const market = createMarket({
    chainId: anvil.chainId,
    blockNumber: from.blockNumber,
    blockHash: from.blockHash,
    wrappedNative: world.wrappedNative,
    tokens: world.market.tokens.filter(
      ({ address }) => address === world.wrappedNative || traded.has(address),
    ),
    pools: from.pools,
    journalBlocks: 10_000,
  })
  const apex = await createApex({ market })
  const feed = manualFeed()
  const sync = await createBlockSync({
    rpc: anvil,
    market,
    target: apex,
    decoder: createBlockDecoder(market, world.dexes),
    heads: feed,
    retryMs: 2,
    depth: 10_000,
    growth: {
      multicall3: world.multicall3,
      tickWords: Number.POSITIVE_INFINITY,
      baseTokens: world.market.tokens.map(({ address }) => address),
      joinsNewTokens: true,
      ...growth,
    },
    onFault: (error) => {
      throw error
    },
  })
  const controller = new AbortController()
  const events: SyncEvent[] = []
  const run = (async () => {
    for await (const event of sync.events(controller.signal)) events.push(event)
  })()
  const own: Stage = {
    apex,
    sync,
    events,
    async followed() {
      const header = await latest()
      feed.tell(header)
      await until(
        () => sync.head.blockHash === header.blockHash,
        () => `at block ${sync.head.blockNumber}`,
      )
    },
    async joined(count) {
      await until(
        async () => {
          if (apex.market.pools.length >= count) return true
          await anvil.mine()
          await own.followed()
          return false
        },
        () => `${apex.market.pools.length} of ${count} pools`,
      )
    },
    async stop() {
      controller.abort()
      await run
    },
  }
  stage = own
  return own
}

function make(reserve: bigint = deep): Promise<Hex> {
  return makePair(world, user, reserve)
}

async function rollBackTo(block: number): Promise<void> {
  const { blockNumber } = await latest()
  if (blockNumber > block)
    await anvil.request('anvil_rollback', [blockNumber - block])
}

async function latest(): Promise<BlockHeader> {
  return (await fetchHeader(anvil, 'latest'))!
}

async function trade(blocks: number): Promise<void> {
  const random = createSeededRandom(5)
  const weights = world.market.pools.map(() => 1)
  for (let i = 0; i < blocks; i++) {
    for (const swap of drawSwaps(
      world.market,
      weights,
      { swapsPerBlock: 3 },
      random,
    ))
      await world.swap({
        user,
        pool: swap.pool.address,
        tokenIn: swap.pool.tokens[swap.zeroForOne ? 0 : 1],
        amountIn: swap.amountIn,
      })
    await anvil.mine()
  }
}

function found(apex: Apex): string[] {
  return apex
    .scan({ limit: 0, maxHops: 3 })
    .opportunities.map(
      ({ cycle, amountIn, amountOut }) =>
        `${cycle.id} ${amountIn} ${amountOut}`,
    )
    .sort()
}

/** A market of every protocol that has genuine contracts. */
function marketOfAll(): Market {
  const market = generateMarket({
    pools: 24,
    tokens: 8,
    seed: 11,
    mispricedShare: 0.3,
    families: { constantProduct: 1, concentrated: 2 },
  })
  let next = 0
  return marketWith(
    market,
    market.pools.map((pool): Pool => {
      if (pool.family !== 'concentrated') return pool
      return { ...pool, dex: dexNames[next++ % dexNames.length]! }
    }),
  )
}
