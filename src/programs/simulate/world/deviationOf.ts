import type { Pool } from '../../../market/pool.ts'
import type { Deviation } from './world.ts'

/** Fields that are never as asked. */
const placeFields = new Set(['address', 'poolId', 'blockNumber'])

/** How a pool, as read back, differs from what was asked for; undefined where it does not. */
export function deviationOf(asked: Pool, pool: Pool): Deviation | undefined {
  const was: Readonly<Record<string, unknown>> = asked
  const is: Readonly<Record<string, unknown>> = pool
  const differing = Object.keys(is).filter(
    (name) => !placeFields.has(name) && text(was[name]) !== text(is[name]),
  )
  if (differing.length === 0) return undefined
  const details = differing.map(
    (name) => `${name} is ${text(is[name])}, asked was ${text(was[name])}`,
  )
  return { pool, detail: details.join('; ') }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'bigint' ? `${part}` : part,
  )
}
