import type { Hex } from '../../core/hex.ts'
import type { Dex } from '../../market/dex.ts'
import type { Artifact } from './artifact.ts'
import {
  asConcentrated,
  fillPool,
  type PoolDialect,
  poolSwapCall,
  readPoolState,
} from './concentratedPools.ts'
import type { Deployment, Setting } from './protocol.ts'
import { readContract } from './transactor.ts'

/** A factory of fee tiers in the manner of Uniswap V3, and its pools. */
export type V3Options = {
  readonly dex: Dex
  readonly factory: Artifact
  readonly pool: Artifact
  /** Tick spacing by fee in pips, of the tiers it starts with. */
  readonly tiers: Readonly<Record<number, number>>
}

/** What `enableFeeAmount` takes. */
const maxTierSpacing = 16383

/** What all deployments of V3 factories have in common, once the factory is queued. */
export function v3Deployment(
  setting: Setting,
  { dex, factory, pool: poolArtifact, tiers }: V3Options,
): Deployment {
  const { transactor } = setting
  const { rpc } = transactor
  const tierSpacings = new Map(
    Object.entries(tiers).map(([fee, spacing]) => [Number(fee), spacing]),
  )
  const enabled = new Set(tierSpacings.keys())
  const taken = new Set<string>()
  const dialect: PoolDialect = {
    pool: poolArtifact,
    slotFunction: 'slot0',
    mintFunction: 'mintUniswap',
  }

  return {
    dex,

    reserve(pool) {
      if (pool.family !== 'concentrated')
        return `${dex.name} has no ${pool.family} pools`
      const { feePips, tickSpacing, tokens } = pool
      const spacing = tierSpacings.get(feePips) ?? tickSpacing
      if (spacing !== tickSpacing)
        return `its tier of ${feePips} pips has spacing ${spacing}, not ${tickSpacing}`
      if (tickSpacing > maxTierSpacing)
        return `tick spacing ${tickSpacing} is above ${maxTierSpacing}`
      if (taken.has(`${tokens} ${feePips}`))
        return 'the factory makes one pool of two tokens and a fee'
      taken.add(`${tokens} ${feePips}`)
      tierSpacings.set(feePips, spacing)
      return undefined
    },

    async createPools(pools) {
      for (const pool of pools) {
        const { tokens, feePips, tickSpacing } = asConcentrated(pool)
        if (!enabled.has(feePips)) {
          enabled.add(feePips)
          const values = [feePips, tickSpacing]
          await transactor.send(dex.address, factory, 'enableFeeAmount', values)
        }
        const values = [...tokens, feePips]
        await transactor.send(dex.address, factory, 'createPool', values)
      }
      await transactor.flush()
      const addresses: Hex[] = []
      for (const pool of pools) {
        const values = [...pool.tokens, asConcentrated(pool).feePips]
        const [address] = await readContract(
          rpc,
          dex.address,
          factory,
          'getPool',
          values,
        )
        addresses.push(address as Hex)
        await fillPool(setting, dialect, address as Hex, asConcentrated(pool))
      }
      await transactor.flush()
      return addresses
    },

    async readPool(pool) {
      const { address, tokens } = pool
      const [fee] = await readContract(rpc, address, poolArtifact, 'fee')
      const [spacing] = await readContract(
        rpc,
        address,
        poolArtifact,
        'tickSpacing',
      )
      const fixed = { feePips: Number(fee), tickSpacing: Number(spacing) }
      const state = await readPoolState(rpc, dialect, address, fixed)
      return { address, dex: dex.name, tokens, ...state }
    },

    async swapCall(swap) {
      return poolSwapCall(setting, swap)
    },
  }
}
