import type { LenderKind } from '../../contracts/calldata.ts'
import type { Lender, LenderProtocol } from '../../market/lender.ts'
import { arbitrum } from './chains/arbitrum.ts'
import { base } from './chains/base.ts'
import { bsc } from './chains/bsc.ts'
import { ethereum } from './chains/ethereum.ts'
import { optimism } from './chains/optimism.ts'
import { polygon } from './chains/polygon.ts'
import { aaveV3 } from './kinds/aaveV3.ts'
import { balancerV2 } from './kinds/balancerV2.ts'
import { balancerV3 } from './kinds/balancerV3.ts'
import { morpho } from './kinds/morpho.ts'
import { none } from './kinds/none.ts'
import { uniswapV3 } from './kinds/uniswapV3.ts'
import { uniswapV4 } from './kinds/uniswapV4.ts'
import { v2FlashSwap } from './kinds/v2FlashSwap.ts'

/** How each kind of lender is asked. One file and one line each. */
export const lenderProtocols: {
  readonly [kind in LenderKind]: LenderProtocol
} = {
  none,
  balancerV2,
  morpho,
  aaveV3,
  uniswapV3,
  v2FlashSwap,
  uniswapV4,
  balancerV3,
}

/**
 * The lenders of six chains that lend many tokens. Pools lend too: make a
 * lender of kind `uniswapV3` of any Uniswap V3 pool.
 */
export const lenders: readonly Lender[] = [
  ...ethereum,
  ...polygon,
  ...arbitrum,
  ...optimism,
  ...base,
  ...bsc,
]

/** The lenders of a chain; none where the chain is not known here. */
export function lendersOf(chainId: number): readonly Lender[] {
  return lenders.filter((lender) => lender.chainId === chainId)
}

/** How lenders of a kind are asked for their terms. */
export function lenderProtocol(kind: LenderKind): LenderProtocol {
  return lenderProtocols[kind]
}
