import type { LenderProtocol } from '../../../market/lender.ts'
import { lendsBalanceForNothing } from '../balanceOf.ts'

/** Uniswap V4's PoolManager: once unlocked it hands out all it holds, for nothing. */
export const uniswapV4: LenderProtocol = {
  ...lendsBalanceForNothing,
  kind: 'uniswapV4',
  gas: 50_000,
}
