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
  /** As asked for, with the tokens of the world. */
  readonly asked: Pool
  readonly deployment: Deployment
}

/**
 * Deploys the protocols that the pools name and finds each pool a place.
 * Where a factory refuses a pool, the protocol is deployed once more under a
 * name of its own: `uniswap-v2-2`. Where that cannot help, the pool goes to
 * the protocol its family is known by.
 *
 * @throws WorldInvalidError where no genuine contracts can have a pool.
 */
export async function placePools(
  setting: Setting,
  pools: readonly Pool[],
): Promise<readonly PlacedPool[]> {
  const deployed = new Map<string, Deployment[]>()
  const placed: PlacedPool[] = []

  const place = async (
    pool: Pool,
    dex: string,
    protocol: Protocol,
  ): Promise<Deployment | string> => {
    const key = `${dex} ${protocol.name}`
    const deployments = deployed.get(key) ?? []
    for (const deployment of deployments)
      if (deployment.reserve(pool) === undefined) return deployment
    const count = deployments.length
    const name = count === 0 ? dex : `${dex}-${count + 1}`
    const deployment = await protocol.deploy(setting, name)
    const refusal = deployment.reserve(pool)
    if (refusal !== undefined) return refusal
    deployed.set(key, [...deployments, deployment])
    return deployment
  }

  for (const asked of pools) {
    const { dex, family, address } = asked
    const protocol = genuineProtocol(asked)
    let deployment = await place(asked, dex, protocol)
    if (typeof deployment === 'string') {
      const usual = protocolOf('', family)!
      const refusal = deployment
      if (usual !== protocol) deployment = await place(asked, usual.name, usual)
      if (typeof deployment === 'string')
        throw new WorldInvalidError(
          `${protocol.name} cannot have pool ${address}: ${refusal}`,
          { facts: { pool: address, dex } },
        )
    }
    placed.push({ asked, deployment })
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
