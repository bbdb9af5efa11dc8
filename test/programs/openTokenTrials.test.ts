import { beforeAll, describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import {
  type FetchedMarket,
  type FetchOptions,
  fetchMarket,
} from '../../src/adapters/feeds/pyramid/index.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import { openTokenTrials } from '../../src/programs/openTokenTrials.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import {
  marketOfPools,
  setTraps,
  type TrapKind,
  tokenNamed,
  trapKinds,
} from '../support/traps.ts'
import { worldOf } from '../support/world.ts'

/** Why each kind is kept out, whether it is sold by a pair or by a pool with ticks; undefined where it is not. */
const fates: Readonly<Record<TrapKind, RegExp | undefined>> = {
  Plain: undefined,
  NoReturn: undefined,
  BlockedForOneHolder: undefined,
  FeeOnBuy: /a fee when it is bought$/,
  FeeOnSell: /a fee when it is sold$/,
  NoBuy: /cannot be bought$/,
  NoSell: /cannot be sold$/,
  NoSellLater: /cannot be sold a day after it was bought$/,
  NoSellByStrangers: /cannot be sold$/,
  NoSellInBlockOfPurchase: /cannot be sold$/,
  LiesOfPools: /do not add up$/,
  LiesOfHolders: /do not add up$/,
  RebasesDaily: /change by themselves$/,
  RebasesOnTransfer: /do not add up$/,
  EatsGasOnSell: /cannot be sold$/,
  CleanWithoutGasPrice: /a fee when it is bought$/,
  // What is held cannot be sold whole.
  TakesMore: /cannot be sold$/,
}
const dexes = ['uniswap-v2', 'uniswap-v3'] as const
const symbolOf = (kind: TrapKind, dex: string): string =>
  `${kind}-${dex.slice(-2)}`

let world: World
let options: FetchOptions
let fetched: FetchedMarket

beforeAll(async () => {
  const pools = trapKinds.flatMap((kind) =>
    dexes.map((dex) => ({
      dex,
      tokens: ['WETH', symbolOf(kind, dex)] as const,
    })),
  )
  world = await worldOf(
    marketOfPools([
      ...pools,
      { dex: 'uniswap-v2', tokens: ['Plain-v2', 'second'] },
      { dex: 'uniswap-v3', tokens: ['second', 'third'] },
      { dex: 'uniswap-v2', tokens: ['Plain-v3', 'secondTrap'] },
      { dex: 'uniswap-v2', tokens: ['NoSell-v2', 'lost'] },
    ]),
  )
  await setTraps(
    world,
    new Map<string, TrapKind>([
      ...trapKinds.flatMap((kind) =>
        dexes.map((dex) => [symbolOf(kind, dex), kind] as const),
      ),
      ['secondTrap', 'NoSell'],
    ]),
  )
  options = {
    rpc: world.chain,
    dexes: world.dexes,
    multicall3: world.multicall3,
    wrappedNative: world.wrappedNative,
    tokenCheck: { open: openTokenTrials(world.chain), known: [] },
  }
  fetched = await fetchMarket(options)
})

describe('tokens that are tried out', () => {
  it.each(
    trapKinds.flatMap((kind) => dexes.map((dex) => [kind, dex] as const)),
  )('%s of %s', (kind, dex) => {
    const address = tokenNamed(world.market, symbolOf(kind, dex))
    const isIn = fetched.market.tokens.some((one) => one.address === address)
    const reasons = fetched.leftOut
      .filter(
        ({ token, pool }) =>
          pool === undefined && token === address.toLowerCase(),
      )
      .map(({ reason }) => reason)
    const fate = fates[kind]
    expect([isIn, reasons]).toEqual(
      fate ? [false, [expect.stringMatching(fate)]] : [true, []],
    )
  })
})

describe('a market with trials', () => {
  const isIn = (symbol: string): boolean =>
    fetched.market.tokens.some(
      ({ address }) => address === tokenNamed(world.market, symbol),
    )

  it('control: without trials all of them are in it', async () => {
    const { tokenCheck: _, ...others } = options
    const { market, leftOut, untried } = await fetchMarket(others)
    expect(market.pools).toHaveLength(world.market.pools.length)
    expect([leftOut, untried]).toEqual([[], []])
  })

  it('tokens are bought by way of others, where those are sound', () => {
    expect(isIn('second') && isIn('third')).toBe(true)
    expect(isIn('secondTrap') || isIn('lost')).toBe(false)
  })

  it('pools of a token that is kept out are left out, each by name', () => {
    const kept = new Set(fetched.market.pools.map(({ address }) => address))
    const named = fetched.leftOut.filter(
      ({ pool, reason }) => pool && reason === 'a token of it is kept out',
    )
    expect(kept.size + named.length).toBe(world.market.pools.length)
    expect(named.every(({ pool }) => !kept.has(pool!))).toBe(true)
    const sound = trapKinds.filter((kind) => !fates[kind]).length
    expect(kept.size).toBe(2 * sound + 2)
  })

  it('a token that cannot be reached stays, and is named', async () => {
    const second = tokenNamed(world.market, 'second')
    const third = tokenNamed(world.market, 'third')
    const onlyV3 = world.dexes.filter(({ name }) => name === 'uniswap-v3')
    const { market, untried } = await fetchMarket({ ...options, dexes: onlyV3 })
    expect(market.tokens.map(({ address }) => address)).toContain(second)
    expect(untried).toEqual(
      [second, third].map((token) => ({
        token: token.toLowerCase(),
        reason: 'no pool sells it for a token that is known or sound',
      })),
    )
  })

  it('a token that is named as known is trusted, and pays for others', async () => {
    const known = ['NoSell-v2', 'FeeOnSell-v3'].map((symbol) =>
      tokenNamed(world.market, symbol),
    )
    const tokenCheck = { ...options.tokenCheck!, known }
    const { market } = await fetchMarket({ ...options, tokenCheck })
    for (const one of known)
      expect(market.tokens.map(({ address }) => address)).toContain(one)
    expect(market.tokens).toHaveLength(fetched.market.tokens.length + 2)
  })

  it('the journal keeps verdicts: a run that goes on tries nothing again', async () => {
    const lines: string[] = []
    const append = async (line: string): Promise<void> => {
      lines.push(line)
    }
    const first = await fetchMarket({
      ...options,
      journal: { lines: [], append },
    })
    const tokenCheck = {
      known: [],
      open: () => Promise.reject(new Error('nothing is left to try')),
    }
    const again = await fetchMarket({
      ...options,
      tokenCheck,
      journal: { lines, append },
    })
    expect(again.requests).toBe(0)
    expect(again.market.pools).toEqual(first.market.pools)
    expect(again.leftOut).toHaveLength(first.leftOut.length)
    expect(new Set(again.leftOut)).toEqual(new Set(first.leftOut))
  })

  it('the chain is only read, and asked for each piece of state once', async () => {
    const methods = new Set<string>()
    const asked: string[] = []
    const rpc: Rpc = {
      request(method, params) {
        methods.add(method)
        if (/^eth_get(?:Code|StorageAt|Balance)$/.test(method))
          asked.push(`${method} ${params}`)
        return world.chain.request(method, params)
      },
    }
    const block = await world.chain.request('eth_blockNumber')
    const { rpc: plain, ...others } = options
    await fetchMarket({
      ...others,
      rpc: plain,
      tokenCheck: { open: openTokenTrials(rpc), known: [] },
    })
    expect(await world.chain.request('eth_blockNumber')).toBe(block)
    expect(asked.length).toBeGreaterThan(100)
    expect(new Set(asked).size).toBe(asked.length)
    const reads =
      /^(?:eth_get|eth_call|eth_chainId|eth_blockNumber|net_version)/
    expect([...methods].filter((name) => !reads.test(name))).toEqual([])
  })

  it('blocks of a dear chain are paid for', async () => {
    const chain = await createEmbeddedChain({
      automine: false,
      baseFeePerGas: 10n ** 12n,
    })
    const market = marketOfPools([
      { dex: 'uniswap-v2', tokens: ['WETH', 'one'] },
    ])
    const dear = await createWorld({ chain, market, lenders: [] })
    const { dexes, multicall3, wrappedNative } = dear
    const { leftOut, untried } = await fetchMarket({
      ...{ rpc: chain, dexes, multicall3, wrappedNative },
      tokenCheck: { open: openTokenTrials(chain), known: [] },
    })
    expect([leftOut, untried]).toEqual([[], []])
  })
})
