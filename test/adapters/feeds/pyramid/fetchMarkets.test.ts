import { beforeAll, describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../../src/adapters/evm/embeddedChain.ts'
import {
  type FetchOptions,
  fetchMarkets,
} from '../../../../src/adapters/feeds/pyramid/index.ts'
import { BatchSize } from '../../../../src/adapters/feeds/pyramid/lane/batchSize.ts'
import { ChainMismatchError } from '../../../../src/core/chainMismatchError.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { keccakText } from '../../../../src/core/keccak.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'
import { createWorld } from '../../../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../../../src/programs/simulate/world/world.ts'
import { marketOfPools } from '../../../support/traps.ts'

const chainIds = [31_337, 10, 137, 8453, 42_161]
let worlds: readonly World[]

beforeAll(async () => {
  worlds = await Promise.all(
    chainIds.map(async (chainId, i) =>
      createWorld({
        chain: await createEmbeddedChain({ automine: false, chainId }),
        market: marketOfPools(
          Array.from({ length: i + 1 }, (_, j) => ({
            dex: j % 2 === 0 ? 'uniswap-v2' : 'uniswap-v3',
            tokens: ['WETH', `token ${j}`],
          })),
          chainId,
        ),
        lenders: [],
      }),
    ),
  )
})

function optionsOf({
  chain: rpc,
  dexes,
  multicall3,
  wrappedNative,
}: World): FetchOptions {
  return { rpc, dexes, multicall3, wrappedNative }
}

describe('fetchMarkets', () => {
  it('default: the market of each chain, in their order', async () => {
    const results = await fetchMarkets(worlds.map(optionsOf))
    for (const [i, result] of results.entries()) {
      if (result.status === 'rejected') throw result.reason
      const { market } = result.value
      expect(market.chainId).toBe(chainIds[i])
      expect(market.pools).toHaveLength(i + 1)
      const truth = await worlds[i]!.readMarket()
      expect(market.blockHash).toBe(truth.blockHash)
      for (const pool of market.pools)
        expect(pool).toEqual(truth.pool(pool.address))
    }
  })

  it('a chain that fails stops no other, whatever it fails of', async () => {
    const [first, second, third, ...others] = worlds.map(optionsOf)
    const method = 'eth_chainId'
    const gone: FetchOptions = {
      ...first!,
      rpc: {
        request: () =>
          Promise.reject(
            new RpcError(`${method}: gone`, { method, rpcCode: -32_000 }),
          ),
      },
    }
    const strange: FetchOptions = { ...second!, rpc: third!.rpc }
    const results = await fetchMarkets([gone, strange, third!, ...others])
    expect(
      results.map((result) =>
        result.status === 'rejected'
          ? result.reason.constructor
          : result.value.market.chainId,
      ),
    ).toEqual([RpcError, ChainMismatchError, ...chainIds.slice(2)])
  })

  it('four chains at once, and no more', async () => {
    const begun = new Set<number>()
    let open = (): void => {}
    const gate = new Promise<void>((done) => {
      open = done
    })
    const ended = fetchMarkets(
      worlds.map((world) => ({
        ...optionsOf(world),
        rpc: {
          async request(method, params) {
            begun.add(world.market.chainId)
            await gate
            return await world.chain.request(method, params)
          },
        },
      })),
    )
    await new Promise((done) => setTimeout(done, 20))
    expect([...begun]).toEqual(chainIds.slice(0, 4))
    open()
    const results = await ended
    expect(results.map(({ status }) => status)).toEqual(
      chainIds.map(() => 'fulfilled'),
    )
  })

  it('hands each market over as soon as it is read', async () => {
    const taken: number[] = []
    let free = (): void => {}
    const held = new Promise<void>((done) => {
      free = done
    })
    const [slow, ...others] = worlds.map(optionsOf)
    const rpc: Rpc = {
      async request(method, params) {
        await held
        return await slow!.rpc.request(method, params)
      },
    }
    const results = await fetchMarkets(
      [{ ...slow!, rpc }, ...others],
      async (market, place) => {
        const { chainId } = (await market).market
        taken.push(chainId)
        if (taken.length === others.length) free()
        return place
      },
    )
    expect(taken.at(-1)).toBe(chainIds[0])
    expect(results.map((one) => 'value' in one && one.value)).toEqual([
      0, 1, 2, 3, 4,
    ])
  })

  it('all its levels together ask at most 256 questions at once, and more than one chain does', async () => {
    let now = 0
    let most = 0
    const counted = (rpc: Rpc): Rpc => ({
      async request(method, params) {
        now += 1
        most = Math.max(most, now)
        await new Promise((done) => setTimeout(done, 5))
        now -= 1
        return await rpc.request(method, params)
      },
    })
    const results = await fetchMarkets(
      chainIds.map((chainId) => ({
        ...manyPairs(chainId),
        rpc: counted(manyPairs(chainId).rpc),
      })),
    )
    for (const result of results)
      expect('value' in result && result.value.market.pools.length).toBe(7550)
    expect(most).toBeLessThanOrEqual(256)
    expect(most).toBeGreaterThan(64)
  }, 60_000)
})

/** A made-up chain with pairs enough to fill every lane. */
function manyPairs(chainId: number): FetchOptions {
  const pairsOfDex = 1510
  const word = (n: number): string => n.toString(16).padStart(64, '0')
  const hex = (n: number, digits: number): Hex =>
    `0x${n.toString(16).padStart(digits, '0')}`
  const dexes = Array.from({ length: 5 }, (_, i) => ({
    name: `dex ${i}`,
    protocol: 'uniswap-v2',
    chainId,
    address: hex(1000 + i, 40),
    feePips: 3000,
    verified: true as const,
    source: 'a test',
  }))
  const created = keccakText('PairCreated(address,address,address,uint256)')
  const answers: Readonly<
    Record<string, (params: readonly unknown[]) => unknown>
  > = {
    eth_chainId: () => hex(chainId, 1),
    eth_getBlockByNumber: () => ({ number: '0x9', hash: hex(9, 64) }),
    eth_getCode: () => '0x00',
    eth_getLogs: ([filter]) => {
      const { address, fromBlock } = filter as Record<
        'address' | 'fromBlock',
        Hex
      >
      if (Number(fromBlock) > 0) return []
      const dex = Number(address)
      return Array.from({ length: pairsOfDex }, (_, i) => ({
        topics: [created, hex(1, 64), hex(2, 64)],
        data: `0x${word(dex * 10_000 + i)}${word(i)}`,
      }))
    },
    // Decimals, symbol and reserves alike: 18.
    eth_call: ([call, _, code]) => {
      if (code) return '0x'
      const { data } = call as { readonly data: Hex }
      const count = Number.parseInt(data.slice(74, 138), 16)
      const answer = [word(1), word(64), word(64), word(18), word(18)].join('')
      const offsets = Array.from({ length: count }, (_, i) =>
        word(32 * count + 160 * i),
      )
      return `0x${word(32)}${word(count)}${offsets.join('')}${answer.repeat(count)}`
    },
  }
  return {
    dexes,
    discovery: 'logs',
    batchSize: new BatchSize(25, 25),
    rpc: { request: async (method, params = []) => answers[method]!(params) },
  }
}
