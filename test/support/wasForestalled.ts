import type { Hex } from '../../src/core/hex.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import type { PendingTransaction } from '../../src/market/plan.ts'

/**
 * Whether a transaction of somebody else, before this one in its block, traded
 * in a pool of its plan. Pools are known by the address that logs, or by the id
 * in a topic of it.
 */
export async function wasForestalled(
  rpc: Rpc,
  { txHash, terms }: PendingTransaction,
): Promise<boolean> {
  const own = (await rpc.request('eth_getTransactionReceipt', [
    txHash,
  ])) as Receipt
  const receipts = (await rpc.request('eth_getBlockReceipts', [
    own.blockNumber,
  ])) as readonly Receipt[]
  const pools = new Set(
    terms.pools.map((name) =>
      name.slice(name.lastIndexOf(' ') + 1).toLowerCase(),
    ),
  )
  return receipts.some(
    ({ from, transactionIndex, logs }) =>
      from.toLowerCase() !== terms.operator.toLowerCase() &&
      Number(transactionIndex) < Number(own.transactionIndex) &&
      logs.some(({ address, topics }) =>
        [address, ...topics].some((word) => pools.has(word.toLowerCase())),
      ),
  )
}

type Receipt = {
  readonly from: Hex
  readonly blockNumber: Hex
  readonly transactionIndex: Hex
  readonly logs: readonly {
    readonly address: Hex
    readonly topics: readonly Hex[]
  }[]
}
