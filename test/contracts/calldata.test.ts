import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodePlan,
  type ExecutorHop,
  type ExecutorPlan,
  encodePlan,
  headerBytes,
  hopBytes,
  lenderKinds,
  PlanInvalidError,
} from '../../src/contracts/calldata.ts'
import { parseAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'

const uint128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const feePips = fc.integer({ min: 0, max: 2 ** 24 - 1 })
const address = hexOf(20).map((text) => parseAddress(text))

const common = {
  target: address,
  tokenOut: address,
  zeroForOne: fc.boolean(),
  amountOut: uint128,
}

const hop: fc.Arbitrary<ExecutorHop> = fc.oneof(
  fc.record({ module: fc.constant('v2' as const), ...common, feePips }),
  fc.record({ module: fc.constant('solidly' as const), ...common }),
  fc.record({ module: fc.constant('v3' as const), ...common }),
  fc.record({
    module: fc.constant('v4' as const),
    ...common,
    native: fc.boolean(),
    feePips,
    tickSpacing: fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }),
    hooks: address,
  }),
  fc.record({
    module: fc.constant('balancerV2' as const),
    ...common,
    poolId: hexOf(32),
  }),
)

const plan: fc.Arbitrary<ExecutorPlan> = fc.record({
  chainId: fc.maxSafeNat(),
  deadline: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  firstBlock: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  lastBlock: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  token: address,
  amountIn: uint128,
  minProfit: uint128,
  lender: fc.record({
    kind: fc.constantFrom(...lenderKinds),
    address,
    lendsToken1: fc.boolean(),
  }),
  tip: fc.record({ bps: fc.integer({ min: 0, max: 65_535 }), to: address }),
  hops: fc.array(hop, { minLength: 1, maxLength: 5 }),
})

describe('encodePlan and decodePlan', () => {
  it('default: a decoded plan is the plan that was encoded', () => {
    fc.assert(
      fc.property(plan, (original) => {
        expect(decodePlan(encodePlan(original))).toEqual(original)
      }),
      { seed: 42, numRuns: 2000 },
    )
  })

  it('default: two plans of the same bytes are the same plan', () => {
    fc.assert(
      fc.property(plan, (original) => {
        const data = encodePlan(original)
        expect(encodePlan(decodePlan(data))).toBe(data)
      }),
      { seed: 43, numRuns: 500 },
    )
  })

  it('every field stands where the drawing has it', () => {
    const data = encodePlan(sample)
    expect(data.length).toBe(2 + 2 * (headerBytes + hopBytes + 3))
    expect(bytes(data, 0, 1)).toBe('01')
    expect(bytes(data, 1, 1)).toBe('84')
    expect(bytes(data, 2, 8)).toBe('0000000000002105')
    expect(bytes(data, 10, 5)).toBe('0065000000')
    expect(bytes(data, 15, 6)).toBe('000000000007')
    expect(bytes(data, 21, 6)).toBe('000000000009')
    expect(bytes(data, 27, 20)).toBe('11'.repeat(20))
    expect(bytes(data, 47, 16)).toBe(`${'0'.repeat(28)}03e8`)
    expect(bytes(data, 63, 16)).toBe(`${'0'.repeat(30)}05`)
    expect(bytes(data, 79, 2)).toBe('03e8')
    expect(bytes(data, 81, 20)).toBe('22'.repeat(20))
    expect(bytes(data, 101, 20)).toBe('33'.repeat(20))
    expect(bytes(data, 121, 2)).toBe('0001')
    expect(bytes(data, 123, 20)).toBe('44'.repeat(20))
    expect(bytes(data, 143, 20)).toBe('11'.repeat(20))
    expect(bytes(data, 163, 16)).toBe(`${'0'.repeat(28)}03f2`)
    expect(bytes(data, 179, 3)).toBe('000bb8')
  })

  it('error: a value that does not fit its field is named', () => {
    const tooMuch = { ...sample, amountIn: 2n ** 128n }
    expect(() => encodePlan(tooMuch)).toThrow(PlanInvalidError)
    expect(() => encodePlan(tooMuch)).toThrow('amountIn')
    expect(() => encodePlan({ ...sample, minProfit: -1n })).toThrow('minProfit')
    expect(() => encodePlan({ ...sample, token: '0x11' })).toThrow('token')
    expect(() => encodePlan({ ...sample, hops: [] })).toThrow(PlanInvalidError)
  })

  it('error: bytes that are no plan are refused', () => {
    const data = encodePlan(sample)
    const cut = data.slice(0, -2) as Hex
    const futureVersion = data.replace('0x01', '0x02') as Hex
    const unknownLender = data.replace('0x0184', '0x017f') as Hex
    const onlyHeader = data.slice(0, 2 + 2 * headerBytes) as Hex
    for (const wrong of [
      '0x',
      '0x1',
      cut,
      `${data}00`,
      futureVersion,
      unknownLender,
      onlyHeader,
    ] as Hex[])
      expect(() => decodePlan(wrong), wrong).toThrow(PlanInvalidError)
  })

  it('behavior: whatever the bytes, they are a plan or a PlanInvalidError', () => {
    const valid = encodePlan(sample)
    fc.assert(
      fc.property(
        fc.nat(valid.length / 2 - 2),
        fc.nat(255),
        fc.nat(valid.length / 2 - 1),
        (position, value, end) => {
          const at = 2 + 2 * position
          const mutated =
            valid.slice(0, at) +
            value.toString(16).padStart(2, '0') +
            valid.slice(at + 2)
          for (const data of [mutated, mutated.slice(0, 2 + 2 * end)] as Hex[])
            expect(isPlanOrRefused(data)).toBe(true)
        },
      ),
      { seed: 44, numRuns: 1000 },
    )
  })
})

const sample: ExecutorPlan = {
  chainId: 8453,
  deadline: 0x65000000,
  firstBlock: 7,
  lastBlock: 9,
  token: `0x${'11'.repeat(20)}`,
  amountIn: 1000n,
  minProfit: 5n,
  lender: {
    kind: 'uniswapV3',
    address: `0x${'33'.repeat(20)}`,
    lendsToken1: true,
  },
  tip: { bps: 1000, to: `0x${'22'.repeat(20)}` },
  hops: [
    {
      module: 'v2',
      target: `0x${'44'.repeat(20)}`,
      tokenOut: `0x${'11'.repeat(20)}`,
      zeroForOne: true,
      amountOut: 1010n,
      feePips: 3000,
    },
  ],
}

function isPlanOrRefused(data: Hex): boolean {
  try {
    return encodePlan(decodePlan(data)).toLowerCase() === data.toLowerCase()
  } catch (error) {
    return error instanceof PlanInvalidError
  }
}

function bytes(data: Hex, from: number, size: number): string {
  return data.slice(2 + 2 * from, 2 + 2 * (from + size))
}

function hexOf(size: number): fc.Arbitrary<Hex> {
  return fc
    .uint8Array({ minLength: size, maxLength: size })
    .map((array) => `0x${Buffer.from(array).toString('hex')}` as const)
}
