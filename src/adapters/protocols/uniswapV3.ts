import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import { publishedArtifact } from './artifact.ts'
import type { Protocol } from './protocol.ts'
import { v3Deployment } from './v3Pools.ts'

const core = '@uniswap/v3-core'
const periphery = '@uniswap/v3-periphery'

/** Uniswap V3 with its QuoterV2, and under other names its forks with the same bytecode. */
export const uniswapV3: Protocol = {
  name: 'uniswap-v3',
  families: ['concentrated'],
  async deploy(setting, name) {
    const { transactor, chainId, wrappedNative } = setting
    const factory = publishedArtifact(
      core,
      'artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
    )
    const pool = publishedArtifact(
      core,
      'artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json',
    )
    const quoterV2 = publishedArtifact(
      periphery,
      'artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json',
    )
    const address = await transactor.deploy(factory)
    const quoter = await transactor.deploy(quoterV2, [address, wrappedNative])
    return v3Deployment(setting, {
      dex: {
        name,
        chainId,
        protocol: 'uniswap-v3',
        address,
        quoter,
        initCodeHash: keccak256(pool.bytecode) as Hex,
        verified: true,
        source: 'bytecode of npm @uniswap/v3-core 1.0.1',
      },
      factory,
      pool,
      // The tier of 100 pips was voted in later.
      tiers: { 500: 10, 3000: 60, 10000: 200 },
    })
  },
}
