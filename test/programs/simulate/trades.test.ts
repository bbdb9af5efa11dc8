import { describe, expect, it } from 'vitest'
import { judge, type Rival } from '../../../src/programs/simulate/trades.ts'
import { dropped, landed, planOf, reverted } from './support/trades.ts'

describe('judge', () => {
  const plan = planOf(100n)

  it.each([
    ['as-predicted', landed(100n), []],
    ['as-predicted', landed(100n), ['user']],
    ['changed-by-rival', landed(99n), ['user']],
    ['changed-by-rival', landed(101n), ['competitor']],
    ['lost-to-user', reverted(), ['user']],
    ['lost-to-competitor', reverted(), ['competitor']],
    ['lost-to-competitor', reverted(), ['user', 'competitor']],
    ['dropped', dropped, []],
  ] as const)('default: %s', (verdict, outcome, rivals) => {
    expect(judge({ plan, outcome, rivals })).toBe(verdict)
  })

  it.each([
    ['a wei less', landed(99n), []],
    ['a wei more', landed(101n), []],
    ['a revert', reverted(), []],
    ['a revert after a transaction of our own', reverted(), ['self']],
  ] as readonly [string, ReturnType<typeof landed>, readonly Rival[]][])(
    'behavior: %s without a rival is our fault',
    (_, outcome, rivals) => {
      expect(judge({ plan, outcome, rivals })).toBe('fault')
    },
  )
})
