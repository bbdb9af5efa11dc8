import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { fieldsIn } from '../../core/rpcAnswers.ts'
import type { Intent } from '../../market/executionStore.ts'
import type { Submitter } from '../../market/submitter.ts'

/** A pool holds one transaction of a nonce, and each of ours outbids the one before it: that which waits is among the last. */
const mostAsked = 8

/**
 * Of transactions of one nonce whose blocks have passed, those that still wait
 * and have to be outbid. A public pool keeps them for hours, and takes no other
 * of the nonce for less: its node tells. What went to private hands is over
 * with its last block.
 *
 * @throws RpcError
 */
export async function stillWaiting(
  rpc: Rpc,
  { name, isPrivate }: Submitter,
  dropped: readonly Intent[],
): Promise<readonly Intent[]> {
  const asked = dropped
    // By another name, it was sent by other settings: in sight of all, perhaps.
    .filter(({ submitter }) => !(isPrivate && submitter === name))
    .toSorted((a, b) => b.terms.blockNumber - a.terms.blockNumber)
    .slice(0, mostAsked)
  const known = await Promise.all(
    asked.map(async ({ txHash, otherHashes }) => {
      const hashes = [txHash, ...otherHashes]
      const answers = await Promise.all(hashes.map((one) => isKnown(rpc, one)))
      return answers.includes(true)
    }),
  )
  return asked.filter((_, i) => known[i])
}

/** Whether the node has the transaction. */
async function isKnown(rpc: Rpc, hash: Hex): Promise<boolean> {
  const method = 'eth_getTransactionByHash'
  const answer = await rpc.request(method, [hash])
  return answer !== null && fieldsIn(method, answer) !== undefined
}
