import { describe, expect, it } from 'vitest'
import type { Protocol } from '../../../src/adapters/protocols/index.ts'
import { protocols } from '../../../src/adapters/protocols/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { poolsFor } from '../../support/genuinePools.ts'
import {
  createStage,
  type LiquidityCalls,
  managerLiquidity,
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

function stageOf(protocol: Protocol, edges: Edges) {
  return createStage(protocol, decimals, (tokens: readonly Hex[]) =>
    poolsFor(protocol, tokens, decimals, edges),
  )
}
