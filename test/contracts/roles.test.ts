import { expect, test } from 'vitest'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal, attackWeakened, provesItself } from './support/attack.ts'
import { createTestChain, operator, owner, stranger } from './support/chain.ts'
import { testArtifact } from './support/compile.ts'
import { executorArtifact, weakenedExecutor } from './support/executors.ts'
import { generousPool } from './support/generousPool.ts'
import { packPlan, v2Hop } from './support/plans.ts'
import { createPuppet } from './support/puppets.ts'
import { createStage, losses, type Stage, treasure } from './support/stage.ts'

const unit = 10n ** 18n

/** A plan that a generous pool turns into one unit of profit, as often as it is sent. */
async function generousPlan(
  stage: Stage,
  changes: Partial<Parameters<typeof packPlan>[0]> = {},
): Promise<Hex> {
  const token =
    changes.token === stage.weth.address ? stage.weth : stage.tokens[0]
  const pool = await generousPool(stage, token, unit, treasure)
  return packPlan({
    token: token.address,
    amountIn: 0n,
    minProfit: unit,
    hops: [
      v2Hop({ target: pool.address, tokenOut: token.address, amountOut: 1n }),
    ],
    ...changes,
  })
}

test('A6 strangers and operators at every function of the owner', async () => {
  const calls = (stage: Stage): readonly Hex[] => {
    const { executor, tokens } = stage
    return [
      executor.encode('addOperator', [stranger]),
      executor.encode('removeOperator', [operator]),
      executor.encode('pause'),
      executor.encode('unpause'),
      executor.encode('withdraw', [tokens[0].address, stranger, treasure]),
      executor.encode('withdrawNative', [stranger, treasure]),
      executor.encode('transferOwnership', [stranger]),
      executor.encode('acceptOwnership'),
    ]
  }
  const { told, stage } = await provesItself('noRoles', async (on) => {
    const errors: string[] = []
    for (const data of calls(on))
      for (const from of [stranger, operator])
        errors.push(
          (await on.chain.attempt(on.executor.address, data, { from })).error,
        )
    return errors
  })
  // OwnableUnauthorizedAccount(address)
  for (const error of told)
    expect(error).toMatch(/^OwnableUnauthorizedAccount\(0x/)
  expect(await stage.executor.read('isOperator', [operator])).toBe(true)
  expect(await stage.executor.read('isOperator', [stranger])).toBe(false)
})

test('A6 only operators execute', async () => {
  const attack = async (stage: Stage) => {
    const plan = await generousPlan(stage)
    return stage.executor.attempt('execute', [plan], { from: stranger })
  }
  expect((await attackWeakened('noRoles', attack)).told.success).toBe(true)
  const { told } = await attackReal(attack)
  expect(told.error.toLowerCase()).toBe(`notoperator(${stranger})`)
})

test('A6 a dismissed operator, even while paused, is none', async () => {
  const stage = await createStage()
  const { executor } = stage
  const plan = await generousPlan(stage)
  await executor.send('execute', [plan], { from: operator })
  await executor.send('pause')
  expect(
    (await executor.attempt('execute', [plan], { from: operator })).error,
  ).toBe('EnforcedPause()')
  await executor.send('removeOperator', [operator])
  await executor.send('unpause')
  expect(
    (await executor.attempt('execute', [plan], { from: operator })).error,
  ).toMatch(/^NotOperator/)
  // The owner is no operator unless it says so.
  expect((await executor.attempt('execute', [plan])).error).toMatch(
    /^NotOperator/,
  )
})

test('A13 a bundle taken apart: the plan lands in other blocks or later', async () => {
  const late = async (stage: Stage) => {
    const now = Number(await stage.chain.embedded.request('eth_blockNumber'))
    const time = await stage.chain.embedded.timestamp()
    const errors: string[] = []
    for (const changes of [
      { firstBlock: now + 1000 },
      { lastBlock: now },
      { deadline: time },
    ]) {
      const plan = await generousPlan(stage, changes)
      const outcome = await stage.executor.attempt('execute', [plan], {
        from: operator,
      })
      errors.push(outcome.success ? 'done' : outcome.error)
    }
    return errors
  }
  expect((await attackWeakened('anyTime', late)).told).toEqual([
    'done',
    'done',
    'done',
  ])
  const { told } = await attackReal(late)
  expect(told[0]).toMatch(/^WrongBlock/)
  expect(told[1]).toMatch(/^WrongBlock/)
  expect(told[2]).toMatch(/^Expired/)
})

test('A13 the first and the last block and second are inside the window', async () => {
  const stage = await createStage()
  const { executor, chain } = stage
  const id = await chain.snapshot()
  await generousPlan(stage)
  const block = Number(await chain.embedded.request('eth_blockNumber')) + 1
  const deadline = (await chain.embedded.timestamp()) + 12
  await chain.restore(id)
  const plan = await generousPlan(stage, {
    firstBlock: block,
    lastBlock: block,
    deadline,
  })
  await executor.send('execute', [plan], { from: operator })
})

test('A15 a plan for one chain is sent on another', async () => {
  const attack = async (stage: Stage) => {
    const plan = await generousPlan(stage, { chainId: 10 })
    return stage.executor.attempt('execute', [plan], { from: operator })
  }
  expect((await attackWeakened('anyTime', attack)).told.success).toBe(true)
  expect((await attackReal(attack)).told.error).toBe('WrongChain(10)')
})

test('A17 an operator is lured into a contract that calls the executor', async () => {
  const attack = async (stage: Stage) => {
    const lure = await createPuppet(stage.chain)
    const plan = await generousPlan(stage)
    const data = stage.executor.encode('execute', [plan])
    return lure.attempt('act', [stage.executor.address, 0n, data], {
      from: operator,
    })
  }
  expect((await attackWeakened('believesSigner', attack)).told.success).toBe(
    true,
  )
  expect((await attackReal(attack)).told.error).toMatch(/^NotOperator/)
})

test('A17 the owner is lured into a contract that withdraws; a bot that trusts tx.origin is emptied so', async () => {
  const stage = await createStage()
  const { chain, executor, tokens } = stage
  const [token] = tokens
  const lure = await createPuppet(chain)
  const bot = await chain.deploy(testArtifact('NaiveBot'))
  await token.send('mint', [bot.address, unit])
  await lure.send('act', [
    bot.address,
    0n,
    bot.encode('withdraw', [token.address, lure.address, unit]),
  ])
  expect(await token.read('balanceOf', [lure.address])).toBe(unit)
  const before = await stage.holdings()
  const { error } = await lure.attempt('act', [
    executor.address,
    0n,
    executor.encode('withdraw', [token.address, lure.address, unit]),
  ])
  expect(error).toMatch(/^OwnableUnauthorizedAccount\(0x/)
  expect(losses(before, await stage.holdings())).toEqual([])
})

// What counts coverage puts numbers into the code that look like any opcode.
test.skipIf(process.env['APEX_COVERAGE'])(
  'A17 the executor has no code that could run as its own what others wrote',
  async () => {
    const { chain, executor } = await createStage()
    const codeOf = async (address: Hex): Promise<string> =>
      ((await chain.embedded.request('eth_getCode', [address])) as Hex).slice(2)
    const opcodes = new Set(opcodesOf(await codeOf(executor.address)))
    for (const opcode of [0xf0, 0xf2, 0xf4, 0xf5, 0xff, 0x32])
      expect(opcodes.has(opcode), opcode.toString(16)).toBe(false)
    // The same look at a bot that has all of it.
    const bot = await chain.deploy(testArtifact('NaiveBot'))
    const naive = new Set(opcodesOf(await codeOf(bot.address)))
    expect(naive.has(0xf4)).toBe(true)
    expect(naive.has(0x32)).toBe(true)
  },
)

test('A17 an operator whose account runs code, as under EIP-7702, can do what operators can', async () => {
  const { lost } = await attackReal(async (stage) => {
    const { chain, executor, tokens } = stage
    // Whoever asks, this operator signs: a stranger now has an operator's power.
    const anybody = await createPuppet(chain)
    await executor.send('addOperator', [anybody.address])
    const plan = packPlan({
      token: tokens[0].address,
      amountIn: treasure,
      hops: [
        v2Hop({
          target: anybody.address,
          tokenOut: tokens[0].address,
          amountOut: 1n,
        }),
      ],
    })
    const { error } = await anybody.attempt(
      'act',
      [executor.address, 0n, executor.encode('execute', [plan])],
      { from: stranger },
    )
    expect(error).toBe(`ProfitTooLow(${-treasure},0)`)
  })
  expect(lost).toEqual([])
})

test('A19 withdraws any token and coin while paused, and where the token misbehaves', async () => {
  const withdrawals = async (artifact = executorArtifact()) => {
    const stage = await createStage(artifact)
    const { chain, executor, tokens } = stage
    const hostile = await chain.deploy(testArtifact('HostileToken'))
    await hostile.send('mint', [executor.address, treasure])
    await executor.send('pause')
    const outcomes: {
      [name: string]: boolean
      plain?: boolean
      native?: boolean
    } = {}
    const withdraw = async (name: string, token: Hex) => {
      const { success } = await executor.attempt('withdraw', [
        token,
        stranger,
        unit,
      ])
      outcomes[name] = success
    }
    await withdraw('plain', tokens[0].address)
    // Kinds of HostileToken that move the amount all the same.
    for (const [name, kind] of [
      ['no return', 1],
      ['returns false', 3],
      ['returns a megabyte', 16],
      ['calls back', 9],
    ] as const) {
      await hostile.send('turn', [kind, stranger])
      const before = await hostile.read('balanceOf', [stranger])
      await withdraw(name, hostile.address)
      expect(await hostile.read('balanceOf', [stranger])).toBe(
        outcomes[name] ? before + unit : before,
      )
    }
    outcomes.native = (
      await executor.attempt('withdrawNative', [stranger, unit])
    ).success
    return outcomes
  }
  expect(await withdrawals()).toEqual({
    plain: true,
    'no return': true,
    'returns false': true,
    'returns a megabyte': true,
    'calls back': true,
    native: true,
  })
  const fragile = await withdrawals(weakenedExecutor('fragileWithdrawal'))
  expect(fragile.plain).toBe(false)
})

test('A19 a refused withdrawal says so', async () => {
  const stage = await createStage()
  const { chain, executor, tokens } = stage
  const refuses = await createPuppet(chain)
  await refuses.play('', [], { kind: 'reverts' })
  expect(
    (await executor.attempt('withdrawNative', [refuses.address, unit])).error,
  ).toMatch(/^WithdrawalFailed/)
  expect(
    (
      await executor.attempt('withdraw', [
        tokens[0].address,
        owner,
        treasure * 2n,
      ])
    ).error,
  ).toMatch(/^WithdrawalFailed/)
})

test('A19 who receives a withdrawal cannot enter again', async () => {
  const { lost, told } = await attackReal(async ({ chain, executor }) => {
    const receiver = await createPuppet(chain)
    await executor.send('transferOwnership', [receiver.address])
    await receiver.send('act', [
      executor.address,
      0n,
      executor.encode('acceptOwnership'),
    ])
    await receiver.play('', [
      {
        to: executor.address,
        data: executor.encode('withdrawNative', [receiver.address, unit]),
      },
    ])
    await receiver.send('act', [
      executor.address,
      0n,
      executor.encode('withdrawNative', [receiver.address, unit]),
    ])
    return receiver.results()
  })
  expect(told).toEqual(['ReentrancyGuardReentrantCall()'])
  expect(lost).toEqual([`native: ${-unit}`])
})

test('A19 ownership is handed over in two steps and never renounced', async () => {
  const { executor } = await createStage()
  await executor.send('transferOwnership', [stranger])
  expect((await executor.read('owner')).toLowerCase()).toBe(owner)
  expect(
    (await executor.attempt('acceptOwnership', [], { from: operator })).error,
  ).toMatch(/^OwnableUnauthorizedAccount\(0x/)
  await executor.send('acceptOwnership', [], { from: stranger })
  expect((await executor.read('owner')).toLowerCase()).toBe(stranger)
  expect((await executor.attempt('pause')).success).toBe(false)
  for (const from of [stranger, operator])
    expect(
      (await executor.attempt('renounceOwnership', [], { from })).error,
    ).toBe('OwnershipNotRenounceable()')
})

test('an executor without an owner cannot be made', async () => {
  const chain = await createTestChain()
  await expect(
    chain.deploy(executorArtifact(), [
      '0x0000000000000000000000000000000000000000',
      stranger,
    ]),
  ).rejects.toThrow(/OwnableInvalidOwner\(0x/)
})

/** Opcodes of runtime code that can be reached: data may stand behind an end of code, until the next JUMPDEST. */
function opcodesOf(code: string): readonly number[] {
  const bytes = Buffer.from(code, 'hex')
  const ends = new Set([0x00, 0x56, 0xf3, 0xfd, 0xfe])
  const opcodes: number[] = []
  let isReached = true
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode === 0x5b) isReached = true
    if (!isReached) continue
    opcodes.push(opcode)
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f
    if (ends.has(opcode)) isReached = false
  }
  return opcodes
}
