import type { Rpc } from './rpc.ts'
import { fieldsIn, integerIn, quantityIn } from './rpcAnswers.ts'
import { RpcError } from './rpcError.ts'

/** What a node tells of a block, as far as it is asked here. */
export type RpcBlock = {
  readonly blockNumber: number
  /** Unix seconds. */
  readonly timestamp: number
  readonly gasLimit: bigint
}

/** Asks for a block. @throws RpcError, also where there is none, or the answer is no block. */
export async function readBlock(
  rpc: Rpc,
  block: number | 'latest',
): Promise<RpcBlock> {
  const method = 'eth_getBlockByNumber'
  const tag = block === 'latest' ? block : `0x${block.toString(16)}`
  const answer = await rpc.request(method, [tag, false])
  if (answer === null)
    throw new RpcError(`${method}: no block ${tag}`, { method })
  const { number, timestamp, gasLimit } = fieldsIn(method, answer)
  return {
    blockNumber: integerIn(method, number, 'number'),
    timestamp: integerIn(method, timestamp, 'timestamp'),
    gasLimit: quantityIn(method, gasLimit, 'gasLimit'),
  }
}
