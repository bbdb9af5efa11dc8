import { createSigner } from '../src/adapters/keys/index.ts'
import { type Apex, createApex } from '../src/apex.ts'
import type { Hex } from '../src/core/hex.ts'
import { keccakText } from '../src/core/keccak.ts'
import type { Opportunity } from '../src/market/opportunity.ts'
import type { Simulation } from '../src/market/plan.ts'
import type { Arena } from '../src/programs/simulate/arena.ts'
import { deployExecutor } from '../src/programs/simulate/deployExecutor.ts'
import { createGeneratedArena } from '../src/programs/simulate/generatedArena.ts'
import { type Ask, CannotAsk } from './support/question.ts'
import { requireEqual } from './support/verify.ts'

const user: Hex = '0x0000000000000000000000000000000000005e11'
const owner: Hex = '0x00000000000000000000000000000000000a11ce'
const candidates = 100
const candidatesPerSecond = 700

/** How many candidates can be planned and simulated in a second? */
const ask: Ask = async () => {
  const arena = await createArena()
  const { apex, executor, operator } = await setUp(arena)
  const opportunities = await plannable(apex)
  const weigh = async (opportunity: Opportunity): Promise<Simulation> => {
    const result = await apex.plan(opportunity)
    if (result.kind === 'rejected') throw new Error(result.detail)
    return await apex.simulate(result.plan)
  }
  const simulations = await inTurn(opportunities, weigh)
  const calls = simulations.map(({ plan }) => ({
    from: operator,
    to: executor,
    data: plan.data,
    gas: '0x1000000',
  }))
  const gas = simulations.map((simulation) =>
    simulation.kind === 'reverted' ? 0 : Number(simulation.gasUsed),
  )
  return [
    {
      title: `plan and simulate ${opportunities.length} flash-loaned cycles of 2 and 3 hops through genuine pools, one after the other`,
      unit: 'candidate',
      atMostMs: 1000 / candidatesPerSecond,
      subject: {
        name: 'APEX plan and simulate',
        operations: opportunities.length,
        run: async () => await inTurn(opportunities, weigh),
      },
      peers: [
        {
          name: 'bare eth_call of the same calldata',
          operations: calls.length,
          run: async () =>
            await inTurn(calls, (call) =>
              arena.chain.request('eth_call', [call, 'latest']),
            ),
          atMost: 1.25,
        },
      ],
      verify: () => {
        requireEqual(
          'profits',
          simulations.map((simulation) =>
            simulation.kind === 'reverted' ? null : simulation.profit,
          ),
          simulations.map(({ plan }) => plan.predictedProfit),
        )
      },
      notes: [
        `${Math.round(sum(gas) / gas.length).toLocaleString('en')} gas a candidate in the mean: the machine records each of its steps, which is most of the time`,
        'Own work: loan, fees, calldata, least profit, three rows of the ledger',
      ],
    },
  ]
}

export default ask

/** A generated market of genuine contracts, its pools pushed apart by trades of 0.3 % of what they hold. */
async function createArena(): Promise<Arena> {
  let arena: Arena
  try {
    arena = await createGeneratedArena({ pools: 40, tokens: 8, seed: 42 }, [
      user,
    ])
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    throw code === 'PACKAGE_MISSING' ? new CannotAsk(message) : error
  }
  const { pools } = await arena.readMarket()
  for (const [i, pool] of pools.entries()) {
    const [held0, held1] = heldBy(pool)
    await arena.swap({
      user,
      pool: pool.address,
      tokenIn: pool.tokens[i % 2]!,
      amountIn: ((i % 2 === 0 ? held0 : held1) * 3n) / 1000n + 1n,
    })
  }
  await arena.chain.mine()
  return arena
}

async function setUp(arena: Arena): Promise<{
  readonly apex: Apex
  readonly executor: Hex
  readonly operator: Hex
}> {
  const { chain, dexes, lenders, wrappedNative } = arena
  const signer = await createSigner(keccakText('operator of the bench'))
  const operator = signer.address
  const executor = await deployExecutor(chain, {
    owner,
    operator,
    wrappedNative,
  })
  const apex = await createApex({
    market: await arena.readMarket(),
    execution: { rpc: chain, executor, signer, dexes, lenders },
  })
  return { apex, executor, operator }
}

/** Reserves; of a concentrated pool its liquidity at the price as such amounts. */
function heldBy(
  pool: Awaited<ReturnType<Arena['readMarket']>>['pools'][number],
): readonly [bigint, bigint] {
  if ('reserves' in pool) return pool.reserves
  if (pool.family !== 'concentrated') return [0n, 0n]
  const { liquidity, sqrtPriceX96 } = pool
  return [(liquidity << 96n) / sqrtPriceX96, (liquidity * sqrtPriceX96) >> 96n]
}

/** The best opportunities of 2 and 3 hops that pay for a low estimate of their gas: the others cost no simulation. */
async function plannable(apex: Apex): Promise<readonly Opportunity[]> {
  const found: Opportunity[] = []
  for (const opportunity of apex.scan({ maxHops: 3, limit: 500 }).opportunities)
    if ((await apex.plan(opportunity)).kind === 'planned')
      found.push(opportunity)
  return found.slice(0, candidates)
}

async function inTurn<In, Out>(
  items: readonly In[],
  run: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = []
  for (const item of items) results.push(await run(item))
  return results
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
