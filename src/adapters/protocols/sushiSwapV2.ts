import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import { compileContracts } from './compile.ts'
import { deployPairs } from './pairs.ts'
import type { Protocol } from './protocol.ts'

const folder = '@sushiswap/core/contracts/uniswapv2'

/** SushiSwap's own factory and pair; its package publishes their source only. */
export const sushiSwapV2: Protocol = {
  name: 'sushiswap-v2',
  families: ['constantProduct'],
  deploy(setting, name) {
    // The compiler and settings of its hardhat.config.
    const { UniswapV2Factory, UniswapV2Pair } = compileContracts({
      compiler: 'solc-0.6.12',
      contracts: {
        UniswapV2Factory: `${folder}/UniswapV2Factory.sol`,
        UniswapV2Pair: `${folder}/UniswapV2Pair.sol`,
      },
      optimizerRuns: 200,
      evmVersion: 'istanbul',
    })
    return deployPairs(setting, {
      name,
      factory: UniswapV2Factory,
      // Not the hash on live chains: compiler metadata differs.
      initCodeHash: keccak256(UniswapV2Pair.bytecode) as Hex,
      source: 'source of npm @sushiswap/core 1.4.2, solc 0.6.12',
    })
  },
}
