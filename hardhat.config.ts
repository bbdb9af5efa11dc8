import { createRequire } from 'node:module'
import { defineConfig, type HardhatUserConfig } from 'hardhat/config'

const require = createRequire(import.meta.url)

/** Compiles contracts/ with the compiler that npm carries: nothing is downloaded. */
const config: HardhatUserConfig = defineConfig({
  solidity: {
    profiles: {
      default: {
        // Each file with what it imports and nothing else: what the compiler makes of a file depends on all that it compiles with it.
        isolated: true,
        compilers: [
          {
            version: '0.8.37',
            path: require.resolve('solc/soljson.js'),
            settings: {
              evmVersion: 'cancun',
              viaIR: true,
              optimizer: { enabled: true, runs: 1_000_000 },
            },
          },
        ],
      },
    },
  },
  paths: {
    sources: './contracts',
    artifacts: './.cache/hardhat/artifacts',
    cache: './.cache/hardhat/cache',
    tests: { solidity: './contracts/none' },
  },
})

export default config
