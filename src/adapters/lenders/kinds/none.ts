import type { LenderProtocol } from '../../../market/lender.ts'
import { lendsBalanceForNothing } from '../balanceOf.ts'

/** No loan: the executor's own funds, its address as the lender's. */
export const none: LenderProtocol = {
  ...lendsBalanceForNothing,
  kind: 'none',
  gas: 0,
}
