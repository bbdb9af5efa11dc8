import { explainMiss, type Miss } from '../../adapters/relays/index.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { Market } from '../../market/market.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'

/** A transaction that is over, and what is known of it. */
export type EndedTransaction = {
  readonly pending: PendingTransaction
  readonly outcome: Outcome
  /** The latest block when it had been sent, as far as is known. */
  readonly sentAtBlock: number
}

/**
 * Asks the chain why a transaction earned nothing; undefined where it landed,
 * or there is nothing to ask.
 *
 * @throws RpcError
 */
export async function whyMissed(
  rpc: Rpc,
  market: Pick<Market, 'pools'>,
  { pending, outcome, sentAtBlock }: EndedTransaction,
): Promise<Miss | undefined> {
  if (outcome.kind === 'landed') return undefined
  if (outcome.kind === 'dropped') {
    if (outcome.reason === 'replaced') return { kind: 'replaced' }
    if (outcome.reason === 'chain-gone') return undefined
  }
  const pools = pending.terms.pools.map((name) => {
    const address = name.slice(name.lastIndexOf(' ') + 1)
    return (
      market.pools.find((pool) => pool.address === address) ?? {
        address: address as `0x${string}`,
      }
    )
  })
  return await explainMiss({ rpc, pending, pools, sentAtBlock })
}
