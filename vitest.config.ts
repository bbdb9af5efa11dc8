import { join } from 'node:path'
import {
  configDefaults,
  defineConfig,
  type ViteUserConfig,
} from 'vitest/config'

/** Tests of what minds the time, with nodes and bots of its own: each has the machine to itself. */
const timed = [
  'test/adapters/feeds/**/*.test.ts',
  'test/adapters/relays/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/programs/bot/**/*.test.ts',
]

const config: ViteUserConfig = defineConfig({
  test: {
    env: { APEX_CACHE: join(import.meta.dirname, '.cache') },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'plain',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...timed],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: timed,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

export default config
