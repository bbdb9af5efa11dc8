import type { LenderProtocol } from '../../../market/lender.ts'
import { lendsBalanceForNothing } from '../balanceOf.ts'

/**
 * The last pair of the route pays before it is paid: the loan is its own hop,
 * whose fee the quote has counted, so there is no premium. The pair's address is the lender's.
 */
export const v2FlashSwap: LenderProtocol = {
  ...lendsBalanceForNothing,
  kind: 'v2FlashSwap',
  gas: 12_000,
}
