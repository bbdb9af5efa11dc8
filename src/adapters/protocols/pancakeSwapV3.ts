import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import { publishedArtifact } from './artifact.ts'
import { poolDeployer } from './helpers.ts'
import type { Protocol } from './protocol.ts'
import { v3Deployment } from './v3Pools.ts'

const core = '@pancakeswap/v3-core'

/** PancakeSwap V3: its factory and pools; the deployer between them is ours, as the package has none. */
export const pancakeSwapV3: Protocol = {
  name: 'pancakeswap-v3',
  families: ['concentrated'],
  async deploy(setting, name) {
    const { transactor, chainId } = setting
    const factory = publishedArtifact(
      core,
      'artifacts/contracts/PancakeV3Factory.sol/PancakeV3Factory.json',
    )
    const pool = publishedArtifact(
      core,
      'artifacts/contracts/PancakeV3Pool.sol/PancakeV3Pool.json',
    )
    // Each is told the other's address when it is made.
    const [, factoryAddress] = await transactor.nextAddresses(2)
    const deployer = await transactor.deploy(poolDeployer, [
      factoryAddress,
      pool.bytecode,
    ])
    const address = await transactor.deploy(factory, [deployer])
    return v3Deployment(setting, {
      dex: {
        name,
        chainId,
        protocol: 'pancakeswap-v3',
        address,
        initCodeHash: keccak256(pool.bytecode) as Hex,
        verified: true,
        source: 'bytecode of npm @pancakeswap/v3-core 1.0.2',
      },
      factory,
      pool,
      tiers: { 100: 1, 500: 10, 2500: 50, 10000: 200 },
    })
  },
}
