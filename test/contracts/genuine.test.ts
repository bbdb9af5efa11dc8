import { beforeAll, expect, test } from 'vitest'
import { dexProtocols } from '../../src/adapters/dexes/index.ts'
import { lenderProtocols } from '../../src/adapters/lenders/index.ts'
import type { Apex } from '../../src/apex.ts'
import {
  decodePlan,
  type ExecutorHop,
  type ExecutorPlan,
  encodePlan,
  type LenderKind,
} from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Lender } from '../../src/market/lender.ts'
import type { Market } from '../../src/market/market.ts'
import type { Pool } from '../../src/market/pool.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { packedPlanIn } from '../../src/services/execute/executorCall.ts'
import { executorInterface } from '../../src/services/execute/executorInterface.ts'
import type { PoolQuote } from '../../src/services/quote/quote.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../support/executionWorld.ts'
import { balanceOf, marketWith, receiptOf } from '../support/world.ts'
import { zero } from './support/plans.ts'

/** A cycle that earns, as a plan. */
type Found = {
  readonly dexes: readonly string[]
  /** Base units of the plan's token. */
  readonly grossProfit: bigint
  readonly plan: ExecutorPlan
}

let world: ExecutionWorld
let found: readonly Found[]
let lenders: readonly Lender[]

beforeAll(async () => {
  world = await createExecutionWorld({
    market: mixedMarket(),
    lenders: ['balancer-v2', 'balancer-v3', 'morpho', 'aave-v3', 'uniswap-v4'],
  })
  await world.disturb(40n)
  const apex = await world.apex()
  const plans: Found[] = []
  for (const opportunity of apex.scan({ limit: 400 }).opportunities) {
    const result = await apex.plan(opportunity)
    if (result.kind === 'planned')
      plans.push({
        dexes: opportunity.cycle.hops.map(({ pool }) => pool.dex),
        grossProfit: opportunity.grossProfit,
        plan: decodePlan(packedPlanIn(result.plan.data)),
      })
  }
  found = [...plans, ...balancerPlans(apex, world.world.market.pools)]
  lenders = [...world.world.lenders]
}, 240_000)

/** A weighted and a stable pool of each two tokens that a pair of Uniswap V2 has. */
function balancerPools({ pools, tokens }: Market): readonly Pool[] {
  const pairs = pools.filter(({ dex }) => dex === 'uniswap-v2').slice(0, 2)
  return pairs.flatMap((pair, i): Pool[] => {
    if (pair.family !== 'constantProduct') return []
    const common = (place: number) => {
      const number = 0xba1 + 2 * i + place
      const address: Hex = `0x${number.toString(16).padStart(40, '0')}`
      return {
        address,
        poolId: `${address}${'00'.repeat(12)}` as Hex,
        dex: 'balancer-v2',
        tokens: pair.tokens,
        scalingFactors: pair.tokens.map((token) => {
          const { decimals } = tokens.find(({ address: at }) => at === token)!
          return 10n ** BigInt(36 - decimals)
        }) as [bigint, bigint],
      }
    }
    return [
      {
        ...common(0),
        family: 'weighted',
        swapFee: 3n * 10n ** 15n,
        // A tenth dearer than the pair.
        reserves: [pair.reserves[0], (pair.reserves[1] * 11n) / 10n],
        weights: [5n * 10n ** 17n, 5n * 10n ** 17n],
        wholeExponents: 'multiplied',
      },
      {
        ...common(1),
        family: 'stable',
        swapFee: 10n ** 14n,
        amplification: 1000n,
        balances: [...pair.reserves],
        pair: [0, 1],
      },
    ]
  })
}

/** A drawn market, in which some pools are made by Algebra. */
function mixedMarket(): Market {
  const drawn = drawMarket({ pools: 36, tokens: 6, seed: 5 })
  const others = ['algebra-v1', 'algebra-integral']
  const taken = new Set<string>()
  const pools = drawn.pools.map((pool, i): Pool => {
    const dex = others[i % 2]!
    const key = `${dex} ${pool.tokens.join()}`
    if (pool.family !== 'concentrated' || i % 3 !== 0 || taken.has(key))
      return pool
    taken.add(key)
    return { ...pool, dex }
  })
  return marketWith(drawn, [...pools, ...balancerPools(drawn)])
}

/** The search leaves Balancer's pools out: cycles of two hops over them and pairs, both ways round. */
function balancerPlans(apex: Apex, pools: readonly Pool[]): readonly Found[] {
  const plans: Found[] = []
  for (const vaultPool of pools.filter(({ dex }) => dex === 'balancer-v2'))
    for (const pair of pools) {
      const isPair = pair.dex === 'uniswap-v2' && 'reserves' in pair
      if (!isPair || pair.tokens.join() !== vaultPool.tokens.join()) continue
      for (const order of [
        [vaultPool, pair],
        [pair, vaultPool],
      ] as const)
        for (const side of [0, 1] as const) {
          const amountIn = pair.reserves[side] / 1000n
          const [there, back] = [pair.tokens[side], pair.tokens[1 - side]!]
          const first = apex.quote(order[0].address, there, amountIn)
          const second = apex.quote(order[1].address, back, first.amountOut)
          const grossProfit = second.amountOut - amountIn
          if (grossProfit <= 0n) continue
          const hops = [first, second].map(hopOf)
          plans.push({
            dexes: ['balancer-v2', vaultPool.family],
            grossProfit,
            plan: { ...anyPlan, token: there, amountIn, hops },
          })
        }
    }
  return plans
}

function hopOf(quote: PoolQuote): ExecutorHop {
  const { pool, tokenIn, tokenOut, amountIn, amountOut } = quote
  const zeroForOne = pool.tokens[0] === tokenIn.address
  const dex = world.world.dexes.find(({ name }) => name === pool.dex)!
  const protocol = dexProtocols.find(({ name }) => name === dex.protocol)!
  const hop = { pool, tokenIn, tokenOut, zeroForOne, amountIn, amountOut }
  const made = protocol.executorHop(dex, hop)
  if ('untradable' in made) throw new Error(made.untradable)
  return made
}

const anyPlan: Omit<ExecutorPlan, 'token' | 'amountIn' | 'hops'> = {
  chainId: 31337,
  deadline: 0,
  firstBlock: 0,
  lastBlock: 0,
  minProfit: 0n,
  lender: { kind: 'none', address: zero, lendsToken1: false },
  tip: { bps: 0, to: zero },
}

/** DEXes, and the two curves of Balancer V2. */
const names = [
  'algebra-integral',
  'algebra-v1',
  'pancakeswap-v3',
  'stable',
  'sushiswap-v2',
  'uniswap-v2',
  'uniswap-v3',
  'uniswap-v4',
  'weighted',
]

const kinds: readonly LenderKind[] = [
  'balancerV2',
  'balancerV3',
  'morpho',
  'aaveV3',
  'uniswapV3',
  'v2FlashSwap',
  'uniswapV4',
]

/** Who could lend for a plan: pools lend, too, where they are not traded with. */
function lendersFor(kind: LenderKind, { plan }: Found): readonly Lender[] {
  const isTraded = (address: Hex): boolean =>
    plan.hops.some(
      ({ target }) => target.toLowerCase() === address.toLowerCase(),
    )
  if (kind === 'v2FlashSwap') {
    const { module } = plan.hops.at(-1)!
    return module === 'v2' ? [lender(kind, zero)] : []
  }
  if (kind === 'uniswapV3')
    return world.world.market.pools
      .filter(
        ({ address, dex, tokens }) =>
          // Algebra's premium follows other rules: its pools are not offered as lenders.
          (dex === 'uniswap-v3' || dex === 'pancakeswap-v3') &&
          !isTraded(address) &&
          tokens.some(
            (token) => token.toLowerCase() === plan.token.toLowerCase(),
          ),
      )
      .map(({ address }) => lender(kind, address))
  return lenders.filter(
    (each) =>
      each.kind === kind &&
      // V4 lends while it trades; the Vault of Balancer V2 does not.
      (kind === 'uniswapV4' || !isTraded(each.address)),
  )
}

function lender(kind: LenderKind, address: Hex): Lender {
  return {
    name: kind,
    chainId: world.chain.chainId,
    kind,
    address,
    verified: true,
    source: 'test',
  }
}

/** Sends the plan with this lender, and compares what the executor has more with gross profit less premium. */
async function runWith(
  { grossProfit, plan }: Found,
  from: Lender,
): Promise<'compared' | 'unavailable'> {
  const { chain, executor, signer } = world
  const protocol = lenderProtocols[from.kind]
  const terms =
    from.kind === 'v2FlashSwap'
      ? { available: plan.amountIn, premium: () => 0n, lendsToken1: false }
      : await protocol.readTerms(chain, from, plan.token)
  const predicted = grossProfit - terms.premium(plan.amountIn)
  if (terms.available < plan.amountIn || predicted <= 0n) return 'unavailable'
  const id = await chain.request('evm_snapshot')
  const before = await balanceOf(chain, plan.token, executor)
  const data = executorInterface.encodeFunctionData('execute', [
    encodePlan({
      ...plan,
      minProfit: predicted,
      tip: { bps: 0, to: zero },
      lastBlock: 2 ** 40,
      deadline: 2 ** 38,
      lender: {
        kind: from.kind,
        address: from.address,
        lendsToken1: terms.lendsToken1,
      },
    }),
  ])
  await chain.impersonate(signer.address)
  const hash = (await chain.request('eth_sendTransaction', [
    { from: signer.address, to: executor, data, gas: '0x7a1200' },
  ])) as Hex
  await chain.mine()
  expect((await receiptOf(chain, hash)).status).toBe('0x1')
  const after = await balanceOf(chain, plan.token, executor)
  await chain.request('evm_revert', [id])
  expect(after - before).toBe(predicted)
  return 'compared'
}

test.each(kinds)(
  'a loan by %s for every DEX: what is received is what was predicted',
  async (kind) => {
    const missing: string[] = []
    for (const name of names) {
      let isCompared = false
      for (const each of found) {
        if (!each.dexes.includes(name)) continue
        for (const from of lendersFor(kind, each)) {
          isCompared = (await runWith(each, from)) === 'compared'
          if (isCompared) break
        }
        if (isCompared) break
      }
      if (!isCompared) missing.push(name)
    }
    // The Vault of Balancer V2 cannot be traded with while it lends.
    expect(missing).toEqual(kind === 'balancerV2' ? ['stable', 'weighted'] : [])
  },
)

test('every DEX of the world is compared', () => {
  const curves = new Set(['stable', 'weighted'])
  expect(world.world.dexes.map(({ name }) => name).sort()).toEqual(
    [...names.filter((name) => !curves.has(name)), 'balancer-v2'].sort(),
  )
})
