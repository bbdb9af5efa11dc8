import { describe, expect, test } from 'vitest'
import {
  MAX_HOPS,
  STEP_EXACT_IN,
  STEP_FEE_PIPS,
  STEP_LIQUIDITY,
  STEP_REMAINING,
  STEP_RESULT_STRIDE,
  STEP_STRIDE,
  STEP_TARGET,
} from '../../assembly/layout.ts'
import type { ExactMath } from '../../src/engine/exactMath.ts'
import type { ConstantProductState } from '../../src/engine/poolState.ts'
import {
  type ConstantProductHop,
  closedFormInput,
} from '../../src/engine/reference/closedForm.ts'
import { createReferenceEngine } from '../../src/engine/reference/engine.ts'
import { createWasmEngine } from '../../src/engine/wasm/engine.ts'
import { instantiate, type Kernel } from '../../src/engine/wasm/instantiate.ts'
import { PoolRecords } from '../../src/engine/wasm/poolRecords.ts'
import { readUint256, writeUint256 } from '../../src/engine/wasm/words.ts'
import { outcome } from '../support/compare.ts'
import { createEdges, type Edges } from '../support/edges.ts'

const rounds = 20_000
const pageBytes = 65536
/** Stands after the last edge of a cycle. */
const noEdge = 2 ** 32 - 1

/** Sizes in bits at which the kernel takes another way, or a digit more. */
const borders = [
  20, 32, 47, 48, 52, 53, 63, 64, 65, 94, 95, 96, 97, 104, 105, 106, 107, 111,
  112, 113, 125, 126, 127, 128, 129, 159, 160,
] as const

/** A number at a border: its power of two and neighbours, or any number of just so many bits. */
function atBorder(edges: Edges, most = 160): bigint {
  const bits = edges.pick(borders.filter((border) => border <= most))
  const top = 1n << BigInt(bits)
  const kind = edges.integer(0, 3)
  if (kind === 0) return top + BigInt(edges.integer(-2, 2))
  if (kind === 1) return top - edges.uint(Math.min(bits, 64) - 1) - 1n
  return (top >> 1n) + edges.uint(bits - 1)
}

describe('math at the borders of its fast paths equals the reference', async () => {
  const wasm = (await createWasmEngine()).math
  const reference = createReferenceEngine().math

  test('getAmountOut and getAmountIn', () => {
    const edges = createEdges(101)
    let answered = 0
    for (let i = 0; i < rounds; i++) {
      const [amount, reserveIn, reserveOut] = swapAtBorder(edges)
      const feePips = edges.pick([0, 1, 100, 2500, 3000, 9999, 100_000])
      const expected = outcome(() =>
        reference.getAmountOut(amount, reserveIn, reserveOut, feePips),
      )
      const args = `${amount} ${reserveIn} ${reserveOut} ${feePips}`
      expect(
        outcome(() =>
          wasm.getAmountOut(amount, reserveIn, reserveOut, feePips),
        ),
        args,
      ).toBe(expected)
      expect(
        outcome(() => wasm.getAmountIn(amount, reserveIn, reserveOut, feePips)),
        args,
      ).toBe(
        outcome(() =>
          reference.getAmountIn(amount, reserveIn, reserveOut, feePips),
        ),
      )
      if (expected !== 'reverts' && expected > 0n) answered++
    }
    expect(answered).toBeGreaterThan(rounds / 2)
  })

  test('amounts between prices', () => {
    const edges = createEdges(102)
    for (let i = 0; i < rounds; i++) {
      const [a, b] = pricesAtBorder(edges)
      const liquidity = atBorder(edges, 128)
      for (const name of [
        'getAmount0DeltaRoundingUp',
        'getAmount0DeltaRoundingDown',
        'getAmount1DeltaRoundingUp',
        'getAmount1DeltaRoundingDown',
      ] as const)
        requireSame(wasm, reference, name, [a, b, liquidity])
    }
  })

  test('prices after an amount', () => {
    const edges = createEdges(103)
    for (let i = 0; i < rounds; i++) {
      const [price] = pricesAtBorder(edges)
      const liquidity = atBorder(edges, 128)
      const amount = edges.integer(0, 1)
        ? atBorder(edges)
        : // About what the range can exchange.
          (((liquidity << 96n) / price) * edges.uint(20)) >> 14n
      for (const zeroForOne of [false, true])
        for (const name of [
          'getNextSqrtPriceFromInput',
          'getNextSqrtPriceFromOutput',
        ] as const)
          requireSame(wasm, reference, name, [
            price,
            liquidity,
            amount,
            zeroForOne,
          ])
    }
  })
})

test('swapStepBatch equals computeSwapStep of the reference, reverts included', async () => {
  const edges = createEdges(104)
  const reference = createReferenceEngine().math
  const steps = Array.from({ length: rounds }, () => stepAtBorder(edges))
  const kernel = await instantiate()
  const stepsAt = growMemory(
    kernel,
    rounds * (STEP_STRIDE + STEP_RESULT_STRIDE),
  )
  const resultsAt = stepsAt + rounds * STEP_STRIDE
  const words = new BigUint64Array(kernel.memory.buffer)
  const numbers = new Uint32Array(kernel.memory.buffer)
  steps.forEach(({ price, target, liquidity, remaining, feePips }, i) => {
    const at = stepsAt + i * STEP_STRIDE
    const exactIn = remaining >= 0n
    writeUint256(words, at / 8, price)
    writeUint256(words, (at + STEP_TARGET) / 8, target)
    writeUint256(words, (at + STEP_LIQUIDITY) / 8, liquidity)
    writeUint256(
      words,
      (at + STEP_REMAINING) / 8,
      exactIn ? remaining : -remaining,
    )
    numbers[(at + STEP_FEE_PIPS) / 4] = feePips
    numbers[(at + STEP_EXACT_IN) / 4] = exactIn ? 1 : 0
  })
  const reverted = kernel.swapStepBatch(stepsAt, resultsAt, rounds)
  let expectedReverts = 0
  steps.forEach((step, i) => {
    const { price, target, liquidity, remaining, feePips } = step
    const expected = outcome(() =>
      reference.computeSwapStep(price, target, liquidity, remaining, feePips),
    )
    if (expected === 'reverts') {
      expectedReverts++
      return
    }
    const at = (resultsAt + i * STEP_RESULT_STRIDE) / 8
    const [sqrtPriceNextX96, amountIn, amountOut, feeAmount] = [
      0, 4, 8, 12,
    ].map((offset) => readUint256(words, at + offset))
    expect(
      { sqrtPriceNextX96, amountIn, amountOut, feeAmount },
      Object.values(step).join(' '),
    ).toEqual(expected)
  })
  expect(reverted).toBe(expectedReverts)
  expect(reverted).toBeLessThan(rounds / 2)
})

test('bestInputBatch equals the closed form in integers, close calls included', async () => {
  const edges = createEdges(105)
  const kernel = await instantiate()
  const routes = Array.from({ length: rounds }, () => randomRoute(edges))
  const pools = routes
    .flat()
    .map(({ state }) => ({ tokens: [0, 1] as const, state }))
  new PoolRecords(kernel, { tokenCount: 2, pools })
  const inputsAt = growMemory(kernel, rounds * (32 + 4 * MAX_HOPS))
  const edgesAt = inputsAt + rounds * 32
  const list = new Uint32Array(
    kernel.memory.buffer,
    edgesAt,
    rounds * MAX_HOPS,
  ).fill(noEdge)
  let pool = 0
  routes.forEach((route, i) => {
    route.forEach(({ zeroForOne }, hop) => {
      list[i * MAX_HOPS + hop] = pool++ * 2 + (zeroForOne ? 0 : 1)
    })
  })
  const gaining = kernel.bestInputBatch(edgesAt, inputsAt, rounds)
  const words = new BigUint64Array(kernel.memory.buffer)
  let expectedGaining = 0
  routes.forEach((route, i) => {
    const expected = closedFormInput(route)
    if (expected > 0n) expectedGaining++
    expect(
      readUint256(words, inputsAt / 8 + 4 * i),
      route
        .map(({ state: { reserves, feePips }, zeroForOne }) =>
          [...reserves, feePips, zeroForOne].join(' '),
        )
        .join(', '),
    ).toBe(expected)
  })
  expect(gaining).toBe(expectedGaining)
  expect(gaining).toBeGreaterThan(rounds / 4)
})

/** Amount and reserves; every other time the division is even or off by one from even. */
function swapAtBorder(edges: Edges): readonly [bigint, bigint, bigint] {
  const amount = atBorder(edges, 128)
  const reserveIn = atBorder(edges, 128)
  if (edges.integer(0, 1)) return [amount, reserveIn, atBorder(edges, 128)]
  const even = (amount + reserveIn) * (edges.uint(24) + 1n)
  return [amount, reserveIn, even + BigInt(edges.integer(-1, 1))]
}

/** Two prices, the lower one first, near each other or anywhere. */
function pricesAtBorder(edges: Edges): readonly [bigint, bigint] {
  const a = atBorder(edges)
  const b = edges.integer(0, 2)
    ? a + ((a * edges.uint(20)) >> 20n)
    : atBorder(edges)
  return a < b ? [a, b] : [b, a]
}

function stepAtBorder(edges: Edges) {
  const [low, high] = pricesAtBorder(edges)
  const zeroForOne = edges.integer(0, 1) === 1
  const [price, target] = zeroForOne ? [high, low] : [low, high]
  const liquidity = atBorder(edges, 128)
  // About what the whole step exchanges, or a little less or more.
  const amount1 = (liquidity * (high - low)) >> 96n
  const amount0 = ((liquidity * (high - low)) << 96n) / (low * high)
  const near = edges.pick([amount0, amount1]) + BigInt(edges.integer(-3, 3))
  const kind = edges.integer(0, 2)
  const size =
    kind === 0
      ? atBorder(edges)
      : kind === 1
        ? near
        : (near * edges.uint(11)) >> 10n
  const amount = size > 0n ? size : 1n
  return {
    price,
    target,
    liquidity,
    remaining: edges.integer(0, 2) ? amount : -amount,
    feePips: edges.pick([0, 100, 500, 3000, 10_000, 999_999]),
  }
}

/** Two to four pools, mispriced so that most cycles gain; small reserves make exact ties. */
function randomRoute(edges: Edges): readonly ConstantProductHop[] {
  const hops = edges.integer(2, 4)
  const small = edges.integer(0, 3) === 0
  const fees = small ? [0] : [0, 1, 100, 2500, 3000, 9999, 100_000]
  const size = (): bigint =>
    small
      ? BigInt(edges.integer(1, 4000))
      : (edges.integer(0, 1) ? atBorder(edges, 112) : edges.uint(112) + 1n) &
        (2n ** 112n - 1n)
  let amount = size()
  const first = amount
  const route: ConstantProductHop[] = []
  for (let hop = 0; hop < hops; hop++) {
    const last = hop === hops - 1
    const next = last ? gainOn(first, edges) : size()
    const scale = small ? 1n : edges.uint(16) + 1n
    const reserves = [amount * scale, next * scale].map(clampReserve)
    const zeroForOne = edges.integer(0, 1) === 1
    const state: ConstantProductState = {
      family: 'constantProduct',
      feePips: edges.pick(fees),
      reserves: (zeroForOne ? reserves : reserves.toReversed()) as [
        bigint,
        bigint,
      ],
    }
    route.push({ state, zeroForOne })
    amount = next
  }
  return route
}

/** From a tenth less than was put in to twice of it. */
function gainOn(amount: bigint, edges: Edges): bigint {
  return (amount * BigInt(edges.integer(900, 2000))) / 1000n
}

function clampReserve(value: bigint): bigint {
  const most = 2n ** 112n - 1n
  if (value < 1n) return 1n
  return value > most ? most : value
}

function requireSame<Name extends keyof ExactMath>(
  wasm: ExactMath,
  reference: ExactMath,
  name: Name,
  args: Parameters<ExactMath[Name]>,
): void {
  const answer = (math: ExactMath) =>
    outcome(() =>
      (math[name] as (...args: Parameters<ExactMath[Name]>) => unknown)(
        ...args,
      ),
    )
  expect(answer(wasm), `${name} ${args.join(' ')}`).toBe(answer(reference))
}

/** Memory behind everything the kernel owns, in whole pages. */
function growMemory(kernel: Kernel, bytes: number): number {
  return kernel.memory.grow(Math.ceil(bytes / pageBytes)) * pageBytes
}
