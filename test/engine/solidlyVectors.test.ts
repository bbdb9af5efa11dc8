import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PoolState } from '../../src/engine/index.ts'
import { outcome } from '../support/compare.ts'
import { engineMakers } from '../support/engines.ts'

/** Answers of Aerodrome's own contract, chosen so that each branch of it is taken. */

type Row = {
  readonly family: 'solidlyVolatile' | 'solidlyStable'
  readonly feePips: number
  readonly decimals: readonly [number, number]
  readonly reserves: readonly [string, string]
  readonly zeroForOne: boolean
  readonly amountIn: string
  readonly answer: string
}

const [, ...rows] = readFileSync(
  join(import.meta.dirname, '../vectors/solidly.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)

describe.each(engineMakers)('$name engine: Solidly vectors', ({ create }) => {
  it(`all ${rows.length} answers equal, reverts included`, async () => {
    const engine = await create()
    engine.load({
      tokenCount: 2,
      pools: rows.map((row) => ({ tokens: [0, 1], state: stateOf(row) })),
    })
    const answers = rows.map(({ zeroForOne, amountIn }, pool) =>
      outcome(
        () => engine.quoteExactIn(pool, zeroForOne, BigInt(amountIn)).amountOut,
      ),
    )
    expect(rows.map((row, i) => ({ ...row, answer: `${answers[i]}` }))).toEqual(
      rows,
    )
  })
})

function stateOf({ family, feePips, decimals, reserves }: Row): PoolState {
  const [reserve0, reserve1] = reserves
  const shared = {
    feePips,
    reserves: [BigInt(reserve0), BigInt(reserve1)],
  } as const
  return family === 'solidlyStable'
    ? { family, decimals, ...shared }
    : { family, ...shared }
}
