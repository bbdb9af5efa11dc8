import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { pyramidProtocols } from '../../../../src/adapters/feeds/pyramid/dex/protocols.ts'
import { runApart } from '../../../../src/adapters/feeds/pyramid/dex/runApart.ts'
import {
  type FetchOptions,
  fetchMarket,
  refreshMarket,
  rereadMarket,
} from '../../../../src/adapters/feeds/pyramid/index.ts'
import { AddressInvalidError } from '../../../../src/core/address.ts'
import { ChainMismatchError } from '../../../../src/core/chainMismatchError.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import {
  generateMarket,
  type Market,
  type Pool,
} from '../../../../src/market/index.ts'
import type { World } from '../../../../src/programs/simulate/world/world.ts'
import { faultyRpc } from '../../../support/faultyRpc.ts'
import { compareSwaps, marketWith, worldOf } from '../../../support/world.ts'

const dexNames = [
  'uniswap-v3',
  'pancakeswap-v3',
  'uniswap-v4',
  'algebra-v1',
  'algebra-integral',
]

/** A market of every protocol the pyramid reads and that has genuine contracts. */
function marketOfAll(): Market {
  const market = generateMarket({
    pools: 24,
    tokens: 8,
    seed: 11,
    families: { constantProduct: 1, concentrated: 2 },
  })
  let next = 0
  const pools = market.pools.map((pool): Pool => {
    if (pool.family !== 'concentrated') return pool
    const dex = dexNames[next++ % dexNames.length]!
    return { ...pool, dex }
  })
  return marketWith(market, pools)
}

let world: World
const optionsOf = (): FetchOptions => ({
  rpc: world.chain,
  dexes: world.dexes,
  multicall3: world.multicall3,
  wrappedNative: world.wrappedNative,
  tickWords: 8,
})

beforeAll(async () => {
  world = await worldOf(marketOfAll())
  await compareSwaps(world, 24, createSeededRandom(3))
})

describe('fetchMarket', () => {
  it('default: equals what the contracts tell one by one', async () => {
    const truth = await world.readMarket()
    const { market, leftOut } = await fetchMarket({
      ...optionsOf(),
      tickWords: Number.POSITIVE_INFINITY,
    })
    expect(leftOut).toEqual([])
    expect(new Set(market.pools.map(({ dex }) => dex)).size).toBeGreaterThan(5)
    expect(market.blockHash).toBe(truth.blockHash)
    expect(market.pools.length).toBe(truth.pools.length)
    for (const pool of truth.pools)
      expect(market.pool(pool.address)).toEqual(pool)
  })
})

describe('fetchMarket at a faulty node', () => {
  it('halves, waits and asks again until it has the same market', async () => {
    const truth = await world.readMarket()
    const rpc = faultyRpc(world.chain, {
      random: createSeededRandom(5),
      failing: 0.1,
      longestAnswer: 40_000,
      longestCall: 30_000,
      mostBlocks: 7,
    })
    const { market, leftOut } = await fetchMarket({
      ...optionsOf(),
      rpc,
      discovery: 'logs',
    })
    expect(rpc.faults).toBeGreaterThan(20)
    expect(rpc.mostAtOnce).toBeLessThanOrEqual(64)
    expect(leftOut).toEqual([])
    expect(market.pools.length).toBe(truth.pools.length)
    for (const pool of truth.pools)
      expectWithin(market.pool(pool.address), pool)
  })

  it('error: a node that stops answering is no market without its pools', async () => {
    let left = 12
    const rpc: Rpc = {
      async request(method, params) {
        if (left-- <= 0)
          throw new RpcError(`${method}: gone`, { method, rpcCode: -32_000 })
        return await world.chain.request(method, params)
      },
    }
    await expect(fetchMarket({ ...optionsOf(), rpc })).rejects.toThrow(RpcError)
  })
})

describe('fetchMarket of a DEX that cannot be read', () => {
  /** A node that answers all but the logs of one contract. */
  const refusingLogsOf = (refused: Hex | undefined, rpcCode?: number): Rpc => ({
    async request(method, params = []) {
      const [filter] = params as readonly [{ readonly address?: Hex }]
      if (method === 'eth_getLogs' && filter.address === refused)
        throw new RpcError(`${method}: this contract is not served`, {
          method,
          ...(rpcCode !== undefined && { rpcCode }),
        })
      return await world.chain.request(method, params)
    },
  })
  const fetchFrom = (rpc: Rpc, more: Partial<FetchOptions> = {}) =>
    fetchMarket({ ...optionsOf(), rpc, discovery: 'logs', ...more })
  const bad = () => world.dexes.find(({ name }) => name === 'uniswap-v3')!

  it('control: all are in it where nothing is refused', async () => {
    const { market, failedDexes } = await fetchFrom(refusingLogsOf(undefined))
    expect([market.pools.length, failedDexes]).toEqual([
      world.market.pools.length,
      [],
    ])
  })

  it('is left out with its reason; the others are whole', async () => {
    const truth = await world.readMarket()
    const { name, address } = bad()
    const { market, failedDexes, leftOut } = await fetchFrom(
      refusingLogsOf(address, -32_000),
    )
    expect(failedDexes).toEqual([name])
    expect(leftOut).toEqual([
      {
        dex: name,
        reason:
          'its DEX cannot be read: eth_getLogs: this contract is not served',
      },
    ])
    const others = truth.pools.filter(({ dex }) => dex !== name)
    expect(others.length).toBeLessThan(truth.pools.length)
    expect(market.pools.length).toBe(others.length)
    for (const pool of others) expectWithin(market.pool(pool.address), pool)
  })

  it('is looked at again by a run that goes on', async () => {
    const lines: string[] = []
    const journal = {
      lines,
      async append(line: string) {
        lines.push(line)
      },
    }
    await fetchFrom(refusingLogsOf(bad().address, -32_000), { journal })
    const { market, failedDexes } = await fetchFrom(world.chain, { journal })
    expect([market.pools.length, failedDexes]).toEqual([
      world.market.pools.length,
      [],
    ])
  })

  it('error: where it is the only one', async () => {
    const dexes = [bad()]
    const rpc = refusingLogsOf(bad().address, -32_000)
    await expect(fetchFrom(rpc, { dexes })).rejects.toThrow('not served')
  })

  it('error: where its node tells no state any more', async () => {
    const refusing = refusingLogsOf(bad().address, -32_000)
    let isRefused = false
    const rpc: Rpc = {
      async request(method, params) {
        if (isRefused && method !== 'eth_getLogs')
          throw new RpcError(`${method}: missing trie node`, {
            method,
            rpcCode: -32_000,
          })
        try {
          return await refusing.request(method, params)
        } catch (error) {
          isRefused = true
          throw error
        }
      },
    }
    await expect(fetchFrom(rpc)).rejects.toThrow(RpcError)
  })

  it('refreshMarket leaves its pools out, and only them', async () => {
    const { chain: rpc, dexes, multicall3 } = world
    const { market: old } = await fetchMarket(optionsOf())
    const protocol = pyramidProtocols.get('uniswap-v3')!
    const read = vi
      .spyOn(protocol, 'read')
      .mockRejectedValue(new AddressInvalidError('0x'))
    try {
      const { market, leftOut } = await refreshMarket({
        rpc,
        market: old,
        dexes,
        multicall3,
      })
      const own = old.pools.filter(({ dex }) => dex === 'uniswap-v3')
      expect(own.length).toBeGreaterThan(0)
      expect(leftOut.map(({ pool }) => pool)).toEqual(
        own.map(({ address }) => address),
      )
      expect(market.pools.length).toBe(old.pools.length - own.length)
    } finally {
      read.mockRestore()
    }
  })
})

describe('runApart', () => {
  const fails = (error: unknown) => () => Promise.reject(error)
  const node = (isThere: boolean) => ({ tellsState: async () => isThere })
  const method = 'eth_call'
  const refusal = new RpcError('no', { method, rpcCode: -32_000 })
  const silence = new RpcError('nothing', { method })

  it.each([
    ['a refusal', refusal],
    ['silence about one contract', silence],
    ['what no node says', new AddressInvalidError('0x')],
  ])('%s is the DEX’s own fault', async (_, fault) => {
    expect(await runApart(node(true), fails(fault))).toEqual({ fault })
  })

  it.each([
    ['a node that is gone', false, silence],
    ['a node that asks for a rest', true, new RpcError('429', { method })],
    ['a node of another chain', true, new ChainMismatchError(1, 2)],
    ['a mistake of ours', true, new TypeError('ours')],
  ])('error: %s is not', async (_, isThere, fault) => {
    await expect(runApart(node(isThere), fails(fault))).rejects.toBe(fault)
  })
})

/** A pool whose ticks were read in a few words: within them it is the whole one. */
function expectWithin(read: Pool, whole: Pool): void {
  if (read.family !== 'concentrated' || whole.family !== 'concentrated') {
    expect(read).toEqual(whole)
    return
  }
  const [low, high] = read.knownTicks
  expect(low).toBeLessThanOrEqual(read.tick)
  expect(high).toBeGreaterThanOrEqual(read.tick)
  const ticks = whole.ticks.filter(([tick]) => tick >= low && tick <= high)
  expect(read).toEqual({ ...whole, ticks, knownTicks: read.knownTicks })
}

describe('fetchMarket at a node that runs no code a call brings along', () => {
  type Answer = (ask: () => Promise<unknown>) => unknown
  const plainAsk = (method: string, [call, block]: readonly unknown[]) =>
    world.chain.request(method, [call, block])
  /** A node that treats such calls in a way of its own, after so many that went well. */
  const nodeThat = (answer: Answer, fine = 0) => {
    const counts = { withCode: 0, all: 0 }
    const rpc: Rpc = {
      async request(method, params = []) {
        counts.all += 1
        if (params.length < 3) return await world.chain.request(method, params)
        counts.withCode += 1
        if (counts.withCode <= fine)
          return await world.chain.request(method, params)
        return await answer(() => plainAsk(method, params))
      },
    }
    return { rpc, counts }
  }
  const refuses: Answer = () => {
    const method = 'eth_call'
    throw new RpcError(`${method}: too many arguments`, {
      method,
      rpcCode: -32_602,
    })
  }

  it('control: this one does, and is asked less', async () => {
    const able = nodeThat((ask) => ask(), Number.POSITIVE_INFINITY)
    const unable = nodeThat(refuses)
    const { market } = await fetchMarket({ ...optionsOf(), rpc: able.rpc })
    const plain = await fetchMarket({ ...optionsOf(), rpc: unable.rpc })
    expect(market.pools).toEqual(plain.market.pools)
    expect(able.counts.withCode).toBeGreaterThan(5)
    expect(unable.counts.withCode).toBe(1)
    expect(able.counts.all).toBeLessThan(unable.counts.all)
  })

  const answers: readonly (readonly [string, Answer, number])[] = [
    ['ignores the code', (ask) => ask(), 0],
    ['ignores it later', (ask) => ask(), 3],
    ['refuses later', refuses, 3],
    ['answers with nothing', () => null, 3],
    ['answers with zeros', () => `0x${'0'.repeat(640)}`, 3],
    [
      'cuts the answer short',
      () => `0x${'20'.padStart(64, '0')}${'ff'.padStart(64, '0')}01`,
      3,
    ],
  ]
  it.each(answers)('%s: the same market', async (_, answer, fine) => {
    const truth = await world.readMarket()
    const { rpc } = nodeThat(answer, fine)
    const { market, leftOut } = await fetchMarket({ ...optionsOf(), rpc })
    expect(leftOut).toEqual([])
    expect(market.pools.length).toBe(truth.pools.length)
    for (const pool of truth.pools)
      expectWithin(market.pool(pool.address), pool)
  })
})

describe('fetchMarket with a journal', () => {
  it('goes on where an aborted run ended, at the same block', async () => {
    const truth = await world.readMarket()
    const lines: string[] = []
    const first = new AbortController()
    const options = optionsOf()
    const aborted = fetchMarket({
      ...options,
      signal: first.signal,
      journal: {
        lines: [],
        async append(line) {
          lines.push(line)
          if (lines.length === 9) first.abort()
        },
      },
    })
    await expect(aborted).rejects.toThrow(/abort/i)
    expect(lines.length).toBeLessThan(2 * world.dexes.length + 2)
    // The chain goes on meanwhile; the last line was cut short.
    await world.chain.mine()
    const kept = [...lines, '{"type":"pools","dex":"uni']
    const appended: string[] = []
    const { market } = await fetchMarket({
      ...options,
      journal: {
        lines: kept,
        async append(line) {
          appended.push(line)
        },
      },
    })
    expect(market.blockNumber).toBe(truth.blockNumber)
    for (const pool of truth.pools)
      expectWithin(market.pool(pool.address), pool)
    const whole = 1 + 2 * world.dexes.length + 1
    expect(lines.length + appended.length).toBe(whole)

    const again = await fetchMarket({
      ...options,
      journal: { lines: [...lines, ...appended], async append() {} },
    })
    expect(again.requests).toBe(0)
    expect(again.market.pools).toEqual(market.pools)
  })

  it('a journal of another plan is of no use', async () => {
    const lines: string[] = []
    const journal = {
      lines,
      async append(line: string) {
        lines.push(line)
      },
    }
    await fetchMarket({ ...optionsOf(), poolsPerDex: 1, journal })
    const { market } = await fetchMarket({ ...optionsOf(), journal })
    expect(market.pools.length).toBe(world.market.pools.length)
  })
})

describe('rereadMarket', () => {
  it('default: no difference to the block it was read at; the pools that moved since', async () => {
    const { market } = await fetchMarket(optionsOf())
    const { chain: rpc, dexes, multicall3 } = world
    const same = await rereadMarket({ rpc, market, dexes, multicall3 })
    expect(same).toMatchObject({ differences: [], notCompared: [] })
    expect(same.compared).toBe(market.pools.length)
    const [moved] = await compareSwaps(world, 1, createSeededRandom(9))
    const later = await rereadMarket({
      rpc,
      market,
      dexes,
      multicall3,
      block: 'latest',
    })
    expect(later.differences.map(({ pool }) => pool.address)).toEqual([
      moved!.pool.address,
    ])
  })

  it('tells each field that a file has wrong', async () => {
    const { market } = await fetchMarket(optionsOf())
    const { chain: rpc, dexes, multicall3 } = world
    const pair = market.pools.find((pool) => pool.family === 'constantProduct')!
    const pools = market.pools.map((pool) => {
      if (pool.family === 'constantProduct' && pool === pair)
        return { ...pool, reserves: [pool.reserves[0] + 1n, pool.reserves[1]] }
      return pool
    }) as Pool[]
    const { differences } = await rereadMarket({
      rpc,
      market: marketWith(market, pools),
      dexes,
      multicall3,
    })
    expect(differences).toHaveLength(1)
    expect(differences[0]!.fields.map(({ name }) => name)).toEqual(['reserves'])
  })
})

describe('refreshMarket', () => {
  it('default: an old market becomes the one that is read now', async () => {
    const { chain: rpc, dexes, multicall3 } = world
    const { market: old } = await fetchMarket(optionsOf())
    await compareSwaps(world, 12, createSeededRandom(21))
    const now = await fetchMarket(optionsOf())
    const { market, leftOut } = await refreshMarket({
      rpc,
      market: old,
      dexes,
      multicall3,
    })
    expect(leftOut).toEqual([])
    expect(market.blockNumber).toBeGreaterThan(old.blockNumber)
    expect(market.blockHash).toBe(now.market.blockHash)
    expect(market.wrappedNative).toEqual(now.market.wrappedNative)
    // The swaps moved something: the old market is another.
    const moved = old.pools.filter((pool) =>
      differs(pool, market.pool(pool.address)),
    )
    expect(moved.length).toBeGreaterThan(3)
    for (const pool of now.market.pools)
      expect(market.pool(pool.address)).toEqual(pool)
    expect(market.pools.length).toBe(now.market.pools.length)
  })

  it('behavior: pools of no DEX given, and those that are no contract, are left out', async () => {
    const { chain: rpc, multicall3 } = world
    const { market: old } = await fetchMarket(optionsOf())
    const dead = old.pools.find(({ dex }) => dex === 'uniswap-v3')!
    const address = '0x00000000000000000000000000000000000dead1'
    const { market, leftOut } = await refreshMarket({
      rpc,
      market: marketWith(
        old,
        old.pools.map((pool) => (pool === dead ? { ...pool, address } : pool)),
      ),
      dexes: world.dexes.filter(({ name }) => name !== 'pancakeswap-v3'),
      multicall3,
    })
    const unfollowed = old.pools.filter(({ dex }) => dex === 'pancakeswap-v3')
    expect(leftOut).toHaveLength(unfollowed.length + 1)
    expect(market.pools.length).toBe(old.pools.length - leftOut.length)
    expect(
      leftOut.filter(({ reason }) => reason === 'its DEX is not followed'),
    ).toHaveLength(unfollowed.length)
  })
})

function differs(a: Pool, b: Pool): boolean {
  const { blockNumber: _, ...one } = a
  const { blockNumber: __, ...other } = b
  return !isDeepStrictEqual(one, other)
}
