import { ApexError } from '../core/errors.ts'
import { maxTick, minTick } from '../engine/reference/tickMath.ts'
import { changedPool } from './changedPool.ts'
import type { Market } from './market.ts'
import type { MarketBlock, PoolChange } from './marketBlock.ts'
import type { Pool } from './pool.ts'

/**
 * Takes a pool out of trading whose state is not known any more: it holds
 * nothing until a log of its own tells its state anew. Undefined for pools that
 * cannot be empty: they keep their last state.
 */
export function closedPool(pool: Pool): PoolChange | undefined {
  switch (pool.family) {
    case 'constantProduct':
    case 'solidlyVolatile':
    case 'solidlyStable':
      return { pool: pool.address, reserves: [0n, 0n] }
    case 'concentrated': {
      const { tick, tickSpacing } = pool
      const below = Math.floor(tick / tickSpacing) * tickSpacing
      return {
        pool: pool.address,
        liquidity: 0n,
        ticks: [],
        knownTicks: [
          Math.max(below, minTick),
          Math.min(below + tickSpacing, maxTick),
        ],
      }
    }
    default:
      return undefined
  }
}

/** A block that fits a market, and why changes of it were left away. */
export type FittingBlock = {
  readonly block: MarketBlock
  /** Empty where all fit. */
  readonly faults: readonly ApexError[]
}

/**
 * The block without the changes that lead to no state their pool can have: such
 * a pool is closed, the others follow their logs.
 */
export function withoutMisfits(
  market: Market,
  block: MarketBlock,
): FittingBlock {
  const states = new Map<string, Pool>()
  const faults: ApexError[] = []
  const changes = block.changes.flatMap((change) => {
    const key = change.pool.toLowerCase()
    const pool = states.get(key) ?? market.poolAt(change.pool)
    const candidates = [change, pool && closedPool(pool)]
    for (const candidate of candidates)
      try {
        if (!pool || !candidate) continue
        states.set(key, changedPool(pool, candidate, block.blockNumber))
        return [candidate]
      } catch (error) {
        if (!(error instanceof ApexError)) throw error
        faults.push(error)
      }
    return []
  })
  return { block: { ...block, changes }, faults }
}
