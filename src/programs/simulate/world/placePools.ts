import {
  type Deployment,
  type Protocol,
  protocolOf,
  type Setting,
  WorldInvalidError,
} from '../../../adapters/protocols/index.ts'
import type { Pool } from '../../../market/pool.ts'

/** A pool with the deployed protocol it lives in. */
export type PlacedPool = {
  /** As asked for, with the tokens of the world and the label of its DEX. */
  readonly asked: Pool
  readonly deployment: Deployment
}

/**
 * Deploys the protocols that the pools name and finds each pool a place.
 * Where a factory refuses a pool, the protocol is deployed once more under a
 * name of its own: `uniswap-v2-2`.
 *
 * @throws WorldInvalidError where no genuine contracts of a pool's kind are to be had.
 */
export async function placePools(
  setting: Setting,
  pools: readonly Pool[],
): Promise<readonly PlacedPool[]> {
  const deployed = new Map<string, Deployment[]>()
  const placed: PlacedPool[] = []
  for (const pool of pools) {
    const protocol = genuineProtocol(pool)
    const key = `${pool.dex} ${protocol.name}`
    const deployments = deployed.get(key) ?? []
    deployed.set(key, deployments)
    let deployment = deployments.find((d) => d.reserve(pool) === undefined)
    if (!deployment) {
      const place = deployments.length
      const name = place === 0 ? pool.dex : `${pool.dex}-${place + 1}`
      deployment = await protocol.deploy(setting, name)
      const refusal = deployment.reserve(pool)
      if (refusal !== undefined)
        throw new WorldInvalidError(
          `${protocol.name} cannot have pool ${pool.address}: ${refusal}`,
          { facts: { pool: pool.address, dex: pool.dex } },
        )
      deployments.push(deployment)
    }
    placed.push({ asked: { ...pool, dex: deployment.dex.name }, deployment })
  }
  return placed
}

function genuineProtocol({ dex, family, address }: Pool): Protocol {
  const protocol = protocolOf(dex, family)
  if (protocol) return protocol
  throw new WorldInvalidError(
    `nobody has published the contracts of ${family} pools such as ${address} of ${dex}`,
    {
      facts: { pool: address, dex, family },
      hint: 'leave these pools out of the market',
    },
  )
}
