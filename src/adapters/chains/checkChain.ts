import { ChainMismatchError } from '../../core/chainMismatchError.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Chain } from '../../market/chain.ts'

/**
 * Makes sure that a node is of this chain, before anything is read from it or
 * signed for it.
 *
 * @throws ChainMismatchError where it is of another.
 * @throws RpcError
 * @example
 * await checkChain(createHttpRpc({ url }), chainNamed('base'))
 */
export async function checkChain(
  rpc: Rpc,
  chain: Pick<Chain, 'chainId'>,
): Promise<void> {
  const method = 'eth_chainId'
  const answer = await rpc.request(method)
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,12}$/i.test(answer))
    throw new RpcError('the node answers eth_chainId with no number', {
      method,
    })
  const actual = Number(answer)
  if (actual !== chain.chainId)
    throw new ChainMismatchError(chain.chainId, actual)
}
