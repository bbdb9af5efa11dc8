import { Interface } from 'ethers'
import { describe, expect, it } from 'vitest'
import { dexProtocol } from '../../../src/adapters/dexes/index.ts'
import { algebraIntegral } from '../../../src/adapters/protocols/algebraIntegral.ts'
import { algebraV1 } from '../../../src/adapters/protocols/algebraV1.ts'
import type { Protocol } from '../../../src/adapters/protocols/index.ts'
import { protocols } from '../../../src/adapters/protocols/index.ts'
import { uniswapV4 } from '../../../src/adapters/protocols/uniswapV4.ts'
import { addressIn, viewCall } from '../../../src/adapters/viewCall.ts'
import { zeroAddress } from '../../../src/core/address.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Pool } from '../../../src/market/pool.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { poolsFor } from '../../support/genuinePools.ts'
import {
  type Call,
  createStage,
  type LiquidityCalls,
  managerLiquidity,
  type ProtocolStage,
  pairLiquidity,
  poolLiquidity,
  vaultLiquidity,
} from '../../support/protocolStage.ts'
import {
  compareWithGenuine,
  expectRoundTrip,
  suiteTimeoutMs,
  swapCount,
} from './suite.ts'

/** Of the tokens, in the order of their addresses. */
const decimals = [6, 18, 18, 8]
const uniswapBurn = 'burn(int24,int24,uint128)'

/** How liquidity comes and goes, by the protocol of the DEX. */
const liquidityOf: Readonly<Record<string, LiquidityCalls>> = {
  'uniswap-v2': pairLiquidity,
  'uniswap-v3': poolLiquidity('mintUniswap', uniswapBurn),
  'pancakeswap-v3': poolLiquidity('mintUniswap', uniswapBurn),
  'algebra-v1': poolLiquidity('mintAlgebra', uniswapBurn),
  'algebra-integral': poolLiquidity(
    'mintAlgebra',
    'burn(int24,int24,uint128,bytes)',
    ['0x'],
  ),
  'uniswap-v4': managerLiquidity,
  'balancer-v2': vaultLiquidity,
}

describe.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
  '%s, its genuine contracts',
  (name, protocol) => {
    it(
      'pay what is predicted and are where their logs say',
      async () => {
        const edges = createEdges(name.length)
        const stage = await stageOf(protocol, edges)
        const { dex } = stage.deployment
        expectRoundTrip(dex, stage.pools)
        const liquidity = liquidityOf[dex.protocol]
        const comparison = await compareWithGenuine(stage, edges, liquidity)
        expect(comparison.differences).toEqual([])
        expect(comparison.swaps).toBeGreaterThanOrEqual(swapCount)
        if (liquidity)
          expect(comparison.liquidityChanges).toBeGreaterThan(swapCount / 10)
      },
      suiteTimeoutMs,
    )
  },
)

describe('algebra-v1 with its fee following the volatility', () => {
  it(
    'pays what is predicted with the fee of the block to trade in',
    async () => {
      const edges = createEdges(41)
      const stage = await stageOf(algebraV1, edges)
      await stage.mine(await adaptiveFees(stage))
      const comparison = await compareWithGenuine(
        stage,
        edges,
        liquidityOf['algebra-v1'],
      )
      expect(comparison.differences).toEqual([])
      expect(comparison.feeChanges).toBeGreaterThan(swapCount / 10)
    },
    suiteTimeoutMs,
  )

  it(
    'pays otherwise where the fee is taken from the last log',
    async () => {
      const edges = createEdges(41)
      const stage = await stageOf(algebraV1, edges)
      await stage.mine(await adaptiveFees(stage))
      const { nextChange: _, ...blind } = dexProtocol('algebra-v1')
      const comparison = await compareWithGenuine(
        stage,
        edges,
        liquidityOf['algebra-v1'],
        swapCount,
        blind,
      )
      expect(comparison.differences.length).toBeGreaterThan(0)
    },
    suiteTimeoutMs,
  )
})

describe('algebra-integral taken for a pool with a bitmap of ticks', () => {
  it(
    'pays otherwise: its swaps make no step at the border of a word',
    async () => {
      const edges = createEdges(9)
      const stage = await stageOf(algebraIntegral, edges)
      const withBitmap = (pool: Pool): Pool =>
        pool.family === 'concentrated'
          ? { ...pool, tickSearch: 'bitmap' }
          : pool
      const { readPool } = stage.deployment
      const comparison = await compareWithGenuine(
        {
          ...stage,
          pools: stage.pools.map(withBitmap),
          deployment: {
            ...stage.deployment,
            readPool: async (pool) => withBitmap(await readPool(pool)),
          },
        },
        edges,
      )
      expect(comparison.differences.length).toBeGreaterThan(0)
    },
    suiteTimeoutMs,
  )
})

describe('uniswap-v4 with the native coin', () => {
  it(
    'pays what is predicted, and its hop is marked as native',
    async () => {
      const edges = createEdges(4)
      const stage = await createStage(uniswapV4, decimals, (tokens) =>
        poolsFor(uniswapV4, [zeroAddress, ...tokens], [18, ...decimals], edges),
      )
      const native = stage.pools.filter(({ tokens }) =>
        tokens.includes(zeroAddress),
      )
      expect(native).toHaveLength(decimals.length)
      expectRoundTrip(stage.deployment.dex, stage.pools)
      const comparison = await compareWithGenuine(
        { ...stage, pools: native },
        edges,
        managerLiquidity,
        swapCount / 2,
      )
      expect(comparison.differences).toEqual([])
    },
    suiteTimeoutMs,
  )

  it('refuses pools that are not what their id says', async () => {
    const edges = createEdges(5)
    const stage = await stageOf(uniswapV4, edges)
    const [pool] = stage.pools
    const [token0, token1] = pool!.tokens.map((address) => ({
      address,
      symbol: 'T',
      decimals: 18,
    }))
    const hop = {
      pool: { ...pool!, feePips: 499 } as Pool,
      tokenIn: token0!,
      tokenOut: token1!,
      zeroForOne: true,
      amountIn: 1n,
      amountOut: 1n,
    }
    const protocol = dexProtocol('uniswap-v4')
    expect(protocol.executorHop(stage.deployment.dex, hop)).toHaveProperty(
      'untradable',
    )
  })
})

/** What the teams of Algebra's DEXes leave in force: AdaptiveFee.initialFeeConfiguration. */
async function adaptiveFees({ chain, pools }: ProtocolStage): Promise<Call[]> {
  const abi = new Interface([
    'function changeFeeConfiguration((uint16,uint16,uint32,uint32,uint16,uint16,uint16))',
  ])
  const data = abi.encodeFunctionData('changeFeeConfiguration', [
    [2900, 12_000, 360, 60_000, 59, 8500, 100],
  ]) as Hex
  const calls: Call[] = []
  for (const { address } of pools) {
    const [operator] = await viewCall(chain, address, 'dataStorageOperator()')
    calls.push({ to: addressIn(operator), data })
  }
  return calls
}

function stageOf(protocol: Protocol, edges: Edges) {
  return createStage(protocol, decimals, (tokens: readonly Hex[]) =>
    poolsFor(protocol, tokens, decimals, edges),
  )
}
