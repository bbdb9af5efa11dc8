import type { Hex } from '../../core/hex.ts'
import { type Artifact, publishedArtifact } from './artifact.ts'
import type { GenuineLender, Setting } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'

/** As Balancer deployed it: pools may be paused for so many seconds, and the Vault. */
export const pauseWindow: readonly [bigint, bigint] = [7_776_000n, 2_592_000n]

export const balancerV2Source =
  'bytecode of npm @balancer-labs/v2-deployments 3.2.0'

/** A contract as Balancer V2 deployed it: task folder and name. */
export function balancerV2Artifact(task: string, name: string): Artifact {
  return publishedArtifact(
    '@balancer-labs/v2-deployments',
    `dist/tasks/${task}/artifact/${name}.json`,
  )
}

const vaults = new WeakMap<Setting, Promise<Hex>>()

/** The Vault of a setting: one, for pools and loans. Queued when first asked for. */
export function vaultOf(setting: Setting): Promise<Hex> {
  const vault = vaults.get(setting) ?? deployVault(setting)
  vaults.set(setting, vault)
  return vault
}

/** Balancer V2's Vault as a lender of what it holds, for no premium. */
export const balancerV2Vault: GenuineLender = {
  name: 'balancer-v2',
  async deploy(setting) {
    const { transactor, chainId } = setting
    const address = await vaultOf(setting)
    return {
      lender: {
        name: 'balancer-v2',
        chainId,
        kind: 'balancerV2',
        address,
        verified: true,
        source: balancerV2Source,
      },
      async fund(token, amount) {
        const values = [address, amount]
        await transactor.send(token, erc20Artifact(), 'transfer', values)
      },
    }
  },
}

async function deployVault(setting: Setting): Promise<Hex> {
  const { transactor, wrappedNative } = setting
  const authorizer = await transactor.deploy(
    balancerV2Artifact('20210418-authorizer', 'Authorizer'),
    [transactor.sender],
  )
  return await transactor.deploy(
    balancerV2Artifact('20210418-vault', 'Vault'),
    [authorizer, wrappedNative, ...pauseWindow],
  )
}
