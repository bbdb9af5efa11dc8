import { describe, expect, it } from 'vitest'
import { dexProtocols } from '../../../src/adapters/dexes/index.ts'
import { publishedArtifact } from '../../../src/adapters/protocols/artifact.ts'
import { compileContracts } from '../../../src/adapters/protocols/compile.ts'
import { protocolOf, protocols } from '../../../src/adapters/protocols/index.ts'
import { pairArtifact } from '../../../src/adapters/protocols/pairs.ts'
import { PackageMissingError } from '../../../src/core/packageMissing.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { generateMarket, type Pool } from '../../../src/market/index.ts'
import { balancerPools } from '../../support/balancerPools.ts'
import {
  compareSwaps,
  marketWith,
  trader,
  worldOf,
} from '../../support/world.ts'

const { APEX_SWAPS } = process.env as { readonly APEX_SWAPS?: string }
/** Swaps in each protocol. */
const swapCount = Number(APEX_SWAPS ?? 80)
const seed = 5

const cases = protocols.map(({ name, families }) => ({ name, families }))

describe.each(cases)('$name', ({ name, families }) => {
  it('makes pools of given states, and swaps pay what was predicted', async () => {
    const market = poolsFor(name, families[0]!)
    const world = await worldOf(market)
    expect(world.market.pools).toHaveLength(market.pools.length)
    for (const pool of world.market.pools)
      expect(protocolOf(pool.dex, pool.family)?.name).toBe(name)
    expect(world.deviations).toEqual([])
    const known = dexProtocols.map((protocol) => protocol.name)
    for (const { protocol } of world.dexes) expect(known).toContain(protocol)

    const random = createSeededRandom(seed)
    const swaps = await compareSwaps(world, swapCount, random)
    for (const { predicted, paid } of swaps) expect(paid).toBe(predicted)
    expect(swaps.filter(({ paid }) => paid > 0n).length).toBe(swapCount)
  })
})

it('a revert surfaces as an RpcError with its data', async () => {
  const market = poolsFor('uniswap-v2', 'constantProduct')
  const { chain, market: made } = await worldOf(market)
  const to = made.pools[0]!.address
  // Nothing was paid in.
  const values = [1n, 0n, trader, '0x']
  const data = pairArtifact().abi.encodeFunctionData('swap', values)
  const failing = chain.request('eth_call', [{ from: trader, to, data }])
  await expect(failing).rejects.toBeInstanceOf(RpcError)
  const error: RpcError = await failing.then(
    () => expect.unreachable(),
    (thrown) => thrown,
  )
  expect(Buffer.from(error.data!.slice(2), 'hex').toString()).toContain(
    'INSUFFICIENT_INPUT_AMOUNT',
  )
})

it('error: a package that is not installed is named', () => {
  expect(() => publishedArtifact('@nobody/nothing', 'a.json')).toThrow(
    PackageMissingError,
  )
  expect(() =>
    compileContracts({
      compiler: 'solc-0.4.0' as 'solc',
      contracts: {
        UniswapV2Pair: '@sushiswap/core/contracts/uniswapv2/UniswapV2Pair.sol',
      },
      optimizerRuns: 200,
      evmVersion: 'istanbul',
    }),
  ).toThrow('solc-0.4.0@npm:solc@0.4.0')
})

function poolsFor(dex: string, family: string): ReturnType<typeof marketWith> {
  const families =
    family === 'constantProduct' ? { constantProduct: 1 } : { concentrated: 1 }
  const market = generateMarket({ pools: 24, tokens: 8, seed, families })
  if (family === 'weighted')
    return marketWith(market, balancerPools(market.tokens))
  const seen = new Set<string>()
  const isFirst = ({ tokens }: Pool): boolean =>
    !seen.has(tokens.join()) && Boolean(seen.add(tokens.join()))
  const isAlgebra = dex.startsWith('algebra')
  const pools = market.pools
    .filter(isFirst)
    .map(
      (pool): Pool =>
        isAlgebra && pool.family === 'concentrated'
          ? { ...pool, dex, tickSearch: 'list' }
          : { ...pool, dex },
    )
  return marketWith(market, pools.slice(0, 8))
}
