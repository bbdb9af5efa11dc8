import { PoolInvalidError } from '../../engine/errors.ts'
import type { PoolFamily, PoolState } from '../../engine/poolState.ts'
import { concentrated } from './concentrated.ts'
import { constantProduct } from './constantProduct.ts'
import type { Family } from './family.ts'
import { narrowKnownTicks } from './knownTicks.ts'
import { solidlyStable } from './solidlyStable.ts'
import { solidlyVolatile } from './solidlyVolatile.ts'

/**
 * The curve families by name. `stable` (Curve) and `weighted` (Balancer) join
 * here: one file and one line each.
 */
export const families: { readonly [name in PoolFamily]: Family } = {
  constantProduct,
  solidlyVolatile,
  solidlyStable,
  concentrated,
}

/** Names of the known families. */
export const familyNames: readonly PoolFamily[] = Object.keys(
  families,
) as PoolFamily[]

/**
 * The family of this name.
 * @throws PoolInvalidError where it is not known.
 */
export function familyNamed(name: unknown): Family {
  if (typeof name === 'string' && Object.hasOwn(families, name))
    return families[name as PoolFamily]
  throw new PoolInvalidError(`unknown family ${JSON.stringify(name)}`, {
    facts: { family: name },
    hint: `known families: ${familyNames.join(', ')}`,
  })
}

/**
 * Holds a state against the rules of its family; the ticks of a concentrated
 * pool are taken as known no further than they prove (see narrowKnownTicks).
 * @throws PoolInvalidError naming the rule and the value.
 */
export function checkedPool<P extends PoolState>(pool: P): P {
  familyNamed(pool.family).check(pool)
  return pool.family === 'concentrated'
    ? { ...pool, ...narrowKnownTicks(pool) }
    : pool
}

export type { Family, PoolRow } from './family.ts'
