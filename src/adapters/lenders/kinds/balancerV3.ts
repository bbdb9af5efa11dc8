import type { LenderProtocol } from '../../../market/lender.ts'
import { viewCall } from '../../viewCall.ts'
import { noLoan } from '../balanceOf.ts'

/**
 * Balancer V3's Vault: once unlocked it hands out what it has recorded as
 * reserves, for nothing. Coins that were only sent to it are not among them.
 */
export const balancerV3: LenderProtocol = {
  kind: 'balancerV3',
  gas: 55_000,

  async readTerms(rpc, { address }, token) {
    const [available] = await viewCall(rpc, address, 'getReservesOf(address)', [
      token,
    ])
    return { ...noLoan, available }
  },
}
