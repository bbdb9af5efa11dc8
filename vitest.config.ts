import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { APEX_CACHE: join(import.meta.dirname, '.cache') },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
