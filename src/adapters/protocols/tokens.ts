import { type Artifact, publishedArtifact } from './artifact.ts'

/** Any ERC-20's ABI; its bytecode is of no use. */
export function erc20Artifact(): Artifact {
  return publishedArtifact('@uniswap/v2-core', 'build/UniswapV2ERC20.json')
}

/** The wrapper of the native coin, as on every chain. */
export function weth9Artifact(): Artifact {
  return publishedArtifact('canonical-weth', 'build/contracts/WETH9.json')
}
