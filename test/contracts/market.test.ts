import { expect, test } from 'vitest'
import { publishedArtifact } from '../../src/adapters/protocols/artifact.ts'
import { pairArtifact } from '../../src/adapters/protocols/pairs.ts'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal, attackWeakened, provesItself } from './support/attack.ts'
import { type Contract, operator, stranger } from './support/chain.ts'
import { testArtifact } from './support/compile.ts'
import { generousPool } from './support/generousPool.ts'
import { packPlan, v2Hop, v3Hop, zero } from './support/plans.ts'
import { createPuppet, functions, type Puppet } from './support/puppets.ts'
import { createStage, losses, type Stage, treasure } from './support/stage.ts'

const unit = 10n ** 18n
const byOperator = { from: operator }

/** Genuine Uniswap V2 pairs of two factories: what they ask for a token differs by `gap` percent. */
async function twoPairs(
  { chain, tokens }: Stage,
  gap: bigint,
  pairTokens: readonly [Contract, Contract] = [tokens[0], tokens[1]],
): Promise<readonly [Contract, Contract]> {
  const factoryArtifact = publishedArtifact(
    '@uniswap/v2-core',
    'build/UniswapV2Factory.json',
  )
  const pairs: Contract[] = []
  for (const percent of [100n + gap, 100n]) {
    const factory = await chain.deploy(factoryArtifact, [zero])
    const addresses = pairTokens.map(({ address }) => address)
    await factory.send('createPair', addresses)
    const pair = chain.at(
      pairArtifact(),
      await factory.read('getPair', addresses),
    )
    await pairTokens[0].send('mint', [pair.address, 100n * unit])
    await pairTokens[1].send('mint', [pair.address, percent * unit])
    await pair.send('mint', [stranger])
    pairs.push(pair)
  }
  return [pairs[0]!, pairs[1]!]
}

/** Sells token0 dear, buys it back cheap. */
function roundTrip(
  stage: Stage,
  pairs: readonly [Contract, Contract],
  changes: Partial<Parameters<typeof packPlan>[0]> = {},
  other: Contract = stage.tokens[1],
): Hex {
  return packPlan({
    token: stage.tokens[0].address,
    amountIn: unit,
    hops: [
      v2Hop({ target: pairs[0].address, tokenOut: other.address }),
      v2Hop({
        target: pairs[1].address,
        tokenOut: stage.tokens[0].address,
        zeroForOne: false,
      }),
    ],
    ...changes,
  })
}

/** Somebody sells token0 to a pair before us, so that what we meant to gain is gone. */
async function sellBefore(
  { tokens }: Stage,
  pair: Contract,
  amount: bigint,
): Promise<void> {
  await tokens[0].send('mint', [pair.address, amount])
  const [reserve0, reserve1] = await Promise.all([
    tokens[0].read('balanceOf', [pair.address]),
    tokens[1].read('balanceOf', [pair.address]),
  ])
  const fee = amount * 997n
  const out = (fee * reserve1) / ((reserve0 - amount) * 1000n + fee)
  await pair.send('swap', [0n, out, stranger, '0x'])
}

test('A9 a salmonella token that is clean in a call without a gas price', async () => {
  const attack = async (stage: Stage) => {
    const { chain, executor, tokens } = stage
    const hostile = await chain.deploy(testArtifact('HostileToken'))
    const pair = BigInt(hostile.address) > BigInt(tokens[0].address)
    const ordered: [Contract, Contract] = pair
      ? [tokens[0], hostile]
      : [hostile, tokens[0]]
    const pairs = await twoPairs(stage, 0n, ordered)
    // token0 is dear in the second pair, whichever side it stands on.
    await tokens[0].send('mint', [pairs[1].address, 50n * unit])
    await pairs[1].send('sync')
    await hostile.send('turn', [19, zero])
    const plan = packPlan({
      token: tokens[0].address,
      amountIn: unit,
      hops: [
        v2Hop({
          target: pairs[0].address,
          tokenOut: hostile.address,
          zeroForOne: pair,
        }),
        v2Hop({
          target: pairs[1].address,
          tokenOut: tokens[0].address,
          zeroForOne: !pair,
        }),
      ],
    })
    const data = executor.encode('execute', [plan])
    const simulated = await chain.embedded
      .request('eth_call', [{ from: operator, to: executor.address, data }])
      .then(
        () => 'gain',
        () => 'loss',
      )
    const sent = await executor.attempt('execute', [plan], byOperator)
    return { simulated, sent }
  }
  const { told } = await provesItself('noProfitCheck', attack)
  expect(told.simulated).toBe('gain')
  expect(told.sent.success).toBe(false)
})

test('A12 our transaction is sandwiched: the price is moved before it', async () => {
  const { told } = await provesItself('noProfitCheck', async (stage) => {
    const pairs = await twoPairs(stage, 10n)
    const plan = roundTrip(stage, pairs)
    await sellBefore(stage, pairs[0], 20n * unit)
    return stage.executor.attempt('execute', [plan], byOperator)
  })
  expect(told.error).toMatch(/^ProfitTooLow\(-/)
})

test('A12 one wei below the least profit is too little, the least profit is enough', async () => {
  const stage = await createStage()
  const { chain, executor } = stage
  const pairs = await twoPairs(stage, 10n)
  const data = executor.encode('execute', [roundTrip(stage, pairs)])
  const result = (await chain.embedded.request('eth_call', [
    { from: operator, to: executor.address, data },
  ])) as Hex
  const [profit] = executor.abi.decodeFunctionResult('execute', result)
  expect(profit).toBeGreaterThan(0n)
  const tooMuch = roundTrip(stage, pairs, { minProfit: profit + 1n })
  expect((await executor.attempt('execute', [tooMuch], byOperator)).error).toBe(
    `ProfitTooLow(${profit},${profit + 1n})`,
  )
  const before = await stage.holdings()
  const exact = roundTrip(stage, pairs, { minProfit: profit })
  await executor.send('execute', [exact], byOperator)
  const after = await stage.holdings()
  const { address } = stage.tokens[0]
  expect(after[address]! - before[address]!).toBe(profit)
})

test('A12 a hop below its own least amount', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const { executor, tokens, chain } = stage
    const pool = await createPuppet(chain)
    const plan = packPlan({
      token: tokens[0].address,
      amountIn: 0n,
      hops: [
        v3Hop({
          target: pool.address,
          tokenOut: tokens[1].address,
          amountOut: 5n,
        }),
        v3Hop({ target: pool.address, tokenOut: tokens[0].address }),
      ],
    })
    return executor.attempt('execute', [plan], byOperator)
  })
  expect(lost).toEqual([])
  expect(told.error).toBe('HopShort(0,0,5)')
})

test('A13 the block producer leaves out the transaction that ours was to follow', async () => {
  const { told } = await provesItself('noProfitCheck', async (stage) => {
    // Ours buys back what the victim would have made cheap. Alone it loses the fees.
    const pairs = await twoPairs(stage, 0n)
    return stage.executor.attempt(
      'execute',
      [roundTrip(stage, pairs)],
      byOperator,
    )
  })
  expect(told.error).toMatch(/^ProfitTooLow\(-/)
})

test('A16 the chain is reorganised between simulation and inclusion', async () => {
  const { told } = await provesItself('noProfitCheck', async (stage) => {
    const { chain, executor } = stage
    const pairs = await twoPairs(stage, 10n)
    const plan = roundTrip(stage, pairs)
    const data = executor.encode('execute', [plan])
    const fork = await chain.snapshot()
    await chain.embedded.request('eth_call', [
      { from: operator, to: executor.address, data },
    ])
    await chain.restore(fork)
    // The other branch holds a trade that the first did not.
    await sellBefore(stage, pairs[0], 20n * unit)
    return executor.attempt('execute', [plan], byOperator)
  })
  expect(told.success).toBe(false)
})

test('A15 a plan is sent again after it has earned, by its operator and by a stranger', async () => {
  const { told } = await provesItself('noProfitCheck', async (stage) => {
    const { executor } = stage
    const pairs = await twoPairs(stage, 10n)
    const plan = roundTrip(stage, pairs, { amountIn: 2n * unit })
    const errors: string[] = []
    for (const from of [operator, operator, operator, stranger]) {
      const outcome = await executor.attempt('execute', [plan], { from })
      errors.push(outcome.success ? 'done' : outcome.error)
    }
    return errors
  })
  expect(told[0]).toBe('done')
  expect(told[2]).toMatch(/^ProfitTooLow\(-/)
  expect(told[3]).toMatch(/^NotOperator/)
})

/** A profit of one unit of WETH, of which a tenth is tipped to a puppet. */
async function tippedPlan(
  stage: Stage,
  to: Hex,
  token: Contract = stage.weth,
): Promise<Hex> {
  const pool = await generousPool(stage, token, unit)
  return packPlan({
    token: token.address,
    amountIn: 0n,
    tip: { bps: 1000, to },
    hops: [
      v2Hop({ target: pool.address, tokenOut: token.address, amountOut: 1n }),
    ],
  })
}

test('A14 who is tipped burns all gas it gets', async () => {
  const attack = async (stage: Stage) => {
    const glutton = await createPuppet(stage.chain)
    await glutton.play('', [], { kind: 'burns' })
    const plan = await tippedPlan(stage, glutton.address)
    return stage.executor.attempt('execute', [plan], {
      ...byOperator,
      gas: 2_000_000n,
    })
  }
  const weakened = await attackWeakened('unlimitedTipGas', attack)
  expect(weakened.told.gasUsed).toBeGreaterThan(1_900_000n)
  const { told, lost } = await attackReal(attack)
  expect(lost).toEqual([])
  expect(told.error).toMatch(/^TipFailed/)
  expect(told.gasUsed).toBeLessThan(1_000_000n)
})

test('A14 who is tipped refuses, returns a bomb, or calls back', async () => {
  for (const kind of ['reverts', 'revertBomb', 'returnBomb'] as const) {
    const { lost, told } = await attackReal(async (stage) => {
      const recipient = await createPuppet(stage.chain)
      await recipient.play('', [], { kind })
      const plan = await tippedPlan(stage, recipient.address)
      return stage.executor.attempt('execute', [plan], byOperator)
    })
    expect(lost).toEqual([])
    expect(told.error).toMatch(/^TipFailed/)
  }
  const { lost, told } = await attackReal(async (stage) => {
    const recipient = await createPuppet(stage.chain)
    const { executor } = stage
    await executor.send('addOperator', [recipient.address])
    const plan = await tippedPlan(stage, recipient.address)
    await recipient.play('', [
      { to: executor.address, data: executor.encode('execute', [plan]) },
    ])
    return executor.attempt('execute', [plan], byOperator)
  })
  expect(lost).toEqual([])
  // 30,000 gas is not enough to call back and keep a record of it.
  expect(told.error).toMatch(/^TipFailed/)
})

test('A14 a tip is a share of the real profit, paid to whom the plan names, or to the producer', async () => {
  const stage = await createStage()
  const { chain, executor } = stage
  const builder: Hex = '0x00000000000000000000000000000000000000bb'
  const before = await stage.holdings()
  await executor.send('execute', [await tippedPlan(stage, builder)], byOperator)
  expect(await chain.balance(builder)).toBe(unit / 10n)
  const producer: Hex = '0x00000000000000000000000000000000000000c0'
  const earned = await chain.balance(producer)
  await executor.send('execute', [await tippedPlan(stage, zero)], byOperator)
  expect(await chain.balance(producer)).toBeGreaterThanOrEqual(
    earned + unit / 10n,
  )
  const after = await stage.holdings()
  const { address } = stage.weth
  expect(after[address]! - before[address]!).toBe((unit * 9n) / 5n)
  expect(losses(before, after)).toEqual([])
})

test('A14 a tip out of a profit in another token, or that takes too much of it', async () => {
  const stage = await createStage()
  const { executor, tokens } = stage
  const other = await tippedPlan(stage, stranger, tokens[0])
  expect(
    (await executor.attempt('execute', [other], byOperator)).error,
  ).toMatch(/^TipFailed/)
  const pool = await generousPool(stage, stage.weth, unit)
  const greedy = packPlan({
    token: stage.weth.address,
    amountIn: 0n,
    minProfit: unit,
    tip: { bps: 1, to: stranger },
    hops: [
      v2Hop({
        target: pool.address,
        tokenOut: stage.weth.address,
        amountOut: 1n,
      }),
    ],
  })
  expect((await executor.attempt('execute', [greedy], byOperator)).error).toBe(
    `ProfitTooLow(${unit - unit / 10_000n},${unit})`,
  )
})

test('A11 a pool enters again and spends the profit that the inner plan kept', async () => {
  const attack = async (stage: Stage) => {
    const { chain, executor, tokens } = stage
    const [token, other] = tokens
    // The inner plan earns a unit of `other`, once.
    const pool = await generousPool(stage, other, unit)
    await executor.send('addOperator', [pool.address])
    const inner = packPlan({
      token: other.address,
      amountIn: 0n,
      minProfit: unit,
      hops: [
        v2Hop({ target: pool.address, tokenOut: other.address, amountOut: 1n }),
      ],
    })
    // To the outer plan the same unit looks like what its first hop brought; its second hop sells it for nothing.
    await pool.play(functions.poolSwap, [
      { to: executor.address, data: executor.encode('execute', [inner]) },
    ])
    const taker = await createPuppet(chain)
    await taker.play(functions.poolSwap, [
      {
        to: executor.address,
        data: executor.encode('uniswapV3SwapCallback', [unit, -1n, '0x']),
      },
    ])
    const outer = packPlan({
      token: token.address,
      amountIn: 0n,
      hops: [
        v3Hop({ target: pool.address, tokenOut: other.address }),
        v3Hop({ target: taker.address, tokenOut: token.address }),
      ],
    })
    const before = await other.read('balanceOf', [executor.address])
    const { logs } = await executor.attempt('execute', [outer], byOperator)
    const after = await other.read('balanceOf', [executor.address])
    let promised = 0n
    for (const log of logs) {
      const event = executor.abi.parseLog(log)
      if (
        event?.name === 'Executed' &&
        event.args.getValue('token').toLowerCase() === other.address
      )
        promised += event.args.getValue('profit')
    }
    return {
      missing: before + promised - after,
      inner: (await pool.results())[0],
    }
  }
  const weakened = await attackWeakened('reentrant', attack)
  expect(weakened.told.missing).toBe(unit)
  const { told, lost } = await attackReal(attack)
  expect(told).toEqual({ missing: 0n, inner: 'ReentrancyGuardReentrantCall()' })
  expect(lost).toEqual([])
})

test('A11 a token calls back from within a transfer, at every function there is', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const { chain, executor, tokens } = stage
    const hostile = await chain.deploy(testArtifact('HostileToken'))
    const thief = await createPuppet(chain)
    await executor.send('addOperator', [thief.address])
    await hostile.send('mint', [executor.address, treasure])
    const plan = packPlan({
      token: hostile.address,
      amountIn: unit,
      hops: [
        v2Hop({
          target: thief.address,
          tokenOut: hostile.address,
          amountOut: 1n,
        }),
      ],
    })
    const steps = [
      executor.encode('execute', [plan]),
      executor.encode('uniswapV2Call', [thief.address, 0n, 0n, plan]),
      executor.encode('uniswapV3SwapCallback', [unit, 0n, '0x']),
      executor.encode('uniswapV3FlashCallback', [0n, 0n, plan]),
      executor.encode('unlockCallback', [plan]),
      executor.encode('onMorphoFlashLoan', [unit, plan]),
      executor.encode('withdraw', [tokens[0].address, thief.address, unit]),
    ]
    await thief.play(
      'moved(address,address,uint256)',
      steps.map((data) => ({ to: executor.address, data })),
    )
    // It pays back what it was sent, so that the plan succeeds and the attacks stand in the record.
    await thief.play(functions.pairSwap, [
      {
        to: hostile.address,
        data: hostile.encode('transfer', [executor.address, unit]),
      },
    ])
    await hostile.send('turn', [9, thief.address])
    await executor.send('execute', [plan], byOperator)
    return thief.results()
  })
  expect(lost).toEqual([])
  expect(told.filter((result) => result === 'done')).toHaveLength(1)
  expect(told.slice(0, 7)).toEqual([
    'ReentrancyGuardReentrantCall()',
    ...Array.from({ length: 5 }, () => expect.stringMatching(/^Unexpected/)),
    expect.stringMatching(/^OwnableUnauthorizedAccount/),
  ])
})

test('A11 read-only: a plan runs in the middle of a flash swap, when reserves are not what the pair owns', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const { chain, executor, tokens } = stage
    const pairs = await twoPairs(stage, 10n)
    const borrower = await createPuppet(chain)
    await executor.send('addOperator', [borrower.address])
    await tokens[1].send('mint', [borrower.address, unit])
    await borrower.play('uniswapV2Call(address,uint256,uint256,bytes)', [
      {
        to: executor.address,
        data: executor.encode('execute', [roundTrip(stage, pairs)]),
      },
      {
        to: tokens[1].address,
        data: tokens[1].encode('transfer', [pairs[0].address, 51n * unit]),
      },
    ])
    await borrower.send('act', [
      pairs[0].address,
      0n,
      pairs[0].encode('swap', [0n, 50n * unit, borrower.address, '0x01']),
    ])
    return borrower.results()
  })
  expect(lost).toEqual([])
  expect(told[0]).toBe('HopFailed(0,Error(UniswapV2: LOCKED))')
})

/** Asks a pool for a token, and sells it nothing. */
function planThrough(pool: Puppet, token: Contract): Hex {
  return packPlan({
    token: token.address,
    amountIn: 0n,
    hops: [
      v2Hop({ target: pool.address, tokenOut: token.address, amountOut: 1n }),
    ],
  })
}

test('A18 a pool reverts, or returns, with a megabyte', async () => {
  const attack =
    (kind: 'revertBomb' | 'returnBomb') =>
    async ({ chain, executor, tokens }: Stage) => {
      const pool = await createPuppet(chain)
      await pool.play(functions.pairSwap, [], { kind })
      const plan = planThrough(pool, tokens[0])
      return executor.attempt('execute', [plan], byOperator)
    }
  const copied = await attackWeakened('copiesBombs', attack('revertBomb'))
  const real = await attackReal(attack('revertBomb'))
  expect(real.lost).toEqual([])
  // The pool's own memory costs 2.2 million either way.
  expect(copied.told.gasUsed - real.told.gasUsed).toBeGreaterThan(2_000_000n)
  expect(real.told.error).toMatch(/^HopFailed\(0,/)
  const { told, lost } = await attackReal(attack('returnBomb'))
  expect(lost).toEqual([])
  expect(told.success).toBe(true)
})

test('A18 a pool burns all gas', async () => {
  const { lost, told } = await attackReal(
    async ({ chain, executor, tokens }) => {
      const pool = await createPuppet(chain)
      await pool.play(functions.pairSwap, [], { kind: 'burns' })
      const plan = planThrough(pool, tokens[0])
      return executor.attempt('execute', [plan], {
        ...byOperator,
        gas: 2_000_000n,
      })
    },
  )
  expect(lost).toEqual([])
  expect(told.success).toBe(false)
})

test('A18 gifts of tokens and forced coins change neither profit nor result', async () => {
  const profitAfter = async (gift: (stage: Stage) => Promise<void>) => {
    const stage = await createStage()
    const pairs = await twoPairs(stage, 10n)
    await gift(stage)
    const before = await stage.holdings()
    await stage.executor.send('execute', [roundTrip(stage, pairs)], byOperator)
    const after = await stage.holdings()
    expect(losses(before, after)).toEqual([])
    const { address } = stage.tokens[0]
    return after[address]! - before[address]!
  }
  const plain = await profitAfter(async () => {})
  const given = await profitAfter(async ({ chain, executor, tokens }) => {
    for (const token of tokens)
      await token.send('mint', [executor.address, 7n * unit])
    await chain.deploy(testArtifact('NaiveBot', 'Forcer'), [executor.address], {
      value: unit,
    })
  })
  expect(given).toBe(plain)
  expect(plain).toBeGreaterThan(0n)
})
