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
  tickReaderAbi,
  tickReaderBytecode,
} from '../../contracts/generated/tickReader.ts'
import { type Artifact, makeArtifact } from './artifact.ts'

/** Our own contracts of contracts/world: what the protocols leave to others. */

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
export const tickReader: Artifact = makeArtifact(
  'TickReader',
  tickReaderAbi,
  tickReaderBytecode,
)

const helpers = {
  LiquidityMinter: liquidityMinter,
  PoolDeployer: poolDeployer,
  PoolTrader: poolTrader,
  TestToken: testToken,
  TickReader: tickReader,
} as const

export function helperArtifact(name: keyof typeof helpers): Artifact {
  return helpers[name]
}
