import { describe, expect, it } from 'vitest'
import { createApex } from '../../../src/apex.ts'
import { SwapRevertsError } from '../../../src/engine/errors.ts'
import { createReferenceEngine } from '../../../src/engine/reference/engine.ts'
import { PoolUnknownError } from '../../../src/market/errors.ts'
import { createMarket } from '../../../src/market/marketBuilder.ts'
import { TokenNotTradedError } from '../../../src/services/quote/quote.ts'

const token0 = '0x0000000000000000000000000000000000000001'
const token1 = '0x0000000000000000000000000000000000000002'
const twin = '0x0000000000000000000000000000000000000003'
const pool = '0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB'
const market = createMarket({
  chainId: 1,
  blockNumber: 1,
  tokens: [
    { address: token0, symbol: 'A', decimals: 18 },
    { address: token1, symbol: 'B', decimals: 18 },
    { address: twin, symbol: 'A', decimals: 18 },
  ],
  pools: [
    {
      address: pool,
      dex: 'uniswap-v2',
      tokens: [token0, token1],
      family: 'constantProduct',
      feePips: 3000,
      reserves: [1_000_000n, 2_000_000n],
    },
    {
      address: token1,
      dex: 'uniswap-v2',
      tokens: [token0, twin],
      family: 'constantProduct',
      feePips: 3000,
      reserves: [1_000_000n, 2_000_000n],
    },
  ],
})
const apex = await createApex({ market, engine: createReferenceEngine() })

describe('quote', () => {
  it('default: by address or symbol, in any case of letters', () => {
    // 1000 · 997 · 2,000,000 / (1,000,000 · 1000 + 1000 · 997), rounded down
    expect(apex.quote(pool, 'A', 1000n)).toMatchObject({
      tokenIn: market.tokens[0],
      tokenOut: market.tokens[1],
      amountIn: 1000n,
      amountOut: 1992n,
      end: 'filled',
    })
    expect(apex.quote(pool.toLowerCase(), token1, 1000n).amountOut).toBe(498n)
  })

  it('behavior: exact output takes enough for it', () => {
    const { amountIn } = apex.quoteExactOut(pool, 'a', 1992n)
    expect(amountIn).toBe(1000n)
  })

  it('error: no such pool, no such token in it, two of that name', () => {
    expect(() => apex.quote(twin, 'A', 1n)).toThrow(PoolUnknownError)
    expect(() => apex.quote(pool, twin, 1n)).toThrow(TokenNotTradedError)
    expect(() => apex.quote(token1, 'A', 1n)).toThrow(TokenNotTradedError)
    expect(apex.quote(token1, twin, 1000n).tokenIn).toBe(market.tokens[2])
  })

  it('error: where the contract reverts', () => {
    expect(() => apex.quote(pool, 'A', 0n)).toThrow(SwapRevertsError)
    expect(() => apex.quote(pool, 'A', 0n)).toThrow(
      `pool ${pool} reverts on this swap`,
    )
    expect(() => apex.quoteExactOut(pool, 'A', 2_000_000n)).toThrow(
      SwapRevertsError,
    )
  })
})
