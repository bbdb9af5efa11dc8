import type { LenderProtocol } from '../../../market/lender.ts'
import { lendsBalanceForNothing } from '../balanceOf.ts'

/** Balancer V3's Vault: once unlocked it hands out all it holds, for nothing. */
export const balancerV3: LenderProtocol = {
  ...lendsBalanceForNothing,
  kind: 'balancerV3',
  gas: 55_000,
}
