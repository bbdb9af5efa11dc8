import { beforeAll, describe, expect, it } from 'vitest'
import type { ExactMath } from '../../../src/engine/index.ts'
import { word } from '../../support/abi.ts'
import { publishedBytecode } from '../../support/artifacts.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { engineMakers } from '../../support/engines.ts'
import { createEvm, type Evm } from '../../support/evm.ts'
import {
  deployBatch,
  fuzz,
  fuzzTimeoutMs,
  verdict,
} from '../../support/fuzz.ts'

/** UniswapV2Library, as the genuine bytecode of UniswapV2Router02 has it. */

const feePips = 3000
const maxUint256 = 2n ** 256n - 1n
let evm: Evm
let batch: bigint
let router: bigint
const maths: Record<string, ExactMath> = {}

beforeAll(async () => {
  evm = await createEvm()
  batch = await deployBatch(evm)
  router = await evm.deploy(
    publishedBytecode('@uniswap/v2-periphery/build/UniswapV2Router02.json') +
      // The factory and WETH, which the formulas never call.
      word(1n) +
      word(2n),
  )
  for (const { name, create } of engineMakers) {
    maths[name] = (await create()).math
  }
})

describe('UniswapV2Router02', { timeout: fuzzTimeoutMs }, () => {
  it.each([
    ['getAmountOut', 2001],
    ['getAmountIn', 2002],
  ] as const)('%s equals the router, reverts included', async (name, seed) => {
    const edges = createEdges(seed)
    const comparisons = await fuzz({
      evm,
      batch,
      target: router,
      signature: `${name}(uint256,uint256,uint256)`,
      resultWords: 1,
      input: () => reservesAndAmount(edges),
      ours: Object.fromEntries(
        Object.entries(maths).map(([maker, math]) => [
          maker,
          ([amount, reserveIn, reserveOut]: readonly bigint[]) => [
            math[name](amount!, reserveIn!, reserveOut!, feePips),
          ],
        ]),
      ),
    })
    expect(verdict(comparisons)).toEqual([])
  })
})

/** `[amount, reserveIn, reserveOut]`: half as in real pools, half anywhere, some at the edge of an overflow. */
function reservesAndAmount(edges: Edges): readonly bigint[] {
  const amount = edges.uint(edges.pick([112, 128, 256]))
  const reserveIn = edges.uint(edges.pick([112, 112, 256]))
  const reserveOut = edges.uint(edges.pick([112, 112, 256]))
  switch (edges.integer(0, 11)) {
    case 0:
      // in × 997 × reserveOut next to 2^256
      return [
        amount,
        reserveIn,
        edges.near(maxUint256 / (amount * 997n + 1n), 256),
      ]
    case 1:
      // reserveIn × out × 1000 next to 2^256
      return [
        edges.near(maxUint256 / (reserveIn * 1000n + 1n), 256),
        reserveIn,
        reserveOut,
      ]
    case 2:
      return [edges.near(maxUint256 / 997n, 256), reserveIn, reserveOut]
    case 3:
      return [
        amount,
        edges.near((maxUint256 - amount) / 1000n, 256),
        reserveOut,
      ]
    case 4:
      return [edges.near(reserveOut, 256), reserveIn, reserveOut]
    case 5:
      return [edges.near(reserveIn, 256), reserveIn, reserveOut]
    default:
      return [amount, reserveIn, reserveOut]
  }
}
