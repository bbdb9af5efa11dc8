import { beforeAll, expect, test } from 'vitest'
import { lenderProtocols } from '../../src/adapters/lenders/index.ts'
import {
  decodePlan,
  type ExecutorPlan,
  encodePlan,
  type LenderKind,
} from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Lender } from '../../src/market/lender.ts'
import type { Market } from '../../src/market/market.ts'
import type { Opportunity } from '../../src/market/opportunity.ts'
import type { Pool } from '../../src/market/pool.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { packedPlanIn } from '../../src/services/execute/executorCall.ts'
import { executorInterface } from '../../src/services/execute/executorInterface.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../support/executionWorld.ts'
import { balanceOf, marketWith, receiptOf } from '../support/world.ts'
import { zero } from './support/plans.ts'

/** An opportunity with the plan that the library makes of it. */
type Found = { readonly opportunity: Opportunity; readonly plan: ExecutorPlan }

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
        opportunity,
        plan: decodePlan(packedPlanIn(result.plan.data)),
      })
  }
  found = plans
  lenders = [...world.world.lenders]
}, 240_000)

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
  return marketWith(drawn, pools)
}

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
        ({ family, address, dex, tokens }) =>
          family === 'concentrated' &&
          !dex.startsWith('uniswap-v4') &&
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
  { opportunity, plan }: Found,
  from: Lender,
): Promise<'compared' | 'unavailable'> {
  const { chain, executor, signer } = world
  const protocol = lenderProtocols[from.kind]
  const terms =
    from.kind === 'v2FlashSwap'
      ? { available: plan.amountIn, premium: () => 0n, lendsToken1: false }
      : await protocol.readTerms(chain, from, plan.token)
  const predicted = opportunity.grossProfit - terms.premium(plan.amountIn)
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
    for (const { name } of world.world.dexes) {
      let isCompared = false
      for (const each of found) {
        if (!each.opportunity.cycle.hops.some(({ pool }) => pool.dex === name))
          continue
        for (const from of lendersFor(kind, each)) {
          isCompared = (await runWith(each, from)) === 'compared'
          if (isCompared) break
        }
        if (isCompared) break
      }
      if (!isCompared) missing.push(name)
    }
    expect(missing).toEqual([])
  },
)

test('the DEXes are those that the search goes over', () => {
  expect(world.world.dexes.map(({ name }) => name).sort()).toEqual([
    'algebra-integral',
    'algebra-v1',
    'pancakeswap-v3',
    'sushiswap-v2',
    'uniswap-v2',
    'uniswap-v3',
    'uniswap-v4',
  ])
})
