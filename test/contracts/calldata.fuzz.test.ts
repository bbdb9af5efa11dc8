import { beforeAll, expect, test } from 'vitest'
import type { Artifact } from '../../src/adapters/protocols/artifact.ts'
import type { ExecutorPlan } from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import { type Contract, operator } from './support/chain.ts'
import { testArtifact } from './support/compile.ts'
import { executorArtifact, weakenedExecutor } from './support/executors.ts'
import { packPlan, zero } from './support/plans.ts'
import { createStage, type Stage } from './support/stage.ts'
import {
  pairVenue,
  solidlyVenue,
  v3Venue,
  v4Venue,
  vaultVenue,
} from './support/venues.ts'

const { APEX_FUZZ } = process.env
/** Plans that are tried. */
const count = Number(APEX_FUZZ ?? 6_000)
const batch = 50
const unit = 10n ** 18n

type Range = {
  readonly stage: Stage
  readonly fuzzer: Contract
  /** Plans that earn. */
  readonly valid: readonly Hex[]
  /** All addresses that a plan could name. */
  readonly addresses: readonly Hex[]
}

let real: Range

beforeAll(async () => {
  real = await createRange(executorArtifact())
}, 120_000)

/** Pools of every module, and plans over each of them with every lender that is there. */
async function createRange(artifact: Artifact): Promise<Range> {
  const stage = await createStage(artifact)
  const { chain, executor, tokens, weth } = stage
  const [token, other] = tokens
  const venues = [
    await pairVenue(chain, token, other, 100n),
    await solidlyVenue(chain, token, other),
    await v3Venue(chain, token, other),
    await v4Venue(chain, token, other),
    await vaultVenue(chain, token, other),
  ]
  const cheap = await pairVenue(chain, token, other, 200n)
  const [, , pool, manager, vault] = venues.map(({ address }) => address)
  const lenders: readonly ExecutorPlan['lender'][] = [
    { kind: 'none', address: zero, lendsToken1: false },
    { kind: 'balancerV2', address: vault!, lendsToken1: false },
    { kind: 'uniswapV3', address: pool!, lendsToken1: false },
    { kind: 'uniswapV4', address: manager!, lendsToken1: false },
  ]
  const valid = venues.flatMap((venue) => [
    ...lenders
      // A pool of V3 and the Vault cannot be traded with while they lend.
      .filter(
        ({ kind, address }) =>
          kind === 'uniswapV4' || address !== venue.address,
      )
      .map((lender) =>
        packPlan({
          token: token.address,
          amountIn: unit,
          minProfit: 1n,
          lender,
          hops: [cheap.hop(token, other), venue.hop(other, token)],
        }),
      ),
    packPlan({
      token: other.address,
      amountIn: unit,
      lender: { kind: 'v2FlashSwap', address: zero, lendsToken1: false },
      hops: [
        venue.hop(other, token),
        { ...cheap.hop(token, other), amountOut: unit + unit / 2n },
      ],
    }),
  ])
  const fuzzer = await chain.deploy(testArtifact('PlanFuzzer'))
  await executor.send('addOperator', [fuzzer.address])
  return {
    stage,
    fuzzer,
    valid,
    addresses: [
      ...[...venues, cheap].map(({ address }) => address),
      ...tokens.map(({ address }) => address),
      weth.address,
      executor.address,
      fuzzer.address,
      operator,
      zero,
    ],
  }
}

type Report = { readonly executed: number; readonly faulty?: Hex }

/** Sends plans in batches; each batch begins in the same state. */
async function runAll(range: Range, plans: readonly Hex[]): Promise<Report> {
  const { stage, fuzzer, addresses } = range
  const tokens = [...stage.tokens, stage.weth].map(({ address }) => address)
  let executed = 0
  for (let at = 0; at < plans.length; at += batch) {
    const some = plans.slice(at, at + batch)
    const data = fuzzer.encode('run', [
      stage.executor.address,
      some,
      tokens,
      addresses,
    ])
    const result = (await stage.chain.embedded.request('eth_call', [
      { from: operator, to: fuzzer.address, data, gas: '0xffffffff' },
    ])) as Hex
    const [successes, fault] = fuzzer.abi.decodeFunctionResult('run', result)
    executed += Number(successes)
    if (fault !== 0n) return { executed, faulty: some[Number(fault) - 1]! }
  }
  return { executed }
}

/** Random bytes, and valid plans in which something was changed. */
function mutations(range: Range, total: number): readonly Hex[] {
  const random = createSeededRandom(20_260)
  const below = (n: number): number => Math.floor(random.next() * n)
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!
  const bytesOf = (plan: Hex): number[] => [
    ...Buffer.from(plan.slice(2), 'hex'),
  ]
  const randomBytes = (length: number): number[] =>
    Array.from({ length }, () => below(256))
  /** Places of addresses in the header and in the first hop. */
  const addressPlaces = [27, 81, 101, 123, 143]
  const change = (bytes: number[]): number[] => {
    switch (below(8)) {
      case 0: {
        const place = below(bytes.length)
        bytes[place] = bytes[place]! ^ (1 << below(8))
        return bytes
      }
      case 1:
        return bytes.slice(0, below(bytes.length))
      case 2:
        return [...bytes, ...randomBytes(below(90))]
      case 3: {
        // A hop of another plan in place of what followed.
        const cut = 121 + below(bytes.length - 121)
        const other = bytesOf(pick(range.valid))
        return [...bytes.slice(0, cut), ...other.slice(cut)]
      }
      case 4: {
        const address = bytesOf(pick(range.addresses))
        bytes.splice(pick(addressPlaces), 20, ...address)
        return bytes
      }
      case 5:
        bytes[1] = below(10)
        return bytes
      case 6: {
        // All amounts may be anything: 16 bytes at amountIn, minProfit or a hop's amountOut.
        const size = below(17)
        const amount = [...Array(16 - size).fill(0), ...randomBytes(size)]
        bytes.splice(pick([47, 63, 163]), 16, ...amount)
        return bytes
      }
      default:
        bytes[121 + below(2)] = below(6)
        return bytes
    }
  }
  return Array.from({ length: total }, () => {
    if (below(20) === 0) return hex(randomBytes(below(400)))
    let bytes = bytesOf(pick(range.valid))
    for (let i = 1 + below(2); i > 0 && bytes.length > 200; i--)
      bytes = change(bytes)
    return hex(bytes)
  })
}

function hex(bytes: readonly number[]): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

test('every plan that is fuzzed earns before it is changed', async () => {
  for (const plan of real.valid) {
    const { executed } = await runAll(real, [plan])
    expect(executed, plan).toBe(1)
  }
})

test(
  `${count} random and changed plans move nothing out`,
  async () => {
    const { executed, faulty } = await runAll(real, mutations(real, count))
    expect(faulty).toBeUndefined()
    // Enough of them still trade that the others mean something, and enough do not.
    expect(executed).toBeGreaterThan(count / 20)
    expect(executed).toBeLessThan((count * 9) / 10)
  },
  60_000 + count * 20,
)

test('negative control: without a profit check the same plans move something out', async () => {
  const weak = await createRange(weakenedExecutor('noProfitCheck'))
  const { faulty } = await runAll(weak, mutations(weak, 2_000))
  expect(faulty).toBeDefined()
})
