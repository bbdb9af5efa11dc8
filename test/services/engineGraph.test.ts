import { describe, expect, it } from 'vitest'
import { dexProtocol } from '../../src/adapters/dexes/index.ts'
import { createApex } from '../../src/apex.ts'
import { zeroAddress } from '../../src/core/address.ts'
import { createEngine } from '../../src/engine/index.ts'
import { createMarket, type Pool } from '../../src/market/index.ts'

const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const whole = [-887_272, 887_272] as const
const position = [
  [-887_270, 10n ** 18n],
  [887_270, -(10n ** 18n)],
] as const

/** The id of the pool of ETH and USDC at 500 pips, spacing 10, without hooks. */
const v4: Pool = {
  address: '0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27',
  dex: 'uniswap-v4',
  tokens: [zeroAddress, usdc],
  family: 'concentrated',
  feePips: 500,
  tickSpacing: 10,
  sqrtPriceX96: 2n ** 96n,
  tick: 0,
  liquidity: 10n ** 18n,
  ticks: position,
  knownTicks: whole,
}
const v2: Pool = {
  address: `0x${'66'.repeat(20)}`,
  dex: 'uniswap-v2',
  tokens: [usdc, weth],
  family: 'constantProduct',
  feePips: 3000,
  reserves: [10n ** 19n, 10n ** 18n],
}
const market = () =>
  createMarket({
    chainId: 1,
    blockNumber: 1,
    tokens: [
      { address: zeroAddress, symbol: 'ETH', decimals: 18 },
      { address: weth, symbol: 'WETH', decimals: 18 },
      { address: usdc, symbol: 'USDC', decimals: 6 },
    ],
    pools: [v4, v2],
  })

describe.each(['wasm', 'reference'] as const)('a %s engine', (kind) => {
  it('finds routes through pools of the native coin, with its wrapped form', async () => {
    const apex = await createApex({
      market: market(),
      engine: await createEngine({ kind }),
    })
    const { opportunities } = apex.scan({ baseTokens: ['WETH'] })
    expect(opportunities).toHaveLength(1)
    const [opportunity] = opportunities
    const native = opportunity!.cycle.hops.find(
      ({ pool }) => pool.dex === v4.dex,
    )!
    expect(native.tokenOut.symbol).toBe('WETH')
    expect(native.zeroForOne).toBe(false)
    expect(apex.quote(v4.address, usdc, native.amountIn).amountOut).toBe(
      native.amountOut,
    )
    expect(apex.quote(v4.address, 'WETH', 1000n).amountOut).toBe(
      apex.quote(v4.address, 'ETH', 1000n).amountOut,
    )

    const dex = {
      name: 'uniswap-v4',
      chainId: 1,
      protocol: 'uniswap-v4',
      address: weth,
      verified: true,
      source: 'a test',
    } as const
    expect(dexProtocol('uniswap-v4').executorHop(dex, native)).toMatchObject({
      module: 'v4',
      native: true,
      tokenOut: weth,
      feePips: 500,
      tickSpacing: 10,
    })
  })
})
