import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    'bot/chainWorker': 'src/programs/bot/chainWorker.ts',
    'bot/index': 'src/programs/bot/index.ts',
    'chains/index': 'src/adapters/chains/index.ts',
    'config/index': 'src/programs/config/index.ts',
    'contracts/index': 'src/contracts/index.ts',
    'engine/index': 'src/engine/index.ts',
    'market/index': 'src/market/index.ts',
    'cli/index': 'src/cli/index.ts',
    'dexes/index': 'src/adapters/dexes/index.ts',
    'evm/index': 'src/adapters/evm/index.ts',
    'feeds/index': 'src/adapters/feeds/index.ts',
    'keys/index': 'src/adapters/keys/index.ts',
    'lenders/index': 'src/adapters/lenders/index.ts',
    'relays/index': 'src/adapters/relays/index.ts',
    'risk/index': 'src/services/risk/index.ts',
    'rpc/index': 'src/adapters/rpc/index.ts',
    'simulate/index': 'src/programs/simulate/index.ts',
    'stores/index': 'src/adapters/stores/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  deps: {
    neverBundle: [
      // Of the parts only the command line imports them.
      /^node:/,
      // Machine code, loaded only where it is asked for.
      '@nomicfoundation/edr',
      'better-sqlite3',
    ],
  },
  target: 'es2024',
  dts: true,
  clean: true,
})

export default config
