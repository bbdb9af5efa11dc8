import type { Hex } from './hex.ts'
import type { Rpc } from './rpc.ts'
import { integerIn } from './rpcAnswers.ts'

/** How many nonces an account has used up to a block. @throws RpcError, also where the answer is no number. */
export async function readNonce(
  rpc: Rpc,
  account: Hex,
  block: number | 'latest',
): Promise<number> {
  const method = 'eth_getTransactionCount'
  const tag = block === 'latest' ? block : `0x${block.toString(16)}`
  return integerIn(method, await rpc.request(method, [account, tag]))
}
