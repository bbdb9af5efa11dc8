import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createMemoryStore,
  killSwitchFile,
  openSqliteStore,
} from '../../../src/adapters/stores/index.ts'
import type { ExecutionStore } from '../../../src/market/executionStore.ts'
import type { Outcome, Plan } from '../../../src/market/plan.ts'
import type { RiskStore } from '../../../src/market/risk.ts'
import {
  createRisk,
  type NotedExecution,
  type Risk,
  type RiskLimits,
  type RiskOptions,
} from '../../../src/services/risk/createRisk.ts'
import { RiskOptionError } from '../../../src/services/risk/errors.ts'
import { worstLossOf } from '../../../src/services/risk/riskTrade.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
  revertedOf,
} from '../../support/plans.ts'

type Mined<Kind> = Extract<Outcome, { kind: Kind }>

const ledger = 'chain-1'
const head = { blockNumber: 100, timestamp: 1_700_000_000 }
const person = { by: 'ada', why: 'to look at it' }
/** Each plan has a route of its own. */
const planAt = (nonce: number): Plan => {
  const plan = planOf(opportunityOf(head.blockNumber), nonce)
  const { opportunity } = plan
  const id = `0x${nonce.toString(16).padStart(64, '0')}` as const
  return {
    ...plan,
    id,
    blockNumber: head.blockNumber,
    opportunity: { ...opportunity, cycle: { ...opportunity.cycle, id } },
  }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apex-risk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each([
  ['memory', async () => createMemoryStore()],
  ['SQLite', () => openSqliteStore(join(folder, 'apex.db'))],
] as const)('createRisk on a store in %s', (_, open) => {
  let store: ExecutionStore & RiskStore
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const riskOf = (
    limits: RiskLimits = {},
    more: Partial<RiskOptions> = {},
  ): Promise<Risk> =>
    createRisk({
      limits: { minNetProfit: -(10n ** 30n), ...limits },
      store,
      ledger,
      clock: () => head.timestamp,
      ...more,
    })
  const rule = async (risk: Risk, plan: Plan): Promise<string> => {
    const judgement = await risk.judge(plan, head)
    return judgement.kind === 'allowed' ? 'allowed' : judgement.rule
  }
  const landed = (plan: Plan): NotedExecution => ({
    ...(landedOf(intentOf(ledger, plan, 0)) as Mined<'landed'>),
    plan,
    blockTimestamp: head.timestamp,
  })
  const reverted = (plan: Plan, error: string): NotedExecution => {
    const outcome = revertedOf(intentOf(ledger, plan, 0)) as Mined<'reverted'>
    return {
      ...outcome,
      plan,
      blockTimestamp: head.timestamp,
      revert: { ...outcome.revert, error },
    }
  }

  it('behavior: several are judged as if each allowed before were sent, and written at once', async () => {
    const worst = worstLossOf(planAt(1))
    const plans = [planAt(1), planAt(2), planAt(3)]
    const risk = await riskOf({ dailyLoss: 2n * worst })
    let writes = 0
    const { writeRisk } = store
    store.writeRisk = async (...args) => {
      writes += 1
      await writeRisk(...args)
    }
    const judgements = await risk.judgeAll(plans, head)
    expect(judgements.map(({ kind }) => kind)).toEqual([
      'allowed',
      'allowed',
      'refused',
    ])
    expect(writes).toBe(1)
    expect((await risk.status()).atStake).toBe(2n * worst)
    await risk.noteAll(
      plans.slice(0, 2).map((plan) => [{ kind: 'not-sent', plan }, undefined]),
    )
    expect(writes).toBe(2)
    expect((await risk.status()).atStake).toBe(0n)
  })

  it('behavior: a preview judges each by itself and takes no room', async () => {
    const worst = worstLossOf(planAt(1))
    const risk = await riskOf({ dailyLoss: worst })
    const plans = [planAt(1), planAt(2)]
    for (let i = 0; i < 2; i++)
      expect(await risk.preview(plans, head)).toEqual([
        { kind: 'allowed' },
        { kind: 'allowed' },
      ])
    expect((await risk.status()).atStake).toBe(0n)
    await risk.halt(person)
    const [first] = await risk.preview(plans, head)
    expect(first).toMatchObject({ kind: 'refused', rule: 'breaker' })
  })

  it.each<[string, boolean, string, string]>([
    ['nobody looked at it: it counts for nothing', true, 'running', 'allowed'],
    ['control: looked at, it is our fault', false, 'paused', 'breaker'],
  ])(
    'behavior: a refusal is no failure where %s',
    async (_, isUnseen, state, next) => {
      const risk = await riskOf({
        maxFailuresInRow: 2,
        rate: { trades: 3, seconds: 60 },
      })
      for (let i = 1; i <= 2; i++) {
        const plan = planAt(i)
        expect(await rule(risk, plan)).toBe('allowed')
        const { txHash } = intentOf(ledger, plan, 0)
        const refused = { kind: 'refused', plan, txHash, isUnseen } as const
        await risk.note({ ...refused, reason: 'rate limit exceeded' })
      }
      const { breaker, account } = await risk.status()
      expect(breaker.state).toBe(state)
      expect(account.failed).toBe(isUnseen ? 0 : 2)
      // Nor does it use up the rate.
      expect(account.allowedAt).toHaveLength(isUnseen ? 0 : 2)
      expect(await rule(risk, planAt(3))).toBe(next)
    },
  )

  it('default: what is allowed takes room until it is noted', async () => {
    const risk = await riskOf({ maxInFlight: 1 })
    expect(await rule(risk, planAt(1))).toBe('allowed')
    expect(await rule(risk, planAt(2))).toBe('in-flight')
    await risk.note(landed(planAt(1)))
    expect(await rule(risk, planAt(2))).toBe('allowed')
  })

  it.each([
    ['landed', landed],
    ['lost', (plan: Plan) => reverted(plan, 'ProfitTooLow')],
    ['failed', (plan: Plan) => reverted(plan, 'OutOfGas')],
  ] as const)(
    'behavior: a trade that %s and is opened again is as before its end',
    async (_, end) => {
      const risk = await riskOf({ maxInFlight: 1 })
      await risk.judge(planAt(1), head)
      const before = await risk.status()
      await risk.note(end(planAt(1)))
      expect(await risk.status()).not.toEqual(before)
      // What is remembered survives a restart.
      const after = await riskOf({ maxInFlight: 1 })
      await after.reopen(planAt(1).id)
      const { resting: __, ...account } = (await after.status()).account
      const { resting: ___, ...accountBefore } = before.account
      expect({ ...account, losses: [] }).toEqual(accountBefore)
      expect((await after.status()).lossToday).toBe(0n)
      expect(await rule(after, planAt(2))).toBe('in-flight')
      await after.note(end(planAt(1)))
      expect((await after.status()).account).toMatchObject({
        inFlight: [],
        [_]: 1,
      })
      // Control: one that never ended stays as it is.
      const { account: same } = await after.status()
      await after.reopen(planAt(9).id)
      expect((await after.status()).account).toEqual(same)
    },
  )

  it('behavior: many judged at once share the room of one day’s loss', async () => {
    const plans = Array.from({ length: 8 }, (_, i) => planAt(i + 1))
    const dailyLoss = 3n * worstLossOf(plans[0]!)
    const risk = await riskOf({ dailyLoss })
    const verdicts = await Promise.all(plans.map((plan) => rule(risk, plan)))
    expect(verdicts.filter((verdict) => verdict === 'allowed')).toHaveLength(3)
    expect(await risk.status()).toMatchObject({ dailyLossLeft: 0n })
  })

  it('behavior: account and breaker survive a restart', async () => {
    const before = await riskOf({ maxInFlight: 2 })
    await before.judge(planAt(1), head)
    await before.judge(planAt(2), head)
    await before.note(reverted(planAt(2), 'OutOfGas'))
    await before.pause(person)
    const after = await riskOf({ maxInFlight: 2 })
    expect(await after.status()).toEqual(await before.status())
    expect((await after.status()).account).toMatchObject({
      failed: 1,
      failuresInRow: 1,
    })
    expect(await rule(after, planAt(3))).toBe('breaker')
    await after.resume(person)
    expect(await rule(after, planAt(1))).toBe('in-flight')
    expect(await rule(after, planAt(3))).toBe('allowed')
  })

  it('behavior: what ended unseen in a crash counts as lost at its worst', async () => {
    const before = await riskOf()
    await before.judge(planAt(1), head)
    await before.judge(planAt(2), head)
    const after = await riskOf()
    expect(await after.keepOnly([planAt(2).id])).toBe(1)
    const { lossToday, account } = await after.status()
    expect(lossToday).toBe(worstLossOf(planAt(1)))
    expect(account.inFlight.map(({ planId }) => planId)).toEqual([planAt(2).id])
    // Settled by its id alone: the opportunity is gone with the process.
    await after.note({
      ...landed(planAt(2)),
      plan: { id: planAt(2).id },
    } as NotedExecution)
    expect((await after.status()).account.inFlight).toEqual([])
  })

  it('behavior: a revert lost to a competitor degrades, one by our fault pauses', async () => {
    const risk = await riskOf({ maxFailuresInRow: 2, maxLostInRow: 2 })
    for (const nonce of [1, 2]) {
      await risk.judge(planAt(nonce), head)
      await risk.note(reverted(planAt(nonce), 'ProfitTooLow'))
    }
    expect(await risk.status()).toMatchObject({
      breaker: { state: 'degraded', by: 'risk' },
      account: { lost: 2, failed: 0 },
    })
    await risk.judge(planAt(3), head)
    await risk.note(landed(planAt(3)))
    expect((await risk.status()).breaker.state).toBe('running')
    for (const nonce of [4, 5]) {
      await risk.judge(planAt(nonce), head)
      await risk.note(reverted(planAt(nonce), 'PlanMalformed'))
    }
    expect(await risk.status()).toMatchObject({
      breaker: { state: 'paused', by: 'risk', until: null },
      account: { lost: 2, failed: 2 },
    })
    await risk.resume(person)
    expect(await rule(risk, planAt(6))).toBe('allowed')
  })

  it.each([
    ['HopShort', { lost: 1, failed: 0 }],
    ['LoanFailed', { lost: 1, failed: 0 }],
    ['TipFailed', { lost: 0, failed: 1 }],
  ])('behavior: %s is blamed on %j', async (error, account) => {
    const risk = await riskOf()
    await risk.judge(planAt(1), head)
    await risk.note(reverted(planAt(1), error))
    expect((await risk.status()).account).toMatchObject(account)
  })

  it('behavior: the chain’s word on who is to blame goes before the error’s', async () => {
    const risk = await riskOf()
    await risk.judge(planAt(1), head)
    await risk.note(reverted(planAt(1), 'unknown'), 'lost')
    expect((await risk.status()).account).toMatchObject({ lost: 1, failed: 0 })
  })

  it('behavior: a plan that was not sent leaves no trace but its judgement', async () => {
    const risk = await riskOf({ rate: { trades: 1, seconds: 60 } })
    const plan = planAt(1)
    await risk.judge(plan, head)
    const revert = {
      error: 'ProfitTooLow',
      facts: {},
      hop: undefined,
      detail: '',
    }
    const simulation = { kind: 'reverted', plan, revert } as const
    await risk.note({ kind: 'not-sent', plan, simulation })
    expect(await rule(risk, planAt(2))).toBe('allowed')
    expect(await rule(risk, planAt(3))).toBe('rate-limit')
  })

  it('behavior: another process halts and resumes', async () => {
    const bot = await riskOf()
    const control = await riskOf()
    await control.halt(person)
    expect(await bot.judge(planAt(1), head)).toEqual({
      kind: 'refused',
      rule: 'breaker',
      detail: 'trading is halted by ada: to look at it',
    })
    await control.resume(person)
    expect(await rule(bot, planAt(1))).toBe('allowed')
  })

  it('behavior: a person’s word is never overwritten', async () => {
    const bot = await riskOf({ maxLostInRow: 1 })
    await bot.judge(planAt(1), head)
    const control = await riskOf()
    const read = store.readBreaker.bind(store)
    // The person is quicker, between the bot's reading and its writing.
    let isFirst = true
    store.readBreaker = async (name) => {
      const breaker = await read(name)
      if (isFirst) {
        isFirst = false
        await control.pause(person)
      }
      return breaker
    }
    await bot.note(reverted(planAt(1), 'HopShort'))
    expect((await bot.status()).breaker).toMatchObject({
      state: 'paused',
      by: 'ada',
    })
  })

  it('behavior: the kill switch file halts, and taking it away does not resume', async () => {
    const file = join(folder, 'apex.kill')
    const risk = await riskOf({}, { killSwitch: killSwitchFile(file) })
    expect(await rule(risk, planAt(1))).toBe('allowed')
    writeFileSync(file, '')
    expect(await rule(risk, planAt(2))).toBe('breaker')
    expect((await risk.status()).breaker).toMatchObject({
      state: 'halted',
      by: 'kill switch',
    })
    rmSync(file)
    expect(await rule(risk, planAt(2))).toBe('breaker')
    await risk.resume(person)
    expect(await rule(risk, planAt(2))).toBe('allowed')
  })

  it('behavior: old heads and old plans are refused', async () => {
    const late = await riskOf({}, { clock: () => head.timestamp + 61 })
    expect(await rule(late, planAt(1))).toBe('stale-head')
    const risk = await riskOf()
    expect(
      await risk.judge(planAt(1), { ...head, blockNumber: 101 }),
    ).toMatchObject({ rule: 'stale-state' })
    expect(
      await risk.judge(planAt(1), {
        ...head,
        timestamp: head.timestamp + 3600,
      }),
    ).toMatchObject({ rule: 'stale-head' })
    // A head of the far future has not carried the account there.
    expect(await rule(risk, planAt(1))).toBe('allowed')
  })

  it('behavior: a token and a pool on the block lists are not traded, in any case of letters', async () => {
    const { cycle } = planAt(1).opportunity
    const token = `0x${cycle.tokenIn.address.slice(2).toUpperCase()}`
    const pool = cycle.hops[1]!.pool.address
    expect(
      await rule(await riskOf({ blockedTokens: [token] }), planAt(1)),
    ).toBe('blocked-token')
    expect(await rule(await riskOf({ blockedPools: [pool] }), planAt(1))).toBe(
      'blocked-pool',
    )
  })

  it('behavior: an input worth more than is allowed is refused', async () => {
    // The made-up opportunity sells its profit at par: the input is worth as many wei, and the rounding's share.
    const { amountIn, grossProfit } = planAt(1).opportunity
    const worth = amountIn + amountIn / grossProfit
    const tight = await riskOf({ maxInputWorth: worth - 1n })
    expect(await rule(tight, planAt(1))).toBe('max-input-worth')
    const wide = await riskOf({ maxInputWorth: worth })
    expect(await rule(wide, planAt(1))).toBe('allowed')
  })

  it.each<[RiskLimits, RegExp]>([
    [{ blockedTokens: ['WETH'] }, /blockedTokens names no address: WETH/],
    [{ maxInput: { WETH: 1n } }, /maxInput names no address/],
    [{ dailyLoss: -1n }, /dailyLoss is an amount from 0: -1/],
    [{ maxInFlight: 0 }, /maxInFlight is a whole number from 1: 0/],
    [{ degradedInputBps: 10_001 }, /whole number from 0 to 10000: 10001/],
    [{ rate: { trades: 1, seconds: 0 } }, /rate.seconds/],
  ])('error: %o makes no sense', async (limits, message) => {
    const attempt = riskOf(limits)
    await expect(attempt).rejects.toThrow(RiskOptionError)
    await expect(attempt).rejects.toThrow(message)
  })
})

describe('killSwitchFile', () => {
  it('error: where nobody can tell, it stops', async () => {
    writeFileSync(join(folder, 'file'), '')
    const why = await killSwitchFile(join(folder, 'file', 'apex.kill'))()
    expect(why).toMatch(/cannot be told: ENOTDIR/)
  })
})
