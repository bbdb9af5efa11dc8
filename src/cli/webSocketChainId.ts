/**
 * The chain id that a node over WebSocket answers; undefined where it does not
 * open, does not answer in time or answers nonsense. Why is not told: the
 * platform's errors repeat the URL, which may hold a key.
 */
export function webSocketChainId(
  url: URL,
  timeoutMs: number,
): Promise<number | undefined> {
  return new Promise((settle) => {
    let socket: WebSocket | undefined
    const timer = setTimeout(() => end(undefined), timeoutMs)
    const end = (chainId: number | undefined): void => {
      clearTimeout(timer)
      socket?.close()
      settle(chainId)
    }
    try {
      socket = new WebSocket(url)
    } catch {
      end(undefined)
      return
    }
    const request = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
    socket.onopen = () => socket.send(JSON.stringify(request))
    socket.onerror = () => end(undefined)
    socket.onclose = () => end(undefined)
    socket.onmessage = ({ data }) => end(chainIdIn(String(data)))
  })
}

function chainIdIn(text: string): number | undefined {
  try {
    const { result } = JSON.parse(text) as { result?: unknown }
    return typeof result === 'string' && /^0x[0-9a-f]{1,12}$/i.test(result)
      ? Number(result)
      : undefined
  } catch {
    return undefined
  }
}
