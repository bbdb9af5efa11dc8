import { PoolInvalidError } from '../../engine/errors.ts'
import type {
  PoolFamily,
  QuotedFamily,
  QuotedState,
} from '../../engine/poolState.ts'
import { concentrated } from './concentrated.ts'
import { constantProduct } from './constantProduct.ts'
import type { Family } from './family.ts'
import { narrowKnownTicks } from './knownTicks.ts'
import { solidlyStable } from './solidlyStable.ts'
import { solidlyVolatile } from './solidlyVolatile.ts'
import { stable } from './stable.ts'
import { weighted } from './weighted.ts'

/** The curve families by name. */
export const families: { readonly [name in QuotedFamily]: Family } = {
  constantProduct,
  solidlyVolatile,
  solidlyStable,
  concentrated,
  weighted,
  stable,
}

/** Names of the known families. */
export const familyNames: readonly QuotedFamily[] = Object.keys(
  families,
) as QuotedFamily[]

/** Names of the families that engines search for cycles. */
export const searchedFamilyNames: readonly PoolFamily[] = [
  'constantProduct',
  'solidlyVolatile',
  'solidlyStable',
  'concentrated',
]

/**
 * The family of this name.
 * @throws PoolInvalidError where it is not known.
 */
export function familyNamed(name: unknown): Family {
  if (typeof name === 'string' && Object.hasOwn(families, name))
    return families[name as QuotedFamily]
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
export function checkedPool<P extends QuotedState>(pool: P): P {
  familyNamed(pool.family).check(pool)
  return pool.family === 'concentrated'
    ? { ...pool, ...narrowKnownTicks(pool) }
    : pool
}

export type { Family, PoolRow } from './family.ts'
