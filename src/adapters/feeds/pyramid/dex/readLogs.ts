import type { Hex } from '../../../../core/hex.ts'
import type { Rpc } from '../../../../core/rpc.ts'
import { RpcError } from '../../../../core/rpcError.ts'
import { inParallel, width } from '../inParallel.ts'
import { mostAttempts, nodeFault, pause, waitMs } from '../lane/nodeFaults.ts'

/** A log as far as discovery needs it. */
export type FoundLog = { readonly topics: readonly Hex[]; readonly data: Hex }

export type LogRequest = {
  readonly address: Hex
  /** First topics, of which a log has one. */
  readonly topics: readonly Hex[]
  /** Blocks, both included. */
  readonly fromBlock: number
  readonly toBlock: number
  readonly signal?: AbortSignal
  /** So many blocks are done, of so many. */
  onProgress?(done: number, total: number): void
}

/**
 * The logs of a contract, in order. Four parts of the range are read at once;
 * the span of a request is halved where the node refuses it and doubled where it
 * answers.
 *
 * @throws RpcError where the node refuses even a single block, or does not answer.
 */
export async function readLogs(
  rpc: Rpc,
  request: LogRequest,
): Promise<readonly FoundLog[]> {
  const { address, topics, fromBlock, toBlock, signal } = request
  const total = toBlock - fromBlock + 1
  if (total <= 0) return []
  let span = Math.ceil(total / width)
  let done = 0

  const readPart = async (part: number): Promise<readonly FoundLog[]> => {
    const length = Math.ceil(total / width)
    const end = Math.min(fromBlock + (part + 1) * length - 1, toBlock)
    const found: FoundLog[] = []
    let attempt = 0
    let from = fromBlock + part * length
    while (from <= end) {
      signal?.throwIfAborted()
      const to = Math.min(from + span - 1, end)
      try {
        const logs = await rpc.request('eth_getLogs', [
          {
            address,
            topics: [topics],
            fromBlock: `0x${from.toString(16)}`,
            toBlock: `0x${to.toString(16)}`,
          },
        ])
        if (!Array.isArray(logs) || !logs.every(isLog))
          throw new RpcError('eth_getLogs: the answer is no list of logs', {
            method: 'eth_getLogs',
          })
        for (const log of logs) found.push(log)
        done += to - from + 1
        request.onProgress?.(done, total)
        if (to - from + 1 >= span) span *= 2
        from = to + 1
        attempt = 0
      } catch (error) {
        const fault = nodeFault(error)
        const isPassing = fault === 'rate' || fault === 'silence'
        if (attempt >= mostAttempts || (!isPassing && from === to)) throw error
        if (fault !== 'rate')
          span = Math.max(1, Math.min(span, Math.floor((to - from + 1) / 2)))
        if (isPassing) {
          await pause(waitMs(attempt), signal)
          attempt += 1
        }
      }
    }
    return found
  }

  const parts = Array.from({ length: width }, (_, i) => i)
  return (await inParallel(parts, readPart)).flat()
}

function isLog(entry: unknown): entry is FoundLog {
  const { topics, data } = (entry ?? {}) as Partial<FoundLog>
  return isHex(data) && Array.isArray(topics) && topics.every(isHex)
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[\da-f]*$/i.test(value)
}
