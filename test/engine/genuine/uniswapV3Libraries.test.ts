import { beforeAll, describe, expect, it } from 'vitest'
import type { ExactMath } from '../../../src/engine/index.ts'
import { referenceMath } from '../../../src/engine/reference/math.ts'
import { nextInitializedTickWithinOneWord } from '../../../src/engine/reference/tickBitmap.ts'
import {
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../../src/engine/reference/tickMath.ts'
import { encodeCall, signed } from '../../support/abi.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { engineMakers } from '../../support/engines.ts'
import { createEvm, type Evm } from '../../support/evm.ts'
import {
  deployBatch,
  fuzz,
  fuzzTimeoutMs,
  verdict,
} from '../../support/fuzz.ts'
import { compileContract } from '../../support/solc.ts'

/** Uniswap V3's own library sources, compiled with its own compiler version. */

type Words = readonly bigint[]

type Case = {
  readonly signature: string
  readonly resultWords?: number
  readonly input: (edges: Edges) => Words
  readonly ours: (math: ExactMath, input: Words) => Words
}

const q96 = 2n ** 96n
let evm: Evm
let batch: bigint
let libraries: bigint
const maths: Record<string, ExactMath> = {}

beforeAll(async () => {
  evm = await createEvm()
  batch = await deployBatch(evm)
  libraries = await evm.deploy(
    compileContract(
      'solc-0.7.6',
      'UniswapV3Libraries.sol',
      'UniswapV3Libraries',
    ),
  )
  for (const { name, create } of engineMakers) {
    maths[name] = (await create()).math
  }
})

const cases: readonly Case[] = [
  {
    signature: 'mulDiv(uint256,uint256,uint256)',
    input: mulDivInput,
    ours: (math, [a, b, denominator]) => [math.mulDiv(a!, b!, denominator!)],
  },
  {
    signature: 'getSqrtRatioAtTick(int24)',
    input: (edges) => [BigInt(anyTick(edges))],
    ours: (math, [tick]) => [math.getSqrtRatioAtTick(Number(tick))],
  },
  {
    signature: 'getTickAtSqrtRatio(uint160)',
    input: (edges) => [anyPrice(edges)],
    ours: (math, [price]) => [
      BigInt.asUintN(256, BigInt(math.getTickAtSqrtRatio(price!))),
    ],
  },
  {
    signature: 'getAmount0Delta(uint160,uint160,uint128,bool)',
    input: deltaInput,
    ours: (math, [a, b, liquidity, roundUp]) => [
      roundUp
        ? math.getAmount0DeltaRoundingUp(a!, b!, liquidity!)
        : math.getAmount0DeltaRoundingDown(a!, b!, liquidity!),
    ],
  },
  {
    signature: 'getAmount1Delta(uint160,uint160,uint128,bool)',
    input: deltaInput,
    ours: (math, [a, b, liquidity, roundUp]) => [
      roundUp
        ? math.getAmount1DeltaRoundingUp(a!, b!, liquidity!)
        : math.getAmount1DeltaRoundingDown(a!, b!, liquidity!),
    ],
  },
  {
    signature: 'getNextSqrtPriceFromInput(uint160,uint128,uint256,bool)',
    input: nextPriceInput,
    ours: (math, [price, liquidity, amount, zeroForOne]) => [
      math.getNextSqrtPriceFromInput(
        price!,
        liquidity!,
        amount!,
        zeroForOne === 1n,
      ),
    ],
  },
  {
    signature: 'getNextSqrtPriceFromOutput(uint160,uint128,uint256,bool)',
    input: nextPriceInput,
    ours: (math, [price, liquidity, amount, zeroForOne]) => [
      math.getNextSqrtPriceFromOutput(
        price!,
        liquidity!,
        amount!,
        zeroForOne === 1n,
      ),
    ],
  },
  {
    signature: 'computeSwapStep(uint160,uint160,uint128,int256,uint24)',
    resultWords: 4,
    input: swapStepInput,
    ours: (math, [price, target, liquidity, amount, fee]) => {
      const step = math.computeSwapStep(
        price!,
        target!,
        liquidity!,
        amount!,
        Number(fee),
      )
      return [
        step.sqrtPriceNextX96,
        step.amountIn,
        step.amountOut,
        step.feeAmount,
      ]
    },
  },
]

describe('Uniswap V3 libraries', { timeout: fuzzTimeoutMs }, () => {
  it.each(cases)(
    '$signature equals ours, reverts included',
    async ({ signature, resultWords = 1, input, ours }) => {
      const edges = createEdges(3000 + signature.length)
      const comparisons = await fuzz({
        evm,
        batch,
        target: libraries,
        signature,
        resultWords,
        input: () => input(edges),
        ours: Object.fromEntries(
          Object.entries(maths).map(([name, math]) => [
            name,
            (words: Words) => ours(math, words),
          ]),
        ),
      })
      expect(verdict(comparisons)).toEqual([])
    },
  )

  it.each([1, 10, 60, 200])(
    'nextInitializedTickWithinOneWord equals ours at spacing %i',
    async (spacing) => {
      const edges = createEdges(3100 + spacing)
      const bitmap = await evm.deploy(
        compileContract(
          'solc-0.7.6',
          'UniswapV3Libraries.sol',
          'UniswapV3Libraries',
        ),
      )
      const ticks = someTicks(edges, spacing)
      for (const tick of ticks) {
        await evm.send(
          bitmap,
          encodeCall('flipTick(int24,int24)', [BigInt(tick), BigInt(spacing)]),
        )
      }
      const list = ticks.map((tick) => [tick, 1n] as const)
      const comparisons = await fuzz(
        {
          evm,
          batch,
          target: bitmap,
          signature: 'nextInitializedTickWithinOneWord(int24,int24,bool)',
          resultWords: 2,
          input: () => {
            const around = edges.pick(ticks) + edges.integer(-2, 2) * spacing
            return [
              BigInt(
                edges.pick([
                  around + edges.integer(-1, 1),
                  edges.integer(minTick, maxTick),
                ]),
              ),
              BigInt(spacing),
              BigInt(edges.integer(0, 1)),
            ]
          },
          ours: {
            reference: ([tick, , lte]) => {
              const next = nextInitializedTickWithinOneWord(
                list,
                Number(tick),
                spacing,
                lte === 1n,
              )
              return [
                BigInt.asUintN(256, BigInt(next.tick)),
                next.liquidityNet === undefined ? 0n : 1n,
              ]
            },
          },
        },
        20_000,
      )
      expect(verdict(comparisons)).toEqual([])
    },
  )
})

/** Products around 2^256 and around denominator × 2^256, where the result overflows. */
function mulDivInput(edges: Edges): Words {
  const a = edges.uint(256)
  const b = edges.uint(256)
  const denominator = edges.uint(256)
  switch (edges.integer(0, 4)) {
    case 0:
      return [a, b, edges.near((a * b) >> 256n, 256)]
    case 1:
      return [a, edges.near(2n ** 256n / (a + 1n), 256), denominator]
    case 2:
      return [a, denominator, a]
    default:
      return [a, b, denominator]
  }
}

/** Any int24, the ends of the scale among them. */
function anyTick(edges: Edges): number {
  return edges.pick([
    edges.integer(-(2 ** 23), 2 ** 23 - 1),
    edges.integer(minTick, maxTick),
    edges.integer(minTick, maxTick),
    edges.pick([minTick, maxTick, 0]) + edges.integer(-2, 2),
    edges.pick([-1, 1]) * 2 ** edges.integer(0, 19),
  ])
}

/** Any uint160, prices next to a tick's own among them. */
function anyPrice(edges: Edges): bigint {
  return edges.integer(0, 1) === 0
    ? pick3(edges.uint(160), minSqrtRatio, maxSqrtRatio)
    : tickPrice(edges, edges.integer(minTick, maxTick))

  function pick3(...choices: readonly bigint[]): bigint {
    const price = edges.pick(choices)
    return edges.near(price, 160)
  }
}

function tickPrice(edges: Edges, tick: number): bigint {
  const onScale = Math.max(minTick, Math.min(maxTick, tick))
  return edges.near(referenceMath.getSqrtRatioAtTick(onScale), 160)
}

/** `[a, b, liquidity, roundUp]`: any two prices, or two that are close. */
function deltaInput(edges: Edges): Words {
  const a = anyPrice(edges)
  const b = edges.pick([anyPrice(edges), edges.near(a, 160)])
  return [a, b, edges.uint(128), BigInt(edges.integer(0, 1))]
}

/** `[price, liquidity, amount, zeroForOne]`: amounts from nothing to all the liquidity has, and products next to 2^256. */
function nextPriceInput(edges: Edges): Words {
  const price = anyPrice(edges)
  const liquidity = edges.uint(128)
  const all0 = price === 0n ? 0n : (liquidity * q96) / price
  const all1 = (liquidity * price) / q96
  const amount = edges.pick([
    edges.uint(256),
    edges.uint(160),
    edges.near(all0, 256),
    edges.near(all1, 256),
    all0 === 0n ? 0n : edges.uint(256) % all0,
    all1 === 0n ? 0n : edges.uint(256) % all1,
    price === 0n ? 0n : edges.near((2n ** 256n - 1n) / price, 256),
    edges.near(2n ** 160n, 256),
  ])
  return [price, liquidity, amount, BigInt(edges.integer(0, 1))]
}

/**
 * `[price, target, liquidity, amountRemaining, feePips]`: half of them as a
 * pool would meet them, within a few ticks and with amounts around what the
 * target needs.
 */
function swapStepInput(edges: Edges): Words {
  const feePips = BigInt(
    edges.pick([
      0,
      1,
      100,
      500,
      3000,
      10_000,
      999_999,
      edges.integer(0, 999_999),
    ]),
  )
  const liquidity = edges.uint(128)
  if (edges.integer(0, 2) === 0) {
    return [
      anyPrice(edges),
      anyPrice(edges),
      liquidity,
      signed(edges.uint(256)),
      feePips,
    ]
  }
  const tick = edges.integer(minTick, maxTick)
  const distance = edges.pick([0, 1, 10, 60, 200, 256, 51_200])
  const price = tickPrice(edges, tick)
  const target = tickPrice(edges, tick + edges.pick([-1, 1]) * distance)
  const needed = amountsToTarget(price, target, liquidity, feePips)
  const amount = edges.pick([
    ...needed.map((value) => edges.near(value, 255)),
    ...needed.map((value) => (value === 0n ? 0n : edges.uint(255) % value)),
    edges.uint(255),
    edges.uint(112),
  ])
  return [price, target, liquidity, edges.pick([amount, -amount]), feePips]
}

/** Input and output that take the price to its target, about. */
function amountsToTarget(
  price: bigint,
  target: bigint,
  liquidity: bigint,
  feePips: bigint,
): readonly bigint[] {
  if (price < minSqrtRatio || target < minSqrtRatio) return [1n]
  const amount0 = referenceMath.getAmount0DeltaRoundingUp(
    price,
    target,
    liquidity,
  )
  const amount1 = referenceMath.getAmount1DeltaRoundingUp(
    price,
    target,
    liquidity,
  )
  const withFee = (amount: bigint): bigint =>
    BigInt.asUintN(255, (amount * 1_000_000n) / (1_000_000n - feePips))
  return [amount0, amount1, withFee(amount0), withFee(amount1)]
}

/** Initialised ticks in clusters, at the borders of words, and at both ends. */
function someTicks(edges: Edges, spacing: number): readonly number[] {
  const last = Math.floor(maxTick / spacing)
  const compressed = new Set<number>([-last, last, -1, 0, 255, 256, -256, -257])
  for (let i = 0; i < 60; i++) {
    const center = edges.integer(-last, last)
    for (const offset of [0, 1, edges.integer(2, 300)]) {
      if (center + offset <= last) compressed.add(center + offset)
    }
  }
  return [...compressed].map((tick) => tick * spacing).sort((a, b) => a - b)
}
