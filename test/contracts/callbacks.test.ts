import { expect, test } from 'vitest'
import { type LenderKind, lenderKinds } from '../../src/contracts/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal, provesItself } from './support/attack.ts'
import { type Contract, operator, stranger } from './support/chain.ts'
import { testArtifact } from './support/compile.ts'
import { generousPool } from './support/generousPool.ts'
import {
  balancerHop,
  packPlan,
  solidlyHop,
  v2Hop,
  v3Hop,
  v4Hop,
  zero,
} from './support/plans.ts'
import { createPuppet, functions, words } from './support/puppets.ts'
import { createStage, type Stage, treasure } from './support/stage.ts'

const unit = 10n ** 18n
const unexpected = /^UnexpectedCallback/

/** A plan that pays a thief: its only hop is a "pair" that keeps what it is given. */
function payingPlan(
  token: Contract,
  thief: Hex,
  kind: LenderKind = 'v2FlashSwap',
): Hex {
  return packPlan({
    lender: { kind, address: thief, lendsToken1: false },
    token: token.address,
    amountIn: treasure / 2n,
    hops: [
      v2Hop({ target: thief, tokenOut: token.address, amountOut: 1n }),
      v2Hop({ target: thief, tokenOut: token.address, amountOut: 1n }),
    ],
  })
}

/** Every callback of every protocol, with a plan that would pay the caller. */
function allCallbacks(stage: Stage, plan: Hex): readonly Hex[] {
  const { executor, tokens } = stage
  const flash = [executor.address, 0n, 0n, plan]
  const big = treasure
  return [
    ...['uniswapV2Call', 'pancakeCall', 'joeCall', 'hook'].map((name) =>
      executor.encode(name, flash),
    ),
    ...['uniswapV3', 'pancakeV3', 'algebra'].flatMap((name) => [
      executor.encode(`${name}SwapCallback`, [big, -1n, plan]),
      executor.encode(`${name}SwapCallback`, [-1n, big, plan]),
      executor.encode(`${name}FlashCallback`, [0n, 0n, plan]),
    ]),
    executor.encode('unlockCallback', [plan]),
    executor.encode('balancerV3UnlockCallback', [plan]),
    executor.encode('onMorphoFlashLoan', [big, plan]),
    executor.encode('receiveFlashLoan', [[], [], [0n], plan]),
    executor.encode('executeOperation', [
      tokens[0].address,
      big,
      0n,
      executor.address,
      plan,
    ]),
  ]
}

test('A1 strangers call the V2 callbacks directly', async () => {
  const { told } = await provesItself('openCallbacks', async (stage) => {
    const thief = await createPuppet(stage.chain)
    const plan = payingPlan(stage.tokens[0], thief.address)
    const data = stage.executor.encode('uniswapV2Call', [
      thief.address,
      0n,
      treasure,
      plan,
    ])
    return stage.chain.attempt(stage.executor.address, data, { from: stranger })
  })
  expect(told.error).toMatch(unexpected)
})

test('A1 strangers call every callback there is, outside of any plan', async () => {
  const { lost, told } = await attackReal(async (stage) => {
    const thief = await createPuppet(stage.chain)
    const errors: string[] = []
    for (const data of allCallbacks(
      stage,
      payingPlan(stage.tokens[0], thief.address),
    )) {
      const { error } = await stage.chain.attempt(
        stage.executor.address,
        data,
        { from: stranger },
      )
      errors.push(error)
    }
    return errors
  })
  expect(lost).toEqual([])
  expect(told).toHaveLength(18)
  for (const error of told) expect(error).toMatch(unexpected)
})

test('A1-A6, A8, A17 every hole that real bots were drained through drains a bot that has it', async () => {
  const { chain, tokens } = await createStage()
  const [token] = tokens
  const bot = await chain.deploy(testArtifact('NaiveBot'))
  const thief = await createPuppet(chain)
  const parasite = await chain.deploy(testArtifact('NaiveBot', 'Parasite'))
  const encoded = (name: string, values: readonly unknown[]): Hex =>
    bot.encode(name, values)
  await thief.play('isPool(address)', [], {
    kind: 'returns',
    answer: words(['bool'], [true]),
  })
  const steal = token.encode('transfer', [thief.address, unit])
  const pull = token.encode('transferFrom', [bot.address, thief.address, unit])
  const { address } = thief
  const holes: Record<string, readonly Hex[]> = {
    A1: [
      encoded('uniswapV2Call', [
        address,
        0n,
        0n,
        words(['address', 'uint256'], [token.address, unit]),
      ]),
    ],
    A2: [
      encoded('uniswapV3SwapCallback', [
        unit,
        0n,
        words(['address', 'address'], [address, token.address]),
      ]),
    ],
    A3: [
      encoded('receiveFlashLoan', [
        [token.address],
        [0n],
        [unit],
        words(['address', 'bytes'], [address, '0x']),
      ]),
    ],
    A4: [
      encoded('onMorphoFlashLoan', [unit, words(['address'], [token.address])]),
    ],
    A5: [encoded('execute', [token.address, steal])],
    A6: [encoded('harvest', [token.address, address])],
    A8: [encoded('wrap', [address, token.address])],
    delegatecall: [
      encoded('delegate', [
        parasite.address,
        parasite.encode('drain', [token.address, address]),
      ]),
    ],
  }
  for (const [name, calls] of Object.entries(holes)) {
    await token.send('mint', [bot.address, unit])
    const before = await token.read('balanceOf', [bot.address])
    for (const data of calls) await thief.send('act', [bot.address, 0n, data])
    // Those that only approve are emptied by a second call.
    await thief.attempt('act', [token.address, 0n, pull])
    const after = await token.read('balanceOf', [bot.address])
    expect(after, name).toBeLessThan(before)
  }
})

test('A2 a pool with a factory of its own asks to be paid', async () => {
  // The executor asks no factory and reads no callback data: nothing the caller brings can persuade it.
  const { lost, told } = await attackReal(
    async ({ chain, executor, tokens }) => {
      const fake = await createPuppet(chain)
      await fake.play('factory()', [], {
        kind: 'returns',
        answer: words(['address'], [fake.address]),
      })
      await fake.play('isPool(address)', [], {
        kind: 'returns',
        answer: words(['bool'], [true]),
      })
      const data = words(
        ['address', 'address', 'uint24'],
        [fake.address, tokens[0].address, 3000],
      )
      const errors: string[] = []
      for (const name of ['uniswapV3', 'pancakeV3', 'algebra']) {
        const call = executor.encode(`${name}SwapCallback`, [unit, -1n, data])
        const { error } = await fake.attempt('act', [
          executor.address,
          0n,
          call,
        ])
        errors.push(error)
      }
      return errors
    },
  )
  expect(lost).toEqual([])
  for (const error of told) expect(error).toMatch(unexpected)
})

test('A3 a stranger takes a flash loan with the executor as receiver', async () => {
  const { told } = await provesItself('openCallbacks', async (stage) => {
    const { chain, executor, tokens } = stage
    const vault = await createPuppet(chain)
    const plan = payingPlan(tokens[0], vault.address, 'balancerV2')
    // Any lender that lets one name the receiver does as much, the genuine Vault included.
    const data = executor.encode('receiveFlashLoan', [[], [], [0n], plan])
    return vault.attempt('act', [executor.address, 0n, data], {
      from: stranger,
    })
  })
  expect(told.error).toMatch(unexpected)
})

test("A3 the plan's own lender calls back with another plan", async () => {
  const { told } = await provesItself('anyPlanFromLender', async (stage) => {
    const { chain, executor, tokens } = stage
    const [token, other] = tokens
    const lender = await createPuppet(chain)
    const forged = packPlan({
      lender: {
        kind: 'balancerV2',
        address: lender.address,
        lendsToken1: false,
      },
      token: other.address,
      amountIn: treasure / 2n,
      hops: [
        v2Hop({
          target: lender.address,
          tokenOut: other.address,
          amountOut: 1n,
        }),
      ],
    })
    await lender.play(functions.balancerFlashLoan, [
      {
        to: executor.address,
        data: executor.encode('receiveFlashLoan', [[], [], [0n], forged]),
      },
    ])
    const plan = packPlan({
      token: token.address,
      amountIn: 0n,
      lender: {
        kind: 'balancerV2',
        address: lender.address,
        lendsToken1: false,
      },
      hops: [
        v2Hop({
          target: lender.address,
          tokenOut: token.address,
          amountOut: 1n,
        }),
      ],
    })
    await executor.attempt('execute', [plan], { from: operator })
    return lender.results()
  })
  expect(told).toEqual([])
})

test('A4 a callback that would make the executor approve its caller', async () => {
  const { told } = await provesItself('openCallbacks', async (stage) => {
    const { chain, executor, tokens } = stage
    const thief = await createPuppet(chain)
    // The hops ask for nothing: what the thief wants is the approval that repays the loan.
    const plan = packPlan({
      lender: { kind: 'morpho', address: thief.address, lendsToken1: false },
      token: tokens[0].address,
      amountIn: treasure / 2n,
      hops: [
        v2Hop({
          target: thief.address,
          tokenOut: tokens[0].address,
          amountOut: 1n,
        }),
      ],
    })
    const data = executor.encode('onMorphoFlashLoan', [treasure, plan])
    const outcome = await thief.attempt('act', [executor.address, 0n, data])
    await thief.attempt('act', [
      tokens[0].address,
      0n,
      tokens[0].encode('transferFrom', [
        executor.address,
        thief.address,
        treasure / 2n,
      ]),
    ])
    return outcome
  })
  expect(told.error).toMatch(unexpected)
})

test('A4 a lender of one kind calls the function of another, to be approved for later', async () => {
  const { told } = await provesItself('anyLoanCallback', async (stage) => {
    const { chain, executor, tokens } = stage
    const [token] = tokens
    const lender = await createPuppet(chain)
    // The hop gives back what it was paid, so that the plan succeeds.
    await lender.play(functions.pairSwap, [
      {
        to: token.address,
        data: token.encode('transfer', [executor.address, treasure]),
      },
    ])
    const plan = packPlan({
      token: token.address,
      amountIn: treasure,
      lender: {
        kind: 'balancerV2',
        address: lender.address,
        lendsToken1: false,
      },
      hops: [
        v2Hop({
          target: lender.address,
          tokenOut: token.address,
          amountOut: 1n,
        }),
      ],
    })
    await lender.play(functions.balancerFlashLoan, [
      {
        to: executor.address,
        data: executor.encode('onMorphoFlashLoan', [treasure, plan]),
      },
    ])
    const { error } = await executor.attempt('execute', [plan], {
      from: operator,
    })
    await lender.attempt('act', [
      token.address,
      0n,
      token.encode('transferFrom', [
        executor.address,
        lender.address,
        treasure,
      ]),
    ])
    return error
  })
  expect(told).toBe('LoanMissing()')
})

test('A5 a plan names tokens, the wrapped coin and the executor itself as pools and lenders', async () => {
  const { lost } = await attackReal(async (stage) => {
    const { chain, executor, tokens, weth } = stage
    const [token, other] = tokens
    const targets = [token, other, weth, executor].map(({ address }) => address)
    for (const target of targets)
      for (const hop of [v2Hop, solidlyHop, v3Hop, v4Hop, balancerHop])
        for (const kind of lenderKinds) {
          const plan = packPlan({
            token: token.address,
            amountIn: unit,
            lender: { kind, address: target, lendsToken1: false },
            hops: [
              hop({ target, tokenOut: other.address, amountOut: 1n }),
              hop({ target, tokenOut: token.address, amountOut: 1n }),
            ],
          })
          const data = executor.encode('execute', [plan])
          // Sending would prove no more: what a call refuses, a transaction does.
          const succeeds = await chain.embedded
            .request('eth_call', [
              { from: operator, to: executor.address, data },
            ])
            .then(
              () => true,
              () => false,
            )
          expect(succeeds).toBe(false)
        }
  })
  expect(lost).toEqual([])
})

/** An operator is led to a hostile pool after a real gain: the plan's own token is safe, are others? */
async function hopThrough(
  stage: Stage,
  victim: Contract,
  hostileHop: Parameters<typeof packPlan>[0]['hops'][number],
): Promise<string> {
  const { executor, tokens } = stage
  const [token] = tokens
  const giver = await generousPool(stage, victim, unit)
  const plan = packPlan({
    token: token.address,
    amountIn: 0n,
    hops: [
      v2Hop({ target: giver.address, tokenOut: victim.address, amountOut: 1n }),
      hostileHop,
    ],
  })
  return (await executor.attempt('execute', [plan], { from: operator })).error
}

test('A7 a fake V3 pool asks for more than the hop sells', async () => {
  const { told } = await provesItself('noPaymentLimit', async (stage) => {
    const { chain, executor, tokens } = stage
    const pool = await createPuppet(chain)
    await pool.play(functions.poolSwap, [
      {
        to: executor.address,
        data: executor.encode('uniswapV3SwapCallback', [
          treasure / 2n,
          -1n,
          '0x',
        ]),
      },
    ])
    await hopThrough(
      stage,
      tokens[1],
      v3Hop({ target: pool.address, tokenOut: tokens[0].address }),
    )
    return pool.results()
  })
  // The pool got nothing, kept quiet about it, and the plan went on without harm.
  expect(told[0]).toMatch(unexpected)
})

test('A7 a fake V3 pool asks twice, and under every name', async () => {
  const { told } = await provesItself('repeatedCallbacks', async (stage) => {
    const { chain, executor, tokens } = stage
    const pool = await createPuppet(chain)
    await pool.play(
      functions.poolSwap,
      ['uniswapV3', 'pancakeV3', 'algebra'].map((name) => ({
        to: executor.address,
        data: executor.encode(`${name}SwapCallback`, [unit, -1n, '0x']),
      })),
    )
    await hopThrough(
      stage,
      tokens[1],
      v3Hop({ target: pool.address, tokenOut: tokens[0].address }),
    )
    return pool.results()
  })
  expect(told[0]).toBe('done')
  expect(told[1]).toMatch(unexpected)
  expect(told[2]).toMatch(unexpected)
})

/** What a PoolManager does that is told to unlock for one swap of this hop. */
function unlockData(
  stage: Stage,
  key: readonly unknown[],
  zeroForOne: boolean,
): Hex {
  return words(
    ['tuple(tuple(address,address,uint24,int24,address),bool,uint256,address)'],
    [[key, zeroForOne, unit, stage.executor.address]],
  )
}

test('A7 a fake PoolManager says that more is owed than was sold', async () => {
  const { told } = await provesItself('noOwedLimit', async (stage) => {
    const { chain, executor, tokens } = stage
    const manager = await createPuppet(chain)
    const [out, victim] = tokens
    const key = [out.address, victim.address, 3000, 60, zero]
    // delta: amount0 above, amount1 below; token1 is sold.
    const owed = (1n << 128n) - treasure / 2n
    await manager.play(functions.managerSwap, [], {
      kind: 'returns',
      answer: words(['uint256'], [owed]),
    })
    await manager.play(functions.settle, [], {
      kind: 'returns',
      answer: words(['uint256'], [0n]),
    })
    await manager.play(functions.unlock, [
      {
        to: executor.address,
        data: executor.encode('unlockCallback', [
          unlockData(stage, key, false),
        ]),
      },
    ])
    await hopThrough(
      stage,
      victim,
      v4Hop({
        target: manager.address,
        tokenOut: out.address,
        zeroForOne: false,
      }),
    )
    return manager.results()
  })
  expect(told[0]).toMatch(unexpected)
})

test('A7 a plan sells a worthless token as if it were the wrapped coin', async () => {
  const { told } = await provesItself('anyTokenIsNative', async (stage) => {
    const { chain, executor, tokens } = stage
    const manager = await createPuppet(chain)
    const [out, worthless] = [tokens[2], tokens[1]]
    const key = [zero, out.address, 3000, 60, zero]
    const owed = ((1n << 128n) - unit) << 128n
    await manager.play(functions.managerSwap, [], {
      kind: 'returns',
      answer: words(['uint256'], [owed]),
    })
    await manager.play(functions.settle, [], {
      kind: 'returns',
      answer: words(['uint256'], [0n]),
    })
    await manager.play(functions.unlock, [
      {
        to: executor.address,
        data: executor.encode('unlockCallback', [unlockData(stage, key, true)]),
      },
    ])
    const giver = await generousPool(stage, worthless, unit)
    const plan = packPlan({
      token: out.address,
      amountIn: 0n,
      hops: [
        v2Hop({
          target: giver.address,
          tokenOut: worthless.address,
          amountOut: 1n,
        }),
        v4Hop({ target: manager.address, tokenOut: out.address, native: true }),
      ],
    })
    return (await executor.attempt('execute', [plan], { from: operator })).error
  })
  expect(told).toMatch(/^PlanMalformed/)
})

test('A8 a fake Vault leaves its allowance for later', async () => {
  await provesItself('allowancesStay', async (stage) => {
    const { chain, executor, tokens } = stage
    const [victim] = tokens
    const vault = await createPuppet(chain)
    // It takes nothing now: the balance is what it was, and no profit was asked for.
    const plan = packPlan({
      token: victim.address,
      amountIn: treasure,
      hops: [balancerHop({ target: vault.address, tokenOut: victim.address })],
    })
    await executor.send('execute', [plan], { from: operator })
    await vault.attempt('act', [
      victim.address,
      0n,
      victim.encode('transferFrom', [
        executor.address,
        vault.address,
        treasure,
      ]),
    ])
    return undefined
  })
})
