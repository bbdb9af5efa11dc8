import {
  balancerV3FunderAbi,
  balancerV3FunderBytecode,
} from '../../contracts/generated/balancerV3Funder.ts'
import {
  liquidityMinterAbi,
  liquidityMinterBytecode,
} from '../../contracts/generated/liquidityMinter.ts'
import {
  poolDeployerAbi,
  poolDeployerBytecode,
} from '../../contracts/generated/poolDeployer.ts'
import {
  poolTraderAbi,
  poolTraderBytecode,
} from '../../contracts/generated/poolTrader.ts'
import {
  testTokenAbi,
  testTokenBytecode,
} from '../../contracts/generated/testToken.ts'
import {
  tokenProbeAbi,
  tokenProbeBytecode,
} from '../../contracts/generated/tokenProbe.ts'
import type { Hex } from '../../core/hex.ts'
import { type Artifact, makeArtifact } from './artifact.ts'
import { multicall3 } from './multicall3.ts'
import type { Transactor } from './transactor.ts'

/** Where the contracts are that all protocols share; but for Multicall3 those of contracts/world: what the protocols leave to others. */
export type HelperAddresses = {
  /** Adds positions to pools with V3 mint callbacks; paid by the deployer. */
  readonly liquidityMinter: Hex
  /** Swaps with pairs and with pools that call back; paid by the caller. */
  readonly poolTrader: Hex
  readonly multicall3: Hex
}

/** Queues the deployment of those that all protocols share. */
export async function deployHelpers(
  transactor: Transactor,
): Promise<HelperAddresses> {
  return {
    liquidityMinter: await transactor.deploy(liquidityMinter),
    poolTrader: await transactor.deploy(poolTrader),
    multicall3: await transactor.deploy(multicall3),
  }
}

export const balancerV3Funder: Artifact = makeArtifact(
  'BalancerV3Funder',
  balancerV3FunderAbi,
  balancerV3FunderBytecode,
)
export const liquidityMinter: Artifact = makeArtifact(
  'LiquidityMinter',
  liquidityMinterAbi,
  liquidityMinterBytecode,
)
export const poolDeployer: Artifact = makeArtifact(
  'PoolDeployer',
  poolDeployerAbi,
  poolDeployerBytecode,
)
export const poolTrader: Artifact = makeArtifact(
  'PoolTrader',
  poolTraderAbi,
  poolTraderBytecode,
)
export const testToken: Artifact = makeArtifact(
  'TestToken',
  testTokenAbi,
  testTokenBytecode,
)
/** Buys a token and sells it again, on a copy of a chain. */
export const tokenProbe: Artifact = makeArtifact(
  'TokenProbe',
  tokenProbeAbi,
  tokenProbeBytecode,
)
