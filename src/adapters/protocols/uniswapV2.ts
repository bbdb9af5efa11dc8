import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import { publishedArtifact } from './artifact.ts'
import { deployPairs, pairArtifact } from './pairs.ts'
import type { Protocol } from './protocol.ts'

/** Uniswap V2, and under other names its forks with the same bytecode. */
export const uniswapV2: Protocol = {
  name: 'uniswap-v2',
  families: ['constantProduct'],
  deploy(setting, name) {
    return deployPairs(setting, {
      name,
      factory: publishedArtifact(
        '@uniswap/v2-core',
        'build/UniswapV2Factory.json',
      ),
      initCodeHash: keccak256(pairArtifact().bytecode) as Hex,
      source: 'bytecode of npm @uniswap/v2-core 1.0.1',
    })
  },
}
