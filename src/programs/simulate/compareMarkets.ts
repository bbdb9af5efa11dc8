import type { Market } from '../../market/market.ts'
import type { Pool } from '../../market/pool.ts'

/**
 * Compares pools kept by logs with pools read from the contracts; says of each
 * that differs in what, with both values. The block they were last changed at is
 * no part of it: a reading does not know.
 */
export function compareMarkets(kept: Market, read: Market): string[] {
  return read.pools.flatMap((fresh) => {
    const pool = kept.pool(fresh.address)
    const fields = differentFields(pool, fresh)
    return fields.length === 0
      ? []
      : [
          `pool ${pool.address} (${pool.dex}) at block ${read.blockNumber}: ${fields.join('; ')}`,
        ]
  })
}

function differentFields(kept: Pool, fresh: Pool): string[] {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(fresh)])]
  return names
    .filter((name) => name !== 'blockNumber')
    .map((name) => {
      const [a, b] = [text(kept, name), text(fresh, name)]
      return a === b ? '' : `${name} ${a} by logs, ${b} by the contract`
    })
    .filter((difference) => difference !== '')
}

function text(pool: Pool, name: string): string {
  const value: unknown = pool[name as keyof Pool]
  return JSON.stringify(value ?? null, (_, entry: unknown) =>
    typeof entry === 'bigint' ? `${entry}` : entry,
  )
}
