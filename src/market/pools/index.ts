import { PoolInvalidError } from '../../engine/errors.ts'
import type { PoolFamily, PoolState } from '../../engine/poolState.ts'
import { concentrated } from './concentrated.ts'
import { constantProduct } from './constantProduct.ts'
import type { Family } from './family.ts'
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
 * Holds a state against the rules of its family.
 * @throws PoolInvalidError naming the rule and the value.
 */
export function checkPoolState(state: PoolState): void {
  familyNamed(state.family).check(state)
}

export type { Family, PoolRow } from './family.ts'
