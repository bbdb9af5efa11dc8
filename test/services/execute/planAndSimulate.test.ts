import { beforeAll, describe, expect, it } from 'vitest'
import type { Apex } from '../../../src/apex.ts'
import { decodePlan } from '../../../src/contracts/calldata.ts'
import { zeroAddress } from '../../../src/core/address.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Opportunity } from '../../../src/market/opportunity.ts'
import type { Plan, Simulation } from '../../../src/market/plan.ts'
import { packedPlanIn } from '../../../src/services/execute/executorCall.ts'
import { executorInterface } from '../../../src/services/execute/executorInterface.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'

let world: ExecutionWorld
let apex: Apex
let opportunities: readonly Opportunity[]

beforeAll(async () => {
  world = await createExecutionWorld({ pools: 24, tokens: 5 })
  await world.disturb()
  apex = await world.apex()
  opportunities = apex.scan({ limit: 60 }).opportunities
})

/** The plan of an opportunity that has one. */
async function planned(opportunity: Opportunity, from = apex): Promise<Plan> {
  const result = await from.plan(opportunity)
  if (result.kind === 'rejected')
    throw new Error(`${result.reason}: ${result.detail}`)
  return result.plan
}

/** The first opportunity whose hops are all of these DEXes' kind. */
function opportunityThrough(...dexes: readonly string[]): Opportunity {
  const found = opportunities.find(({ cycle }) =>
    dexes.every((dex) => cycle.hops.some(({ pool }) => pool.dex === dex)),
  )
  if (!found) throw new Error(`no opportunity through ${dexes.join(', ')}`)
  return found
}

describe('plan', () => {
  it('default: its calldata says what the plan says', async () => {
    for (const opportunity of opportunities.slice(0, 10)) {
      const plan = await planned(opportunity)
      const packed = decodePlan(packedPlanIn(plan.data))
      expect(packed).toMatchObject({
        chainId: plan.chainId,
        deadline: plan.deadline,
        firstBlock: opportunity.blockNumber,
        lastBlock: opportunity.blockNumber + 3,
        token: opportunity.cycle.tokenIn.address,
        amountIn: opportunity.amountIn,
        minProfit: plan.minProfit,
        tip: plan.tip,
        lender: { kind: plan.loan.kind, address: plan.loan.address },
      })
      expect(packed.hops.map(({ amountOut }) => amountOut)).toEqual(
        opportunity.cycle.hops.map(({ amountOut }) => amountOut),
      )
    }
  })

  it('default: net profit is gross less every cost, in plan and simulation', async () => {
    for (const opportunity of opportunities.slice(0, 20)) {
      const plan = await planned(opportunity)
      const simulation = await apex.simulate(plan)
      for (const { expected } of [plan, simulation.plan])
        expect(expected.netProfit).toBe(
          expected.grossProfit -
            expected.premium -
            expected.gas -
            expected.l1DataFee -
            expected.tip,
        )
      expect(plan.expected.grossProfit).toBe(opportunity.grossProfitNative)
    }
  })

  it('default: a plan has one name, another opportunity another', async () => {
    const [a, b] = [opportunities[0]!, opportunities[1]!]
    expect((await planned(a)).id).toBe((await planned(a)).id)
    expect((await planned(a)).id).not.toBe((await planned(b)).id)
  })

  it('behavior: terms and fees are read once a block, however many plans', async () => {
    let requests = 0
    const counting = await world.apex({
      rpc: {
        async request(method, params) {
          requests++
          return await world.chain.request(method, params)
        },
      },
    })
    await planned(opportunities[0]!, counting)
    const first = requests
    for (const opportunity of opportunities) await counting.plan(opportunity)
    const tokens = new Set(opportunities.map(({ cycle }) => cycle.tokenIn))
    expect(requests - first).toBeLessThanOrEqual(tokens.size * first)
    const after = requests
    for (const opportunity of opportunities) await counting.plan(opportunity)
    expect(requests).toBe(after)
  })

  it('behavior: each lender serves: exact profit after its premium', async () => {
    const opportunity = opportunities.find(({ cycle }) => {
      const last = cycle.hops.at(-1)!.pool.family
      return last === 'concentrated'
    })!
    const names = new Set<string>()
    for (const lender of world.world.lenders) {
      const own = await world.apex({ lenders: [lender] })
      const plan = await planned(opportunity, own)
      const simulation = await own.simulate(plan)
      expect(simulation.kind, lender.name).toBe('succeeded')
      const { profit } = simulation as Simulation & { kind: 'succeeded' }
      expect(profit, lender.name).toBe(
        opportunity.grossProfit - plan.loan.premium,
      )
      expect(plan.loan.lender).toBe(lender.name)
      expect(plan.loan.premium > 0n).toBe(lender.kind === 'aaveV3')
      names.add(lender.name)
    }
    expect(names.size).toBe(4)
  })

  it('behavior: without premium before with premium', async () => {
    const lenders = world.world.lenders
    const aaveFirst = lenders.toSorted((a) => (a.kind === 'aaveV3' ? -1 : 1))
    const own = await world.apex({ lenders: aaveFirst })
    for (const opportunity of opportunities.slice(0, 5))
      expect((await planned(opportunity, own)).loan.kind).not.toBe('aaveV3')
  })

  it('behavior: a tip is paid out of profit in the wrapped coin, to the wei', async () => {
    const to: Hex = '0x0000000000000000000000000000000000007177'
    const own = await world.apex({ tip: { bps: 1234, to } })
    const opportunity = opportunities.find(
      ({ cycle }) => cycle.tokenIn.address === world.world.wrappedNative,
    )!
    const plan = await planned(opportunity, own)
    const gain = opportunity.grossProfit - plan.loan.premium
    const tip = (gain * 1234n) / 10_000n
    expect(plan.predictedProfit).toBe(gain - tip)
    expect(plan.expected.tip).toBe(tip)
    expect(await own.simulate(plan)).toMatchObject({
      kind: 'succeeded',
      profit: gain - tip,
      plan: { expected: { tip } },
    })
  })

  it('behavior: other profit pays no tip', async () => {
    const token = apex.market.tokens.find(
      ({ address }) => address !== world.world.wrappedNative,
    )!
    const own = await world.apex({ tip: { bps: 1234 } })
    const { opportunities } = own.scan({ baseTokens: [token.address] })
    const plan = await planned(opportunities[0]!, own)
    expect(plan.tip).toEqual({ bps: 0, to: zeroAddress })
    expect((await own.simulate(plan)).kind).toBe('succeeded')
  })

  it('behavior: computed amounts trade as exact ones do', async () => {
    const own = await world.apex({ hopAmounts: 'computed' })
    for (const opportunity of opportunities.slice(0, 15)) {
      const plan = await planned(opportunity, own)
      expect(await own.simulate(plan)).toMatchObject({
        kind: 'succeeded',
        profit: plan.predictedProfit,
      })
    }
  })

  it('error: an unknown DEX is untradable', async () => {
    const own = await world.apex({ dexes: [] })
    expect(await own.plan(opportunities[0]!)).toMatchObject({
      kind: 'rejected',
      reason: 'untradable',
      detail: expect.stringMatching(/^hop 1: no DEX .* is known$/),
    })
  })

  it('error: an amount that no plan can hold is untradable', async () => {
    const own = await world.apex({ usesOwnFunds: true, lenders: [] })
    const opportunity = opportunityThrough('uniswap-v2')
    const { cycle } = opportunity
    const hops = cycle.hops.map((hop) => ({ ...hop, amountOut: 1n << 128n }))
    const last = hops.findIndex(({ pool }) => pool.dex === 'uniswap-v2')
    const turned = [...hops.slice(last + 1), ...hops.slice(0, last + 1)]
    expect(
      await own.plan({ ...opportunity, cycle: { ...cycle, hops: turned } }),
    ).toMatchObject({
      reason: 'untradable',
      detail: expect.stringContaining('does not fit'),
    })
  })

  it('error: without a lender the reason names each', async () => {
    const opportunity = opportunities.find(
      ({ cycle }) => cycle.hops.at(-1)!.pool.family === 'concentrated',
    )!
    const none = await world.apex({ lenders: [] })
    expect(await none.plan(opportunity)).toMatchObject({
      reason: 'no-lender',
      detail: expect.stringContaining('no lender is known'),
    })
    const own = await world.apex()
    const huge = { ...opportunity, amountIn: 1n << 120n }
    expect(await own.plan(huge)).toMatchObject({
      reason: 'no-lender',
      detail: expect.stringMatching(/balancer-v2 has \d+, morpho has \d+/),
    })
  })

  it('error: a price that is unknown, a gain that is none', async () => {
    const [opportunity] = opportunities
    expect(
      await apex.plan({ ...opportunity!, grossProfitNative: null }),
    ).toMatchObject({ kind: 'rejected', reason: 'no-price' })
    expect(await apex.plan({ ...opportunity!, grossProfit: 0n })).toMatchObject(
      { kind: 'rejected', reason: 'unprofitable' },
    )
  })

  it('error: what gas eats is unprofitable, with the numbers', async () => {
    const own = await world.apex({ minNetProfit: 10n ** 24n })
    expect(await own.plan(opportunities[0]!)).toMatchObject({
      kind: 'rejected',
      reason: 'unprofitable',
      detail: expect.stringMatching(
        /are left, gas and the rest need \d+: gross/,
      ),
    })
  })

  it('error: a fee cap below the base fee', async () => {
    const own = await world.apex({ gasPrice: { maxFeePerGas: 1n } })
    expect(await own.plan(opportunities[0]!)).toMatchObject({
      reason: 'fee-cap',
    })
  })

  it('error: a lender whose node fails is passed over, and named where none is left', async () => {
    const balancer = world.world.lenders.filter(
      ({ kind }) => kind === 'balancerV2',
    )
    const opportunity = opportunities.find(
      ({ cycle }) => cycle.hops.at(-1)!.pool.family === 'concentrated',
    )!
    const own = await world.apex({
      lenders: balancer,
      rpc: {
        async request(method, params) {
          if (method === 'eth_call')
            throw new RpcError('eth_call: timeout', { method })
          return await world.chain.request(method, params)
        },
      },
    })
    expect(await own.plan(opportunity)).toMatchObject({
      reason: 'no-lender',
      detail: expect.stringContaining(
        'balancer-v2 does not answer: eth_call: timeout',
      ),
    })
  })
})

describe('simulate', () => {
  it('default: every plan earns what was predicted, to the wei, and mined gas is below what was measured', async () => {
    const dexes = new Set<string>()
    for (const opportunity of opportunities) {
      const plan = await planned(opportunity)
      const simulation = await apex.simulate(plan)
      expect(simulation).toMatchObject({
        kind: 'succeeded',
        profit: plan.predictedProfit,
      })
      expect(simulation.plan.minProfit).toBeGreaterThan(0n)
      for (const { pool } of opportunity.cycle.hops) dexes.add(pool.dex)
    }
    expect(opportunities).toHaveLength(60)
    expect(dexes.size).toBeGreaterThanOrEqual(4)
  })

  it('behavior: the least profit covers the gas limit at the highest price offered', async () => {
    const plan = await planned(opportunities[0]!)
    const simulation = await apex.simulate(plan)
    if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
    const { gasPrice, gasLimit, minProfit, data } = simulation.plan
    // The token is the wrapped coin: no rate in between.
    expect(opportunities[0]!.cycle.tokenIn.address).toBe(
      world.world.wrappedNative,
    )
    const cost = gasLimit * gasPrice.maxFeePerGas
    expect(minProfit).toBeGreaterThanOrEqual(cost)
    // At most what the 16 bytes of the least profit may cost more or less, and a fifth of it.
    expect(minProfit - cost).toBeLessThan(231n * gasPrice.maxFeePerGas)
    expect(decodePlan(packedPlanIn(data)).minProfit).toBe(minProfit)
  })

  it('behavior: exact gas may say no where the estimate said yes', async () => {
    const [opportunity] = opportunities
    const plan = await planned(opportunity!)
    const simulation = await apex.simulate(plan)
    if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
    const { maxFeePerGas } = plan.gasPrice
    const gasCost = simulation.plan.gasLimit * maxFeePerGas
    // Above what is left at that much gas, and the estimate is far below that.
    const minNetProfit = simulation.profit - gasCost + 10n ** 12n
    const own = await world.apex({ minNetProfit })
    const tight = await planned(opportunity!, own)
    expect(await own.simulate(tight)).toMatchObject({
      kind: 'unprofitable',
      profit: simulation.profit,
      detail: expect.stringMatching(
        /^it leaves \d+ base units, up to \d+ gas at/,
      ),
    })
    const enough = await world.apex({
      minNetProfit: minNetProfit - 2n * 10n ** 12n,
    })
    expect((await enough.simulate(tight)).kind).toBe('succeeded')
  })

  it('error: a pair that is asked for more than it gives: the hop that failed', async () => {
    const opportunity = opportunityThrough('uniswap-v2')
    const { cycle } = opportunity
    const at = cycle.hops.findIndex(({ pool }) => pool.dex === 'uniswap-v2')
    const greedy = {
      ...opportunity,
      cycle: {
        ...cycle,
        hops: cycle.hops.map((hop, i) =>
          i === at ? { ...hop, amountOut: hop.amountOut + 1n } : hop,
        ),
      },
    }
    const simulation = await apex.simulate(await planned(greedy))
    if (simulation.kind !== 'reverted') throw new Error(simulation.kind)
    const { revert } = simulation
    const isFlashSwap = at === cycle.hops.length - 1
    expect(revert.detail).toContain('"UniswapV2: K"')
    expect(revert.error).toBe(isFlashSwap ? 'LoanFailed' : 'HopFailed')
    if (!isFlashSwap) expect(revert.hop).toBe(at)
  })

  it('behavior: pairs that do not know the executor’s callback are traded with a loan from then on', async () => {
    const reason = executorInterface.encodeErrorResult('LoanFailed', ['0x'])
    const deaf = await world.apex({
      rpc: {
        async request(method, params) {
          const [call] = (params ?? []) as [{ from?: string; data?: Hex }?]
          const isExecute = method === 'eth_call' && call?.from !== undefined
          if (isExecute && kindOf(call!.data!) === 'v2FlashSwap')
            throw new RpcError('execution reverted', {
              method,
              data: reason as Hex,
            })
          return await world.chain.request(method, params)
        },
      },
    })
    const fresh = deaf.scan({ limit: 60 }).opportunities
    const swapped: Opportunity[] = []
    for (const opportunity of fresh) {
      const result = await deaf.plan(opportunity)
      if (
        result.kind === 'planned' &&
        kindOf(result.plan.data) === 'v2FlashSwap'
      )
        swapped.push(opportunity)
    }
    const [first] = swapped
    const { dex } = first!.cycle.hops.at(-1)!.pool
    expect(await deaf.simulate(await planned(first!, deaf))).toMatchObject({
      kind: 'reverted',
      revert: { error: 'LoanFailed' },
    })
    for (const opportunity of swapped) {
      if (opportunity.cycle.hops.at(-1)!.pool.dex !== dex) continue
      const plan = await planned(opportunity, deaf)
      expect(plan.loan.kind).not.toBe('v2FlashSwap')
      expect((await deaf.simulate(plan)).kind).toBe('succeeded')
    }
  })

  it('error: an operator that is none, an executor that is paused', async () => {
    const stranger: Hex = '0x00000000000000000000000000000000000000AA'
    const { signer: _, ...rest } = {
      signer: world.signer,
      operator: stranger,
    }
    const { createExecution } = await import(
      '../../../src/services/execute/createExecution.ts'
    )
    const foreign = await createExecution(apex.market, {
      rpc: world.chain,
      executor: world.executor,
      dexes: world.world.dexes,
      lenders: world.world.lenders,
      ...rest,
    })
    const result = await foreign.plan(opportunities[0]!)
    if (result.kind !== 'planned') throw new Error(result.detail)
    expect(await foreign.simulate(result.plan)).toMatchObject({
      kind: 'reverted',
      revert: { error: 'NotOperator' },
    })
    await expect(foreign.execute(result.plan)).rejects.toMatchObject({
      code: 'EXECUTION_OPTION',
    })

    const plan = await planned(opportunities[0]!)
    await ownerCalls('pause')
    expect(await apex.simulate(plan)).toMatchObject({
      kind: 'reverted',
      revert: { error: 'EnforcedPause', detail: 'the executor is paused' },
    })
    await ownerCalls('unpause')
    // A block has passed with each: the plan's window is still open.
    expect((await apex.simulate(plan)).kind).toBe('succeeded')
  })

  it('error: a plan whose blocks have passed', async () => {
    const plan = await planned(opportunities[0]!)
    for (let i = 0; i < 4; i++) await world.chain.mine()
    expect(await apex.simulate(plan)).toMatchObject({
      kind: 'reverted',
      revert: { error: 'WrongBlock' },
    })
  })

  it('error: what is no revert is thrown: a node that is down', async () => {
    const own = await world.apex()
    const plan = await planned(own.scan({ limit: 1 }).opportunities[0]!, own)
    const down = await world.apex({
      rpc: {
        async request(method, params) {
          const [call] = (params ?? []) as [{ from?: string }?]
          if (method === 'eth_call' && call?.from)
            throw new RpcError('eth_call: timeout', { method })
          return await world.chain.request(method, params)
        },
      },
    })
    await expect(down.simulate(plan)).rejects.toMatchObject({
      code: 'RPC_FAILED',
    })
  })
})

function kindOf(data: Hex): string {
  return decodePlan(packedPlanIn(data)).lender.kind
}

async function ownerCalls(name: 'pause' | 'unpause'): Promise<void> {
  await world.chain.request('eth_sendTransaction', [
    {
      from: world.owner,
      to: world.executor,
      data: executorInterface.encodeFunctionData(name),
    },
  ])
  await world.chain.mine()
}
