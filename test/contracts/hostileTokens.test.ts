import { beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../src/core/hex.ts'
import { attackReal, attackWeakened, provesItself } from './support/attack.ts'
import { type Contract, operator, owner } from './support/chain.ts'
import { testArtifact } from './support/compile.ts'
import { generousPool } from './support/generousPool.ts'
import { packPlan, v2Hop, v3Hop, zero } from './support/plans.ts'
import { createPuppet, functions, type Puppet } from './support/puppets.ts'
import { createStage, losses, type Stage, treasure } from './support/stage.ts'
import {
  pairVenue,
  solidlyVenue,
  type Venue,
  v3Venue,
  v4Venue,
  vaultVenue,
} from './support/venues.ts'

const unit = 10n ** 18n

/** In the order of HostileToken.Kind, with how many of the {@link plans} succeed. */
const kinds: Readonly<Record<string, number>> = {
  plain: 17,
  'no return value': 17,
  'returns false': 0,
  'moves and returns false': 0,
  'fee on transfer': 11,
  'rebases up': 15,
  'rebases down': 0,
  blocklist: 7,
  pausable: 0,
  'calls back': 17,
  'zero transfer reverts': 17,
  'approval race': 17,
  'approve zero reverts': 17,
  'huge decimals': 17,
  'balance lies': 14,
  'gas bomb': 0,
  'return bomb': 14,
  'takes more than asked': 5,
  salmonella: 0,
  'pays in calls only': 0,
}

let stage: Stage
let hostile: Contract
let thief: Puppet
let plans: Readonly<Record<string, Hex>>
let spenders: readonly Hex[]

beforeAll(async () => {
  stage = await createStage()
  const { chain, executor, tokens } = stage
  const [token] = tokens
  hostile = await chain.deploy(testArtifact('HostileToken'))
  thief = await createPuppet(chain)
  await hostile.send('mint', [executor.address, treasure])

  const modules = [
    await pairVenue(chain, token, hostile, 100n),
    await solidlyVenue(chain, token, hostile),
    await v3Venue(chain, token, hostile),
    await v4Venue(chain, token, hostile),
    await vaultVenue(chain, token, hostile),
  ]
  // Where the hostile token is worth half, and where it is worth double.
  const cheap = await pairVenue(chain, token, hostile, 200n)
  const dear = await pairVenue(chain, token, hostile, 50n)
  spenders = [...modules, cheap, dear].map(({ address }) => address)
  plans = plansOf(modules, cheap, dear, token)
}, 120_000)

function plansOf(
  modules: readonly Venue[],
  cheap: Venue,
  dear: Venue,
  token: Contract,
): Record<string, Hex> {
  const made: Record<string, Hex> = {}
  for (const venue of modules) {
    const buy = venue.hop(token, hostile)
    const sell = venue.hop(hostile, token)
    const start = { token: token.address, amountIn: unit, minProfit: 1n }
    made[`${venue.name} sells it`] = packPlan({
      ...start,
      hops: [cheap.hop(token, hostile), sell],
    })
    made[`${venue.name} buys it`] = packPlan({
      ...start,
      hops: [buy, dear.hop(hostile, token)],
    })
    made[`${venue.name} with it as the plan's token`] = packPlan({
      ...start,
      token: hostile.address,
      hops: [sell, cheap.hop(token, hostile)],
    })
  }
  const vault = modules.at(-1)!
  made['a loan of it from the Vault'] = packPlan({
    token: hostile.address,
    amountIn: unit,
    minProfit: 1n,
    lender: { kind: 'balancerV2', address: vault.address, lendsToken1: false },
    hops: [modules[2]!.hop(hostile, token), cheap.hop(token, hostile)],
  })
  made['a flash swap of it'] = packPlan({
    token: hostile.address,
    amountIn: unit,
    minProfit: 1n,
    lender: { kind: 'v2FlashSwap', address: zero, lendsToken1: false },
    hops: [
      modules[2]!.hop(hostile, token),
      { ...cheap.hop(token, hostile), amountOut: unit + unit / 2n },
    ],
  })
  return made
}

test.each(Object.entries(kinds))('%s', async (kind, succeed) => {
  const { chain, executor, tokens } = stage
  const id = await chain.snapshot()
  try {
    const aims: Record<string, Hex> = {
      blocklist: executor.address,
      'balance lies': executor.address,
      'calls back': thief.address,
      salmonella: owner,
    }
    await thief.play('moved(address,address,uint256)', [
      {
        to: executor.address,
        data: executor.encode('execute', [plans['v3 sells it']]),
      },
      {
        to: executor.address,
        data: executor.encode('uniswapV3SwapCallback', [unit, 0n, '0x']),
      },
    ])
    await executor.send('addOperator', [thief.address])
    const place = Object.keys(kinds).indexOf(kind)
    await hostile.send('turn', [place, aims[kind] ?? zero])

    const succeeded: string[] = []
    for (const [name, plan] of Object.entries(plans)) {
      const turn = await chain.snapshot()
      const before = await stage.holdings([hostile])
      const { success, logs } = await executor.attempt('execute', [plan], {
        from: operator,
        gas: kind === 'gas bomb' ? 700_000n : 8_000_000n,
      })
      const after = await stage.holdings([hostile])
      // A token that shrinks shrinks wherever it lies.
      const excepted = kind === 'rebases down' ? [hostile.address] : []
      const lost = losses(before, after).filter(
        (loss) => !excepted.some((address) => loss.startsWith(address)),
      )
      expect(lost, name).toEqual([])
      if (success) {
        succeeded.push(name)
        const event = logs
          .map((log) => executor.abi.parseLog(log))
          .find((log) => log?.name === 'Executed')!
        if (event.args.getValue('token').toLowerCase() === tokens[0].address)
          expect(event.args.getValue('profit')).toBe(
            after[tokens[0].address]! - before[tokens[0].address]!,
          )
      }
      for (const token of [hostile, tokens[0]])
        for (const spender of spenders)
          expect(
            await token.read('allowance', [executor.address, spender]),
          ).toBe(0n)
      await chain.restore(turn)
    }
    expect(succeeded.length, succeeded.join(', ')).toBe(succeed)
  } finally {
    await chain.restore(id)
  }
})

/** A cycle over the hostile token, which takes a hundredth more of the executor than it was told. */
async function sellGreedyToken(stage: Stage): Promise<Told> {
  const { chain, executor, tokens } = stage
  const [token] = tokens
  const greedy = await chain.deploy(testArtifact('HostileToken'))
  await greedy.send('mint', [executor.address, treasure])
  const before: bigint = await greedy.read('balanceOf', [executor.address])
  const giver = await generousPool(stage, greedy, 100n * unit, 1000n * unit)
  const taker = await createPuppet(chain)
  await taker.play(functions.poolSwap, [
    {
      to: executor.address,
      data: executor.encode('uniswapV3SwapCallback', [100n * unit, 0n, '0x']),
    },
  ])
  await greedy.send('turn', [17, zero])
  const { error } = await executor.attempt(
    'execute',
    [
      packPlan({
        token: token.address,
        amountIn: 0n,
        hops: [
          v2Hop({
            target: giver.address,
            tokenOut: greedy.address,
            amountOut: 1n,
          }),
          v3Hop({ target: taker.address, tokenOut: token.address }),
        ],
      }),
    ],
    { from: operator },
  )
  const after: bigint = await greedy.read('balanceOf', [executor.address])
  return { error, taken: before - after }
}

type Told = { readonly error: string; readonly taken: bigint }

test('A10 a token takes more than it was told', async () => {
  const weakened = await attackWeakened('balancesUnwatched', sellGreedyToken)
  expect(weakened.told.taken).toBe(unit)
  const { told } = await attackReal(sellGreedyToken)
  expect(told.taken).toBe(0n)
  expect(told.error).toMatch(/^BalanceFell\(1,/)
})

test('A10 a token that takes a fee: a hop sells what came, not what was expected', async () => {
  await provesItself('trustedAmounts', async (stage) => {
    const { chain, executor, tokens } = stage
    const [token, other] = tokens
    // The first pool says that it pays 10 units and pays 1.
    const giver = await generousPool(stage, other, unit)
    const taker = await createPuppet(chain)
    await taker.play(functions.poolSwap, [
      {
        to: executor.address,
        data: executor.encode('uniswapV3SwapCallback', [10n * unit, 0n, '0x']),
      },
    ])
    const plan = packPlan({
      token: token.address,
      amountIn: 0n,
      hops: [
        v2Hop({
          target: giver.address,
          tokenOut: other.address,
          amountOut: 10n * unit,
        }),
        v3Hop({ target: taker.address, tokenOut: token.address }),
      ],
    })
    return executor.attempt('execute', [plan], { from: operator })
  })
})
