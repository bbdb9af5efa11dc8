import type { Hex } from '../core/hex.ts'
import { PoolInvalidError } from '../engine/errors.ts'
import type { Pool } from './pool.ts'
import { parseInteger } from './pools/fields.ts'
import { type Family, familyNamed, type PoolRow } from './pools/index.ts'

/** The fields of every pool row; its family adds its own. */
const identityFields = [
  'type',
  'dex',
  'family',
  'address',
  'tokens',
  'blockNumber',
]

/**
 * Reads a pool row: its state by its family, its identity as it stands there
 * (the market checks addresses and tokens when the pool is added).
 *
 * @param decimalsOf the decimals of two tokens, for families whose curve needs them.
 * @throws PoolInvalidError naming the field.
 */
export function parsePoolRow(
  row: PoolRow,
  decimalsOf: (tokens: readonly [Hex, Hex]) => readonly [number, number],
): Pool {
  const { address, dex, tokens, blockNumber, family: familyName } = row
  const { poolId, poolTokens } = row
  const family = familyNamed(familyName)
  refuseUnknownFields(row, family)
  if (typeof dex !== 'string' || !/^[\w.-]{1,64}$/.test(dex))
    throw new PoolInvalidError(`dex is no short name: ${JSON.stringify(dex)}`, {
      hint: 'letters, digits, dot and hyphen: uniswap-v3',
    })
  if (!Array.isArray(tokens) || tokens.length !== 2)
    throw new PoolInvalidError('tokens is no list of two addresses')
  const pair = tokens as unknown as readonly [Hex, Hex]
  return {
    address: address as Hex,
    dex,
    tokens: pair,
    ...(blockNumber !== undefined && {
      blockNumber: parseInteger(blockNumber, 'blockNumber'),
    }),
    ...(poolId !== undefined && { poolId: poolId as Hex }),
    ...(poolTokens !== undefined && {
      poolTokens: poolTokens as readonly Hex[],
    }),
    ...family.parse(row, () => decimalsOf(pair)),
  }
}

/** The file row of a pool. */
export function writePoolRow(pool: Pool): PoolRow {
  return {
    type: 'pool',
    dex: pool.dex,
    family: pool.family,
    address: pool.address,
    tokens: pool.tokens,
    ...(pool.poolId && { poolId: pool.poolId }),
    ...(pool.poolTokens && { poolTokens: pool.poolTokens }),
    ...familyNamed(pool.family).write(pool),
    blockNumber: pool.blockNumber,
  }
}

/** A field nobody reads is a misspelt one, or says what the family cannot compute. */
function refuseUnknownFields(row: PoolRow, family: Family): void {
  for (const name of Object.keys(row)) {
    if (identityFields.includes(name) || family.fields.includes(name)) continue
    throw new PoolInvalidError(
      `unknown field ${JSON.stringify(name)} in a ${family.name} pool`,
      {
        facts: { field: name, family: family.name },
        hint: `known fields: ${[...identityFields, ...family.fields].join(', ')}`,
      },
    )
  }
}
