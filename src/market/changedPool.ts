import { PoolInvalidError } from '../engine/errors.ts'
import type { PoolChange } from './marketBlock.ts'
import type { Pool } from './pool.ts'
import { checkedPool, familyNamed } from './pools/index.ts'

/**
 * The pool as a change of this block leaves it. A pair may be emptied, and
 * filled again later: until then it trades nothing.
 *
 * @throws PoolInvalidError where its family changes no such field, or a rule is broken.
 */
export function changedPool(
  pool: Pool,
  change: PoolChange,
  blockNumber: number,
): Pool {
  const family = familyNamed(pool.family)
  const { pool: _, ...fields } = change
  const names = Object.keys(fields) as (keyof typeof fields)[]
  for (const name of names)
    if (!family.changing.includes(name) || fields[name] === undefined)
      throw new PoolInvalidError(
        `a ${pool.family} pool does not change its ${name}`,
        {
          facts: { pool: pool.address, field: name },
          hint: `it may change ${family.changing.join(', ')}`,
        },
      )
  const changed = { ...pool, ...fields, blockNumber } as Pool
  if (change.ticks || change.knownTicks) return checkedPool(changed)
  // Zeros are nobody's fault here, all else is looked at.
  family.check(
    isEmptied(changed)
      ? ({
          ...changed,
          reserves: changed.reserves.map((one) => one || 1n),
        } as unknown as Pool)
      : changed,
  )
  return changed
}

/** Whether a pair has nothing of one of its tokens. */
export function isEmptied(
  pool: Pool,
): pool is Pool & { readonly reserves: readonly [bigint, bigint] } {
  switch (pool.family) {
    case 'constantProduct':
    case 'solidlyVolatile':
    case 'solidlyStable':
      return pool.reserves.includes(0n)
    default:
      return false
  }
}
