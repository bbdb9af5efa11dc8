import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { LenderProtocol, LoanTerms } from '../../market/lender.ts'
import { viewCall } from '../viewCall.ts'

/** Base units of a token that an account holds. */
export async function balanceOf(
  rpc: Rpc,
  token: Hex,
  holder: Hex,
): Promise<bigint> {
  const [balance] = await viewCall(rpc, token, 'balanceOf(address)', [holder])
  return balance
}

/** Nothing to be had. */
export const noLoan: LoanTerms = {
  available: 0n,
  premium: () => 0n,
  lendsToken1: false,
}

/** Lends what it holds, and takes nothing for it. */
export const lendsBalanceForNothing: Pick<LenderProtocol, 'readTerms'> = {
  async readTerms(rpc, { address }, token) {
    return { ...noLoan, available: await balanceOf(rpc, token, address) }
  },
}
