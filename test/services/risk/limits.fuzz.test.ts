import { describe, expect, it } from 'vitest'
import { type RiskRule, rules } from '../../../src/services/risk/judgeTrade.ts'
import { runStream } from './streams.ts'

const streams = 100_000
/** A rule that is missing shows much sooner than in all streams. */
const mostStreamsOfControl = 5000

describe('limits of risk', () => {
  it(`property: ${streams} random streams of trades breach none, also across restarts`, () => {
    const seen = { asked: 0, allowed: 0, restarts: 0 }
    for (let seed = 1; seed <= streams; seed++) {
      const result = runStream(seed)
      if (result.breaches.length > 0)
        expect.fail(`stream ${seed} breaches ${result.breaches}`)
      seen.asked += result.asked
      seen.allowed += result.allowed
      seen.restarts += result.restarts
    }
    // Neither refused nor allowed throughout, and often read back.
    expect(seen.allowed).toBeGreaterThan(seen.asked / 10)
    expect(seen.allowed).toBeLessThan(seen.asked / 2)
    expect(seen.restarts).toBeGreaterThan(streams)
  }, 120_000)

  it.each(Object.keys(rules) as RiskRule[])(
    'control: without the rule %s its limit is breached',
    (rule) => {
      let seed = 1
      while (seed <= mostStreamsOfControl) {
        if (runStream(seed, rule).breaches.includes(rule)) return
        seed++
      }
      expect.fail(`${seed} streams without the rule ${rule} breach nothing`)
    },
  )
})
