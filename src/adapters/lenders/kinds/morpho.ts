import type { LenderProtocol } from '../../../market/lender.ts'
import { lendsBalanceForNothing } from '../balanceOf.ts'

/** Morpho Blue: `flashLoan` of all tokens it holds, without a premium; it cannot be paused. */
export const morpho: LenderProtocol = {
  ...lendsBalanceForNothing,
  kind: 'morpho',
  gas: 45_000,
}
