import { expect, test } from 'vitest'
import type { ExecutorHop, ExecutorPlan } from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal } from './support/attack.ts'
import { type Contract, operator } from './support/chain.ts'
import { generousPool } from './support/generousPool.ts'
import { packPlan, v2Hop, v4Hop, zero } from './support/plans.ts'
import { createPuppet, functions, words } from './support/puppets.ts'
import { createStage, losses, type Stage } from './support/stage.ts'
import { nativeVenue, pairVenue, v3Venue } from './support/venues.ts'

const unit = 10n ** 18n
type Lender = ExecutorPlan['lender']
const own: Lender = { kind: 'none', address: zero, lendsToken1: false }

/** Sends a plan that must earn; what it reports is what the executor has more, and nothing else is less. */
async function expectProfit(
  stage: Stage,
  token: Contract,
  hops: readonly ExecutorHop[],
  lender: Lender = own,
): Promise<void> {
  const { executor } = stage
  const before = await stage.holdings()
  const plan = packPlan({
    token: token.address,
    amountIn: unit,
    minProfit: 1n,
    lender,
    hops,
  })
  const { logs } = await executor.send('execute', [plan], { from: operator })
  const after = await stage.holdings()
  expect(losses(before, after)).toEqual([])
  const event = logs
    .map((log) => executor.abi.parseLog(log))
    .find((log) => log?.name === 'Executed')!
  expect(event.args.getValue('profit')).toBe(
    after[token.address]! - before[token.address]!,
  )
}

/** The wrapped coin, which pools are filled with by depositing. */
function mintable(weth: Contract): Contract {
  return {
    ...weth,
    async send(name, values = [], options = {}) {
      if (name !== 'mint') return weth.send(name, values, options)
      await weth.send('deposit', [], { value: values[1] as bigint })
      return weth.send('transfer', values)
    },
  }
}

test('V4 pools of the native coin: sold, bought, and bought for the next pair', async () => {
  const stage = await createStage()
  const { chain, tokens } = stage
  const [, token] = tokens
  const weth = mintable(stage.weth)
  const venue = await nativeVenue(chain, weth, token)
  const cheap = await pairVenue(chain, weth, token, 200n)
  const dear = await pairVenue(chain, weth, token, 50n)
  await expectProfit(stage, weth, [
    venue.hop(weth, token),
    dear.hop(token, weth),
  ])
  await expectProfit(stage, weth, [
    cheap.hop(weth, token),
    venue.hop(token, weth),
  ])
  await expectProfit(stage, token, [
    venue.hop(token, weth),
    cheap.hop(weth, token),
  ])
  // The same PoolManager lends and trades: it is unlocked already.
  await expectProfit(
    stage,
    token,
    [venue.hop(token, weth), cheap.hop(weth, token)],
    { kind: 'uniswapV4', address: venue.address, lendsToken1: false },
  )
})

test('a V3 pool lends its token1', async () => {
  const stage = await createStage()
  const { chain, tokens } = stage
  const [token0, token1] = tokens
  const pool = await v3Venue(chain, token0, token1)
  const cheap = await pairVenue(chain, token0, token1, 100n)
  const dear = await pairVenue(chain, token0, token1, 120n)
  await expectProfit(
    stage,
    token1,
    [cheap.hop(token1, token0), dear.hop(token0, token1)],
    { kind: 'uniswapV3', address: pool.address, lendsToken1: true },
  )
})

test('a V3 pool that lends the other token than the plan says is not repaid with ours', async () => {
  const { lost, told } = await attackReal(
    async ({ chain, executor, tokens }) => {
      const [token0, token1] = tokens
      const pool = await v3Venue(chain, token0, token1)
      const cheap = await pairVenue(chain, token0, token1, 100n)
      const dear = await pairVenue(chain, token0, token1, 120n)
      const plan = packPlan({
        token: token1.address,
        amountIn: unit,
        lender: {
          kind: 'uniswapV3',
          address: pool.address,
          lendsToken1: false,
        },
        hops: [cheap.hop(token1, token0), dear.hop(token0, token1)],
      })
      return executor.attempt('execute', [plan], { from: operator })
    },
  )
  expect(lost).toEqual([])
  expect(told.error).toMatch(/^LoanFailed/)
})

/** A PoolManager of ours is asked for a swap; it unlocks with what `altered` makes of the data. */
async function askPuppet(
  stage: Stage,
  altered: boolean,
): Promise<readonly string[]> {
  const { chain, executor, tokens } = stage
  const [token, other] = tokens
  const manager = await createPuppet(chain)
  const giver = await generousPool(stage, other, unit)
  const receiver: Hex = altered ? manager.address : executor.address
  const data = words(
    ['tuple(tuple(address,address,uint24,int24,address),bool,uint256,address)'],
    [[[token.address, other.address, 3000, 60, zero], false, unit, receiver]],
  )
  await manager.play(functions.managerSwap, [], {
    kind: 'returns',
    answer: words(['uint256'], [0]),
  })
  await manager.play(functions.settle, [], {
    kind: 'returns',
    answer: words(['uint256'], [0]),
  })
  await manager.play(functions.unlock, [
    { to: executor.address, data: executor.encode('unlockCallback', [data]) },
  ])
  const plan = packPlan({
    token: token.address,
    amountIn: 0n,
    hops: [
      v2Hop({ target: giver.address, tokenOut: other.address, amountOut: 1n }),
      v4Hop({
        target: manager.address,
        tokenOut: token.address,
        zeroForOne: false,
      }),
    ],
  })
  await executor.send('execute', [plan], { from: operator })
  return manager.results()
}

test('a PoolManager unlocks for another swap than was asked for', async () => {
  const { lost, told } = await attackReal((stage) => askPuppet(stage, true))
  expect(lost).toEqual([])
  expect(told[0]).toMatch(/^UnexpectedCallback/)
})

test('a PoolManager wants nothing and gives nothing', async () => {
  const { lost, told } = await attackReal((stage) => askPuppet(stage, false))
  expect(lost).toEqual([])
  expect(told).toEqual(['done'])
})
