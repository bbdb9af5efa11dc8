import type { Hex } from '../../../../core/hex.ts'
import type { Rpc } from '../../../../core/rpc.ts'
import { RpcError } from '../../../../core/rpcError.ts'
import { mostAttempts, nodeFault, pause, waitMs } from '../lane/nodeFaults.ts'

const method = 'eth_getBlockByNumber'

/** A block that all is read at. */
export type PinnedBlock = {
  readonly blockNumber: number
  readonly blockHash: Hex
}

/**
 * The block of a number, or the latest.
 * @throws RpcError where the node does not answer, or has no such block.
 */
export async function pinBlock(
  rpc: Rpc,
  block: number | 'latest',
  signal?: AbortSignal,
): Promise<PinnedBlock> {
  const found = await findBlock(rpc, block, signal)
  if (found) return found
  throw new RpcError(`${method}: the node has no block ${block}`, { method })
}

/**
 * The block of a number, or the latest; undefined where the node has no such block.
 * @throws RpcError where the node does not answer.
 */
export async function findBlock(
  rpc: Rpc,
  block: number | 'latest',
  signal?: AbortSignal,
): Promise<PinnedBlock | undefined> {
  const tag = block === 'latest' ? block : `0x${block.toString(16)}`
  const answer = await askPatiently(rpc, method, [tag, false], signal)
  if (answer === null) return undefined
  const { number, hash } = answer as {
    readonly number?: unknown
    readonly hash?: unknown
  }
  if (
    typeof number !== 'string' ||
    typeof hash !== 'string' ||
    !/^0x[\da-f]{64}$/i.test(hash)
  )
    throw new RpcError(`${method}: the answer is no block`, { method })
  return { blockNumber: Number(number), blockHash: hash as Hex }
}

/** @throws RpcError where another block stands in the place of the pinned one by now. */
export async function checkPinned(
  rpc: Rpc,
  { blockNumber, blockHash }: PinnedBlock,
  signal?: AbortSignal,
): Promise<void> {
  const now = await pinBlock(rpc, blockNumber, signal)
  if (now.blockHash === blockHash) return
  throw new RpcError(
    `block ${blockNumber} was replaced while it was read: ${blockHash} became ${now.blockHash}`,
    { method },
  )
}

/**
 * Asks again where the node does not answer, or is asked too often.
 * @throws RpcError where it refuses, or has been asked often enough.
 */
export async function askPatiently(
  rpc: Rpc,
  method: string,
  params: readonly unknown[],
  signal?: AbortSignal,
): Promise<unknown> {
  for (let attempt = 0; ; attempt++)
    try {
      signal?.throwIfAborted()
      return await rpc.request(method, params)
    } catch (error) {
      const fault = nodeFault(error)
      const isPassing = fault === 'rate' || fault === 'silence'
      if (!isPassing || attempt >= mostAttempts) throw error
      await pause(waitMs(attempt), signal)
    }
}
