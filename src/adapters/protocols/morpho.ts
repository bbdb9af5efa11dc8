import { compileContracts } from './compile.ts'
import type { GenuineLender } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'

/** Morpho Blue as a lender of what it holds, for no premium. Its package publishes source only; compiling takes about 20 s the first time. */
export const morpho: GenuineLender = {
  name: 'morpho',
  async deploy({ transactor, chainId }) {
    // The compiler and settings of its foundry.toml.
    const { Morpho } = compileContracts({
      compiler: 'solc-0.8.19',
      contracts: { Morpho: '@morpho-org/morpho-blue/src/Morpho.sol' },
      optimizerRuns: 999_999,
      evmVersion: 'paris',
      viaIR: true,
    })
    const address = await transactor.deploy(Morpho, [transactor.sender])
    return {
      lender: {
        name: 'morpho',
        chainId,
        kind: 'morpho',
        address,
        verified: true,
        source: 'source of npm @morpho-org/morpho-blue 1.0.0, solc 0.8.19',
      },
      async fund(token, amount) {
        const values = [address, amount]
        await transactor.send(token, erc20Artifact(), 'transfer', values)
      },
    }
  },
}
