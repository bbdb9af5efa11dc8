import type { Hex } from '../core/hex.ts'
import { keccakText } from '../core/keccak.ts'
import type { Market } from './market.ts'
import { writePoolRow } from './poolRow.ts'

/**
 * One hash for the states of all pools: markets have the same where they have
 * the same pools in the same states, in whatever order they came in. The
 * blocks that pools were last changed at are no part of it.
 *
 * @example
 * stateHash(kept) === stateHash(await readMarketFile('fresh.jsonl'))
 */
export function stateHash(market: Market): Hex {
  const rows = market.pools.map((pool) => {
    const { blockNumber: _, ...row } = writePoolRow(pool)
    return JSON.stringify(row)
  })
  return keccakText(rows.sort().join('\n'))
}
