import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import { readHeader } from '../rpc/index.ts'

/**
 * The header of a block by its hash, its number or as the latest; undefined
 * where the node does not know it or answers with another.
 *
 * @throws RpcError
 */
export async function fetchHeader(
  rpc: Rpc,
  block: Hex | number | 'latest',
): Promise<BlockHeader | undefined> {
  const isHash = typeof block === 'string' && block !== 'latest'
  const tag = typeof block === 'number' ? `0x${block.toString(16)}` : block
  const answer = await rpc.request(
    isHash ? 'eth_getBlockByHash' : 'eth_getBlockByNumber',
    [tag, false],
  )
  const header = readHeader(answer)
  if (isHash && header?.blockHash.toLowerCase() !== block.toLowerCase())
    return undefined
  if (typeof block === 'number' && header?.blockNumber !== block)
    return undefined
  return header
}
