import { beforeAll, describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../../src/adapters/evm/embeddedChain.ts'
import {
  type FetchOptions,
  fetchMarkets,
} from '../../../../src/adapters/feeds/pyramid/index.ts'
import { ChainMismatchError } from '../../../../src/core/chainMismatchError.ts'
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
})
