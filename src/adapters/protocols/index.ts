import type { QuotedFamily } from '../../engine/poolState.ts'
import { aaveV3 } from './aaveV3.ts'
import { algebraIntegral } from './algebraIntegral.ts'
import { algebraV1 } from './algebraV1.ts'
import { balancerV2 } from './balancerV2.ts'
import { balancerV2Vault } from './balancerV2Vault.ts'
import { balancerV3 } from './balancerV3.ts'
import { morpho } from './morpho.ts'
import { pancakeSwapV3 } from './pancakeSwapV3.ts'
import type { GenuineLender, Protocol } from './protocol.ts'
import { sushiSwapV2 } from './sushiSwapV2.ts'
import { uniswapV2 } from './uniswapV2.ts'
import { uniswapV3 } from './uniswapV3.ts'
import { uniswapV4, uniswapV4Manager } from './uniswapV4.ts'

/** Protocols whose genuine contracts are to be had; of a family, the first stands for unknown DEXes. */
export const protocols: readonly Protocol[] = [
  uniswapV2,
  sushiSwapV2,
  uniswapV3,
  pancakeSwapV3,
  uniswapV4,
  algebraV1,
  algebraIntegral,
  balancerV2,
]

/** Lenders whose genuine contracts are to be had. */
export const genuineLenders: readonly GenuineLender[] = [
  balancerV2Vault,
  morpho,
  aaveV3,
  uniswapV4Manager,
  balancerV3,
]

/**
 * The protocol behind a DEX: that of its name, or else the one its family is
 * known by; undefined where nobody published one.
 */
export function protocolOf(
  dex: string,
  family: QuotedFamily,
): Protocol | undefined {
  const able = protocols.filter(({ families }) => families.includes(family))
  return able.find(({ name }) => name === dex) ?? able[0]
}

export {
  type Artifact,
  makeArtifact,
  publishedArtifact,
} from './artifact.ts'
export { WorldInvalidError } from './errors.ts'
export { deployHelpers, testToken, tokenProbe } from './helpers.ts'
export { checkInstalled, simulationPackages } from './packages.ts'
export type {
  Deployment,
  GenuineLender,
  LenderDeployment,
  Protocol,
  Setting,
  SwapCall,
} from './protocol.ts'
export { erc20Artifact, weth9Artifact } from './tokens.ts'
export {
  createTransactor,
  readContract,
  type Transactor,
} from './transactor.ts'
