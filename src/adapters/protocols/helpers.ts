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
import type { Hex } from '../../core/hex.ts'
import { type Artifact, makeArtifact } from './artifact.ts'
import type { Transactor } from './transactor.ts'

/** Where the helper contracts of contracts/world are: what the protocols leave to others. */
export type HelperAddresses = {
  /** Adds positions to pools with V3 mint callbacks; paid by the deployer. */
  readonly liquidityMinter: Hex
  /** Swaps with pairs and with pools that call back; paid by the caller. */
  readonly poolTrader: Hex
}

/** Queues the deployment of those that all protocols share. */
export async function deployHelpers(
  transactor: Transactor,
): Promise<HelperAddresses> {
  return {
    liquidityMinter: await transactor.deploy(liquidityMinter),
    poolTrader: await transactor.deploy(poolTrader),
  }
}

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
const helpers: Readonly<Record<HelperName, Artifact>> = {
  LiquidityMinter: liquidityMinter,
  PoolDeployer: poolDeployer,
  PoolTrader: poolTrader,
  TestToken: testToken,
}

type HelperName =
  | 'LiquidityMinter'
  | 'PoolDeployer'
  | 'PoolTrader'
  | 'TestToken'

export function helperArtifact(name: HelperName): Artifact {
  return helpers[name]
}
