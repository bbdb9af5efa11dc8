import type { Rpc } from '../../core/rpc.ts'
import { createJsonRpcHttp } from '../jsonRpcHttp.ts'

/** How a node is asked over HTTP. */
export type HttpRpcOptions = {
  /** From {@link parseRpcUrl}. May carry a key, or a name and password for HTTP's basic authentication. */
  readonly url: URL
  /** For the whole answer, in milliseconds; 20,000 where left out. */
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 20_000

/**
 * A node behind an HTTP URL (JSON-RPC 2.0), asked once per call: no retry. Of
 * the URL an error holds the end of the host at most.
 *
 * @example
 * const url = parseRpcUrl('https://mainnet.example/v3/KEY')
 * const rpc = createHttpRpc({ url })
 * await rpc.request('eth_chainId') // '0x1'
 */
export function createHttpRpc({
  url,
  timeoutMs = defaultTimeoutMs,
}: HttpRpcOptions): Rpc {
  const http = createJsonRpcHttp(url, timeoutMs)
  return {
    async request(method, params = []) {
      const [outcome] = await http.send([{ method, params }])
      if (outcome?.kind !== 'result') throw outcome?.error
      return outcome.result
    },
  }
}
