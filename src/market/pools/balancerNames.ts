import { parseAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { PoolInvalidError } from '../../engine/errors.ts'
import type { Pool, PoolIdentity } from '../pool.ts'

/**
 * The names a Balancer pool has beside its address, held against the rules:
 * the id begins with the address, and a stable pool's balances are each of a
 * token, the traded pair at its places.
 *
 * @param address parsed address of the pool; `tokens` those of the pair.
 * @throws PoolInvalidError, AddressInvalidError
 */
export function checkedNames(
  pool: Pool,
  address: Hex,
  tokens: readonly [Hex, Hex],
): Pick<PoolIdentity, 'poolId' | 'poolTokens'> {
  if (pool.family !== 'weighted' && pool.family !== 'stable') return {}
  const poolId = checkedPoolId(pool.poolId, address)
  if (pool.family === 'weighted') return { poolId }
  const poolTokens = (pool.poolTokens ?? tokens).map(parseAddress)
  if (poolTokens.length !== pool.balances.length)
    throw new PoolInvalidError(
      `${poolTokens.length} poolTokens for ${pool.balances.length} balances`,
      { facts: { pool: address, poolTokens } },
    )
  for (const i of [0, 1] as const)
    if (poolTokens[pool.pair[i]] !== tokens[i])
      throw new PoolInvalidError(
        `poolTokens[${pool.pair[i]}] is not token${i}: ${poolTokens[pool.pair[i]]}`,
        { facts: { pool: address, poolTokens, pair: pool.pair } },
      )
  return { poolId, poolTokens }
}

/** An id is the address, two bytes of kind and ten of a number. */
function checkedPoolId(poolId: unknown, address: Hex): Hex {
  if (
    typeof poolId !== 'string' ||
    !/^0x[\da-f]{64}$/i.test(poolId) ||
    !poolId.toLowerCase().startsWith(address.toLowerCase())
  )
    throw new PoolInvalidError(
      `poolId is not the pool's address and 12 bytes more: ${JSON.stringify(poolId)}`,
      {
        facts: { pool: address, poolId },
        hint: 'the contract tells it: getPoolId()',
      },
    )
  return poolId.toLowerCase() as Hex
}
