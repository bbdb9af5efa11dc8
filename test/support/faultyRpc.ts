import type { Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'
import type { SeededRandom } from '../../src/core/seededRandom.ts'

/** What a node may do wrong. */
export type RpcFaults = {
  readonly random: SeededRandom
  /** Share of the requests that fail, whatever they ask. */
  readonly failing: number
  /** Answers longer than this are refused, in digits. */
  readonly longestAnswer?: number
  /** Requests with longer calldata get no answer, in digits. */
  readonly longestCall?: number
  /** Blocks a request of logs may span. */
  readonly mostBlocks?: number
}

/** A node that fails as public nodes do; tells how often. */
export type FaultyRpc = Rpc & {
  readonly requests: number
  readonly faults: number
  /** The most requests that were under way at once. */
  readonly mostAtOnce: number
}

/** Puts faults before a node. */
export function faultyRpc(rpc: Rpc, faults: RpcFaults): FaultyRpc {
  const { random, failing, longestAnswer, longestCall, mostBlocks } = faults
  const counts = { requests: 0, faults: 0, mostAtOnce: 0, now: 0 }
  const fail = (method: string, text: string, rpcCode?: number): never => {
    counts.faults += 1
    throw new RpcError(`${method}: ${text}`, {
      method,
      ...(rpcCode !== undefined && { rpcCode }),
    })
  }
  const answer = async (
    method: string,
    params: readonly unknown[],
  ): Promise<unknown> => {
    if (random.next() < failing) {
      const kind = random.next()
      if (kind < 0.4) fail(method, 'the node answers with HTTP status 429')
      if (kind < 0.6) fail(method, 'rate limit exceeded', -32_005)
      if (kind < 0.8) fail(method, 'no answer within 10000 ms')
      fail(method, 'the node answers with HTTP status 502')
    }
    const [first] = params as readonly [
      { data?: string; fromBlock?: string; toBlock?: string },
    ]
    if (
      method === 'eth_call' &&
      (first.data?.length ?? 0) > (longestCall ?? 1e9)
    )
      fail(method, 'no answer within 10000 ms')
    if (method === 'eth_getLogs' && mostBlocks !== undefined) {
      const span = Number(first.toBlock) - Number(first.fromBlock) + 1
      if (span > mostBlocks) fail(method, 'block range is too wide', -32_602)
    }
    const result = await rpc.request(method, params)
    if (method === 'eth_call' && `${result}`.length > (longestAnswer ?? 1e9))
      fail(method, 'response too large', -32_008)
    return result
  }
  return {
    get requests() {
      return counts.requests
    },
    get faults() {
      return counts.faults
    },
    get mostAtOnce() {
      return counts.mostAtOnce
    },
    async request(method, params = []) {
      counts.requests += 1
      counts.now += 1
      counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.now)
      try {
        return await answer(method, params)
      } finally {
        counts.now -= 1
      }
    },
  }
}
