import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type RiskRule, rules } from '../../../src/services/risk/judgeTrade.ts'
import { newFolder } from '../../support/newFolder.ts'
import { judgeByRules } from './judgeByRules.ts'
import { judgeByService } from './judgeByService.ts'
import { runStream, type StreamResult } from './streams.ts'

const streams = 100_000
/** Through the service and its database; APEX_STREAMS=100000 for the long run. */
const { APEX_STREAMS } = process.env
const serviceStreams = Number(APEX_STREAMS ?? 300)
/** A rule that is missing shows much sooner than in all streams. */
const mostStreamsOfControl = 5000

const ruleNames = Object.keys(rules) as RiskRule[]
const place = newFolder()
afterEach(() => vi.restoreAllMocks())

type Run = (seed: number) => Promise<StreamResult>

/** @param harm what befalls the stream's database between two processes. */
const byService =
  (file: string, harm?: (ledger: string) => void): Run =>
  async (seed) => {
    const ledger = `stream-${seed}`
    let close = async (): Promise<void> => {}
    const result = await runStream(seed, async (limits) => {
      const whileClosed = harm && (() => harm(ledger))
      const judge = await judgeByService(
        place(file),
        ledger,
        limits,
        whileClosed,
      )
      close = () => judge.close()
      return judge
    })
    await close()
    return result
  }

/** Forgets the stream's rows of a table. */
const forgets = (file: string, table: string) => (ledger: string) => {
  const database = new Sqlite(place(file))
  database.prepare(`DELETE FROM ${table} WHERE ledger = ?`).run(ledger)
  database.close()
}

async function expectNoBreach(count: number, run: Run): Promise<void> {
  const seen = { asked: 0, allowed: 0, restarts: 0 }
  for (let seed = 1; seed <= count; seed++) {
    const result = await run(seed)
    if (result.breaches.length > 0)
      expect.fail(`stream ${seed} breaches ${result.breaches}`)
    seen.asked += result.asked
    seen.allowed += result.allowed
    seen.restarts += result.restarts
  }
  // Neither refused nor allowed throughout, and often begun anew.
  expect(seen.allowed).toBeGreaterThan(seen.asked / 10)
  expect(seen.allowed).toBeLessThan(seen.asked / 2)
  expect(seen.restarts).toBeGreaterThan(count)
}

async function expectBreach(rule: RiskRule, run: Run): Promise<void> {
  for (let seed = 1; seed <= mostStreamsOfControl; seed++)
    if ((await run(seed)).breaches.includes(rule)) return
  expect.fail(`${mostStreamsOfControl} streams do not breach ${rule}`)
}

describe('limits of risk', () => {
  it(`property: ${streams} random streams of trades breach none, also across restarts`, async () => {
    await expectNoBreach(streams, (seed) =>
      runStream(seed, async (limits) => judgeByRules(limits)),
    )
  }, 120_000)

  it.each(ruleNames)(
    'control: without the rule %s its limit is breached',
    async (rule) => {
      await expectBreach(rule, (seed) =>
        runStream(seed, async (limits) => judgeByRules(limits, rule)),
      )
    },
  )
})

describe('limits of the service on its database', () => {
  it(
    `property: ${serviceStreams} random streams breach none, also where each restart has only the database`,
    async () => {
      await expectNoBreach(serviceStreams, byService('streams.sqlite'))
    },
    60_000 + 100 * serviceStreams,
  )

  it.each(ruleNames)(
    'control: without the rule %s its limit is breached',
    async (rule) => {
      vi.spyOn(rules, rule).mockReturnValue(undefined)
      await expectBreach(rule, byService(`without-${rule}.sqlite`))
    },
    60_000,
  )

  it.each<[string, string, RiskRule]>([
    ['its breaker', 'breakers', 'breaker'],
    ['its losses', 'risk_accounts', 'daily-loss'],
    ['its last trades', 'risk_accounts', 'rate-limit'],
    ['the routes that rest', 'risk_accounts', 'route-cool-down'],
    ['the room that is taken', 'risk_accounts', 'in-flight'],
  ])(
    'control: a restart that forgets %s breaches a limit',
    async (_, table, rule) => {
      const file = `forgets-${rule}.sqlite`
      await expectBreach(rule, byService(file, forgets(file, table)))
    },
    60_000,
  )
})
