import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Lender, LenderProtocol, LoanTerms } from '../../market/lender.ts'

/** A lender with the code that speaks to it. */
export type KnownLender = {
  readonly lender: Lender
  readonly protocol: LenderProtocol
}

/** A lender and what it gives of one token; or why it cannot be asked. */
export type LenderTerms = KnownLender &
  (
    | { readonly terms: LoanTerms; readonly fault?: never }
    | { readonly terms?: never; readonly fault: string }
  )

/** Asks all lenders for their terms at the latest block, at once. A lender whose node answers with an error is passed over, with the reason. */
export async function readLenderTerms(
  rpc: Rpc,
  lenders: readonly KnownLender[],
  token: Hex,
): Promise<readonly LenderTerms[]> {
  return await Promise.all(
    lenders.map(async (known): Promise<LenderTerms> => {
      try {
        const { lender, protocol } = known
        return { ...known, terms: await protocol.readTerms(rpc, lender, token) }
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        return { ...known, fault: error.message }
      }
    }),
  )
}
