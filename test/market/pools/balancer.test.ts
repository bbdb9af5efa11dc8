import { describe, expect, it } from 'vitest'
import { createApex } from '../../../src/apex.ts'
import { createEngine, type Engine } from '../../../src/engine/index.ts'
import { quoteExactIn } from '../../../src/engine/reference/quote.ts'
import {
  createMarket,
  type Market,
  marketLines,
  type Pool,
  parseMarketLines,
} from '../../../src/market/index.ts'

const tokens = [
  { address: `0x${'11'.repeat(20)}`, symbol: 'USDC', decimals: 6 },
  { address: `0x${'22'.repeat(20)}`, symbol: 'DAI', decimals: 18 },
  { address: `0x${'33'.repeat(20)}`, symbol: 'WETH', decimals: 18 },
] as const
const [usdc, dai, weth] = [
  tokens[0].address,
  tokens[1].address,
  tokens[2].address,
]
const one = 10n ** 18n

const weighted: Pool = {
  address: `0x${'44'.repeat(20)}`,
  poolId: `0x${'44'.repeat(20)}000200000000000000000001`,
  dex: 'balancer-v2',
  tokens: [dai, weth],
  family: 'weighted',
  swapFee: 3n * 10n ** 15n,
  reserves: [3_000_000n * one, 4_000n * one],
  weights: [2n * 10n ** 17n, 8n * 10n ** 17n],
  scalingFactors: [one, one],
  wholeExponents: 'multiplied',
}
const stable: Pool = {
  address: `0x${'55'.repeat(20)}`,
  poolId: `0x${'55'.repeat(20)}000000000000000000000002`,
  dex: 'balancer-v2',
  tokens: [usdc, dai],
  poolTokens: [usdc, dai],
  family: 'stable',
  swapFee: 10n ** 14n,
  amplification: 200_000n,
  balances: [10n ** 13n, 10n ** 25n],
  scalingFactors: [10n ** 30n, one],
  pair: [0, 1],
}
/** Far from the weighted pool's price: a cycle through both would gain. */
const pair: Pool = {
  address: `0x${'66'.repeat(20)}`,
  dex: 'uniswap-v2',
  tokens: [dai, weth],
  family: 'constantProduct',
  feePips: 3000,
  reserves: [9_000_000n * one, 100n * one],
}

function market(...pools: Pool[]): Market {
  return createMarket({
    chainId: 31337,
    blockNumber: 1,
    wrappedNative: weth,
    tokens,
    pools,
  })
}

describe.each(['wasm', 'reference'] as const)('a %s engine', (kind) => {
  const engine = (): Promise<Engine> => createEngine({ kind })

  it('quotes Balancer pools exactly and searches no cycle through them', async () => {
    const apex = await createApex({
      market: market(weighted, stable, pair),
      engine: await engine(),
    })
    expect(apex.quote(stable.address, 'USDC', 10n ** 9n).amountOut).toBe(
      quoteExactIn(stable, true, 10n ** 9n).amountOut,
    )
    const bought = apex.quote(weighted.address, 'DAI', 1000n * one).amountOut
    expect(bought).toBe(quoteExactIn(weighted, true, 1000n * one).amountOut)
    const sold = apex.quoteExactOut(weighted.address, 'DAI', bought).amountIn
    expect(sold <= 1000n * one && sold > 999n * one).toBe(true)
    expect(apex.scan({ baseTokens: ['WETH'] }).opportunities).toEqual([])

    apex.update([{ pool: weighted.address, reserves: [one, one] }])
    expect(apex.scanChanged({ baseTokens: ['WETH'] }).opportunities).toEqual([])
    expect(() => apex.quote(weighted.address, 'DAI', one)).toThrow(
      expect.objectContaining({ code: 'SWAP_REVERTS' }),
    )
    apex.revert()
    expect(apex.quote(weighted.address, 'DAI', 1000n * one).amountOut).toBe(
      bought,
    )
  })
})

describe('rows of Balancer pools', () => {
  it('are read as they were written', async () => {
    const old: Pool = {
      ...weighted,
      address: `0x${'77'.repeat(20)}`,
      poolId: `0x${'77'.repeat(20)}000200000000000000000003`,
      wholeExponents: 'logarithm',
    }
    const before = market(weighted, stable, old)
    const text = [...marketLines(before)].join('\n')
    const after = await parseMarketLines(
      (async function* () {
        yield text
      })(),
      'market.jsonl',
    )
    expect(after.pools).toEqual(before.pools)
  })

  it.each([
    ['poolId', { ...weighted, poolId: stable.poolId }, /poolId is not/],
    ['no poolId', { ...weighted, poolId: undefined }, /poolId is not/],
    ['weights', { ...weighted, weights: [one, one] }, /weights are below 1 %/],
    ['fee', { ...weighted, swapFee: one }, /swapFee is outside/],
    ['balances', { ...stable, balances: [1n] }, /2 to 5 tokens, not 1/],
    ['an empty side', { ...stable, balances: [1n, 0n] }, /zero reserves/],
    ['amplification', { ...stable, amplification: 1n }, /amplification is/],
    ['pair', { ...stable, pair: [1, 0] }, /pair is no two rising places/],
    ['factors', { ...stable, scalingFactors: [one] }, /1 scalingFactors for 2/],
    ['factor', { ...stable, scalingFactors: [one, 0n] }, /scalingFactors\[1\]/],
    ['poolTokens', { ...stable, poolTokens: [usdc] }, /1 poolTokens for 2/],
    ['order', { ...stable, poolTokens: [dai, usdc] }, /poolTokens\[0\] is not/],
  ])('error: wrong %s', (_, pool, message) => {
    expect(() => market(pool as Pool)).toThrow(message)
  })
})
