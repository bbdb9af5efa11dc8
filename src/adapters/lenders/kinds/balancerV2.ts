import { mulUp } from '../../../engine/reference/fixedPoint.ts'
import type { LenderProtocol } from '../../../market/lender.ts'
import { viewCall } from '../../viewCall.ts'
import { balanceOf, noLoan } from '../balanceOf.ts'
import { readThrough } from '../readThrough.ts'

/**
 * Balancer V2's Vault: all it holds, for a share that governance sets (so far
 * 0), rounded up: ceil(amount · percentage / 10^18). Nothing while it is paused.
 */
export const balancerV2: LenderProtocol = {
  kind: 'balancerV2',
  gas: 60_000,

  async readTerms(rpc, { address }, token) {
    const collector = viewCall(rpc, address, 'getProtocolFeesCollector()')
    const [[isPaused], [percentage], available] = await Promise.all([
      viewCall(rpc, address, 'getPausedState()'),
      readThrough(
        rpc,
        `fees collector of ${address}`,
        collector.then(([word]) => word),
        (at) => viewCall(rpc, at, 'getFlashLoanFeePercentage()'),
      ),
      balanceOf(rpc, token, address),
    ])
    if (isPaused !== 0n) return noLoan
    return {
      ...noLoan,
      available,
      premium: (amount) => mulUp(amount, percentage),
    }
  },
}
