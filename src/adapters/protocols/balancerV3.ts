import type { Hex } from '../../core/hex.ts'
import type { Artifact } from './artifact.ts'
import { compileContracts } from './compile.ts'
import { balancerV3Funder, testToken } from './helpers.ts'
import type { GenuineLender, Setting } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'
import { readContract } from './transactor.ts'

const folder = '@balancer-labs/v3-vault/contracts'
/** Seconds in which pools and Vault may be paused, and the buffer after them, as deployed. */
const pauseWindow = [126_144_000, 15_552_000] as const
/** With 18 decimals, as deployed: least amounts of a trade and of wrapping. */
const leastAmounts = [1_000_000n, 10_000n] as const
const unlimited = (1n << 256n) - 1n
/** The Vault keeps a pool's balance, scaled to 18 decimals, in 128 bits. */
const balanceBits = 127n

/**
 * Balancer V3's Vault as a lender of what pools brought in, for no premium.
 * Its package publishes source only; compiling takes about a minute the first
 * time.
 */
export const balancerV3: GenuineLender = {
  name: 'balancer-v3',
  async deploy(setting) {
    const { transactor, chainId } = setting
    const address = await deployVault(setting)
    // A pool has two tokens at least: this one stands beside what is to be lent.
    const filler = await transactor.deploy(testToken, ['Filler', 'FILL', 18])
    return {
      lender: {
        name: 'balancer-v3',
        chainId,
        kind: 'balancerV3',
        address,
        verified: true,
        source: 'source of npm @balancer-labs/v3-vault 1.0.0, solc 0.8.37',
      },
      async fund(token, amount) {
        const { sender, rpc } = transactor
        const [decimals] = await readContract(
          rpc,
          token,
          erc20Artifact(),
          'decimals',
        )
        const most = (1n << balanceBits) / 10n ** (18n - (decimals as bigint))
        const funder = await transactor.deploy(balancerV3Funder, [address])
        const pair = [token, filler].sort((a, b) =>
          BigInt(a) < BigInt(b) ? -1 : 1,
        )
        const deposited = amount < most ? amount : most
        const amounts = pair.map((one) => (one === token ? deposited : 1n))
        await transactor.send(filler, testToken, 'mint', [sender, 1n])
        for (const one of pair) {
          const values = [funder, unlimited]
          await transactor.send(one, erc20Artifact(), 'approve', values)
        }
        const values = [pair, amounts]
        await transactor.send(funder, balancerV3Funder, 'fund', values)
      },
    }
  },
}

async function deployVault({ transactor }: Setting): Promise<Hex> {
  const { Vault, VaultExtension, VaultAdmin, ProtocolFeeController } =
    vaultArtifacts()
  const { sender } = transactor
  // Vault, extension and admin call one another: each is told the others' addresses.
  const [admin, extension, feeController, vault] =
    await transactor.nextAddresses(4)
  await transactor.deploy(VaultAdmin, [vault, ...pauseWindow, ...leastAmounts])
  await transactor.deploy(VaultExtension, [vault, admin])
  await transactor.deploy(ProtocolFeeController, [vault, 0n, 0n])
  return await transactor.deploy(Vault, [extension, sender, feeController])
}

type VaultPart =
  | 'Vault'
  | 'VaultExtension'
  | 'VaultAdmin'
  | 'ProtocolFeeController'

function vaultArtifacts(): Readonly<Record<VaultPart, Artifact>> {
  return compileContracts({
    compiler: 'solc',
    contracts: {
      Vault: `${folder}/Vault.sol`,
      VaultExtension: `${folder}/VaultExtension.sol`,
      VaultAdmin: `${folder}/VaultAdmin.sol`,
      ProtocolFeeController: `${folder}/ProtocolFeeController.sol`,
    },
    // Balancer's 500 runs leave the Vault too large for a chain with this compiler.
    optimizerRuns: 1,
    evmVersion: 'cancun',
    viaIR: true,
  })
}
