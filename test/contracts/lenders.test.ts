import { expect, test } from 'vitest'
import type { ExecutorPlan, LenderKind } from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal, provesItself } from './support/attack.ts'
import { operator } from './support/chain.ts'
import { packPlan, v2Hop, v3Hop, zero } from './support/plans.ts'
import { createPuppet, functions, type Puppet } from './support/puppets.ts'
import { createStage, losses, type Stage, treasure } from './support/stage.ts'
import { pairVenue, v3Venue, v4Venue, vaultVenue } from './support/venues.ts'

const unit = 10n ** 18n

/** How a lender is asked and how it calls back; `fee` where it may ask for one. */
type Kind = {
  readonly kind: LenderKind
  readonly asked: string
  callback(stage: Stage, plan: Hex, fee: bigint): Hex
  readonly hasFee: boolean
}

const kinds: readonly Kind[] = [
  {
    kind: 'balancerV2',
    asked: functions.balancerFlashLoan,
    hasFee: true,
    callback: ({ executor }, plan, fee) =>
      executor.encode('receiveFlashLoan', [[], [], [fee], plan]),
  },
  {
    kind: 'morpho',
    asked: functions.morphoFlashLoan,
    hasFee: false,
    callback: ({ executor }, plan) =>
      executor.encode('onMorphoFlashLoan', [0n, plan]),
  },
  {
    kind: 'aaveV3',
    asked: functions.aaveFlashLoan,
    hasFee: true,
    callback: ({ executor }, plan, fee) =>
      executor.encode('executeOperation', [
        zero,
        0n,
        fee,
        executor.address,
        plan,
      ]),
  },
  {
    kind: 'uniswapV3',
    asked: functions.poolFlash,
    hasFee: true,
    callback: ({ executor }, plan, fee) =>
      executor.encode('algebraFlashCallback', [fee, 0n, plan]),
  },
  {
    kind: 'v2FlashSwap',
    asked: functions.pairSwap,
    hasFee: false,
    callback: ({ executor }, plan) =>
      executor.encode('hook', [zero, 0n, 0n, plan]),
  },
  {
    kind: 'uniswapV4',
    asked: functions.unlock,
    hasFee: false,
    callback: ({ executor }, plan) => executor.encode('unlockCallback', [plan]),
  },
  {
    kind: 'balancerV3',
    asked: functions.unlock,
    hasFee: false,
    callback: ({ executor }, plan) =>
      executor.encode('balancerV3UnlockCallback', [plan]),
  },
]

type Cast = {
  readonly lender: Puppet
  readonly plan: Hex
  /** What an honest lender does first. */
  readonly lend: { readonly to: Hex; readonly data: Hex }
}

/** A plan that borrows ten units and earns one, and who lends. */
async function cast(stage: Stage, kind: LenderKind): Promise<Cast> {
  const { chain, executor, tokens } = stage
  const [token] = tokens
  const lender = await createPuppet(chain)
  const generous = await createPuppet(chain)
  for (const each of [lender, generous])
    await token.send('mint', [each.address, treasure])
  const pay = (amount: bigint) => ({
    to: token.address,
    data: token.encode('transfer', [executor.address, amount]),
  })
  await generous.play(functions.poolSwap, [
    pay(11n * unit),
    {
      to: executor.address,
      data: executor.encode('pancakeV3SwapCallback', [10n * unit, -1n, '0x']),
    },
  ])
  const hop = v3Hop({ target: generous.address, tokenOut: token.address })
  const last = v2Hop({
    target: lender.address,
    tokenOut: token.address,
    amountOut: 10n * unit,
    zeroForOne: false,
  })
  const isPair = kind === 'v2FlashSwap'
  const terms: Partial<ExecutorPlan> = {
    lender: {
      kind,
      address: isPair ? zero : lender.address,
      lendsToken1: false,
    },
  }
  const plan = packPlan({
    token: token.address,
    amountIn: 10n * unit,
    // The pair is paid directly by the hop before it, which here pays us.
    hops: isPair ? [hop, last] : [hop],
    ...terms,
  })
  return { lender, plan, lend: pay(10n * unit) }
}

const each = kinds.map((kind) => [kind.kind, kind] as const)

/** Those that pull what they are owed take it after the callback. */
function pull(
  { executor, tokens }: Stage,
  lender: Puppet,
  amount: bigint,
): { readonly to: Hex; readonly data: Hex } {
  return {
    to: tokens[0].address,
    data: tokens[0].encode('transferFrom', [
      executor.address,
      lender.address,
      amount,
    ]),
  }
}

test.each(each)(
  '%s: honest, it is repaid and the rest is kept',
  async (_, { kind, asked, callback }) => {
    const stage = await createStage()
    const { lender, plan, lend } = await cast(stage, kind)
    const steps = [
      ...(kind === 'uniswapV4' || kind === 'balancerV3' ? [] : [lend]),
      { to: stage.executor.address, data: callback(stage, plan, 0n) },
      ...(kind === 'morpho' || kind === 'aaveV3'
        ? [pull(stage, lender, 10n * unit)]
        : []),
    ]
    await lender.play(functions.take, [lend])
    await lender.play(functions.sendTo, [lend])
    await lender.play(functions.settle, [], {
      kind: 'returns',
      answer: `0x${'00'.repeat(32)}`,
    })
    await lender.play(functions.vaultSettle, [], {
      kind: 'returns',
      answer: `0x${'00'.repeat(32)}`,
    })
    await lender.play(asked, steps)
    const before = await stage.holdings()
    await stage.executor.send('execute', [plan], { from: operator })
    const after = await stage.holdings()
    const { address } = stage.tokens[0]
    // A pair that is paid by somebody else lets us keep what it lent, too.
    expect(after[address]! - before[address]!).toBe(
      kind === 'v2FlashSwap' ? 11n * unit : unit,
    )
  },
)

test.each(each)('A20 %s: never calls back', async (_, { kind }) => {
  const { lost, told } = await attackReal(async (stage) => {
    const { plan } = await cast(stage, kind)
    return stage.executor.attempt('execute', [plan], { from: operator })
  })
  expect(lost).toEqual([])
  expect(told.error).toBe('LoanMissing()')
})

test.each(each)('A20 %s: paused', async (_, { kind, asked }) => {
  const { lost, told } = await attackReal(async (stage) => {
    const { lender, plan } = await cast(stage, kind)
    await lender.play(asked, [], { kind: 'reverts', answer: '0x50a0' })
    return stage.executor.attempt('execute', [plan], { from: operator })
  })
  expect(lost).toEqual([])
  expect(told.error).toBe('LoanFailed(0x50a0)')
})

test.each(each.filter(([, { hasFee }]) => hasFee))(
  'A20 %s: charges more than the trade earns',
  async (_, { kind, asked, callback }) => {
    const { told } = await provesItself('noProfitCheck', async (stage) => {
      const { lender, plan, lend } = await cast(stage, kind)
      await lender.play(asked, [
        lend,
        { to: stage.executor.address, data: callback(stage, plan, 2n * unit) },
        ...(kind === 'aaveV3' ? [pull(stage, lender, 12n * unit)] : []),
      ])
      return stage.executor.attempt('execute', [plan], { from: operator })
    })
    expect(told.error).toBe(`ProfitTooLow(${-unit},0)`)
  },
)

test.each(each)(
  'A20 %s: lends nothing and wants it back',
  async (_, { kind, asked, callback }) => {
    const { lost } = await attackReal(async (stage) => {
      const { lender, plan } = await cast(stage, kind)
      const answer: Hex = `0x${'00'.repeat(32)}`
      for (const name of [functions.settle, functions.vaultSettle])
        await lender.play(name, [], { kind: 'returns', answer })
      await lender.play(asked, [
        { to: stage.executor.address, data: callback(stage, plan, 0n) },
        pull(stage, lender, 10n * unit),
      ])
      return stage.executor.attempt('execute', [plan], { from: operator })
    })
    expect(lost).toEqual([])
  },
)

test.each(each)(
  '%s: calls back twice, by every function, and enters again',
  async (_, { kind, asked, callback }) => {
    const { lost, told } = await attackReal(async (stage) => {
      const { executor } = stage
      const { lender, plan, lend } = await cast(stage, kind)
      await executor.send('addOperator', [lender.address])
      const answer: Hex = `0x${'00'.repeat(32)}`
      for (const name of [functions.settle, functions.vaultSettle])
        await lender.play(name, [], { kind: 'returns', answer })
      const to = executor.address
      await lender.play(asked, [
        lend,
        { to, data: executor.encode('execute', [plan]) },
        ...kinds
          .filter((other) => other.kind !== kind)
          .map((other) => ({ to, data: other.callback(stage, plan, 0n) })),
        { to, data: callback(stage, plan, 0n) },
        { to, data: callback(stage, plan, 0n) },
        ...(kind === 'aaveV3' || kind === 'morpho'
          ? [pull(stage, lender, 10n * unit)]
          : []),
      ])
      await executor.attempt('execute', [plan], { from: operator })
      return lender.results()
    })
    expect(lost).toEqual([])
    // Only one of the two right ones was heard; a PoolManager's own settling stands between them.
    const heard = told.filter((result) => result === 'done').length
    const refused = told.filter((result) => /^Unexpected/.test(result)).length
    expect(told[1]).toBe('ReentrancyGuardReentrantCall()')
    expect(heard).toBeGreaterThan(0)
    expect(refused).toBeGreaterThanOrEqual(kinds.length)
  },
)

test('Aave: somebody else asked for the loan, in our name', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const { executor } = stage
    const { lender, plan, lend } = await cast(stage, 'aaveV3')
    const data = executor.encode('executeOperation', [
      zero,
      0n,
      0n,
      lender.address,
      plan,
    ])
    await lender.play(functions.aaveFlashLoan, [
      lend,
      { to: executor.address, data },
    ])
    const { error } = await executor.attempt('execute', [plan], {
      from: operator,
    })
    return error
  })
  expect(lost).toEqual([])
  expect(told).toBe('LoanMissing()')
})

test('A20 genuine: the Vault of Balancer V2, a V3 pool and a PoolManager that have less than is asked for', async () => {
  const stage = await createStage()
  const { chain, executor, tokens } = stage
  const [token, other] = tokens
  const pool = await v3Venue(chain, token, other)
  const vault = await vaultVenue(chain, token, other)
  const manager = await v4Venue(chain, token, other)
  const pair = await pairVenue(chain, token, other, 100n)
  const before = await stage.holdings()
  for (const [kind, { address }] of [
    ['balancerV2', vault],
    ['uniswapV3', pool],
    ['uniswapV4', manager],
  ] as const) {
    const plan = packPlan({
      token: token.address,
      amountIn: 10n ** 30n,
      lender: { kind, address, lendsToken1: false },
      hops: [pair.hop(token, other), pair.hop(other, token)],
    })
    const { error } = await executor.attempt('execute', [plan], {
      from: operator,
    })
    expect(error, kind).toMatch(/^LoanFailed/)
  }
  expect(losses(before, await stage.holdings())).toEqual([])
})

test('A11 genuine: the hook of a V4 pool calls back and trades at every function there is', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const { chain, executor, tokens } = stage
    const [token, other] = tokens
    const code = (await createPuppet(chain)).address
    // beforeSwap and afterSwap stand in the low bits of a hook's address.
    const hook: Hex = '0x00000000000000000000000000000000000100c0'
    const bytecode = await chain.embedded.request('eth_getCode', [code])
    await chain.embedded.request('hardhat_setCode', [hook, bytecode])
    const puppetAbi = chain.at({ abi: (await createPuppet(chain)).abi }, hook)
    const venue = await v4Venue(chain, token, other, hook)
    const cheap = await pairVenue(chain, token, other, 200n)
    await executor.send('addOperator', [hook])
    const plan = packPlan({
      token: token.address,
      amountIn: unit,
      hops: [cheap.hop(token, other), venue.hop(other, token)],
    })
    const key = '(address,address,uint24,int24,address),(bool,int256,uint160)'
    const steps = [
      executor.encode('execute', [plan]),
      executor.encode('unlockCallback', [plan]),
      executor.encode('uniswapV3SwapCallback', [unit, 0n, '0x']),
      executor.encode('balancerV3UnlockCallback', [plan]),
    ].map((data) => [executor.address, 0n, data])
    const { id, AbiCoder } = await import('ethers')
    const coder = AbiCoder.defaultAbiCoder()
    const before = id(`beforeSwap(address,${key},bytes)`).slice(0, 10)
    const after = id(`afterSwap(address,${key},int256,bytes)`).slice(0, 10)
    await puppetAbi.send('play', [
      before,
      steps,
      0,
      coder.encode(['bytes4', 'int256', 'uint24'], [before, 0, 0]),
    ])
    await puppetAbi.send('play', [
      after,
      steps,
      0,
      coder.encode(['bytes4', 'int128'], [after, 0]),
    ])
    await executor.send('execute', [plan], { from: operator })
    const results = (await puppetAbi.read('results')) as readonly {
      readonly success: boolean
    }[]
    return results.map(({ success }) => success)
  })
  expect(lost).toEqual([])
  expect(told).toEqual(Array.from({ length: 8 }, () => false))
})
