import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The contracts' tests on chains that report which counters were passed. */
const config: ViteUserConfig = defineConfig({
  test: {
    root: join(import.meta.dirname, '../../..'),
    include: ['test/contracts/*.test.ts'],
    // Forge runs on a machine of its own; gas is not that of the shipped code.
    exclude: [
      'test/contracts/invariants.test.ts',
      'test/contracts/gas.test.ts',
      'test/contracts/genuine.test.ts',
    ],
    env: { APEX_CACHE: join(import.meta.dirname, '../../../.cache') },
    setupFiles: ['test/contracts/coverage/collect.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})

export default config
