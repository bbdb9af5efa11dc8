import { ChainMismatchError } from '../../../core/chainMismatchError.ts'
import type { BlockHeader, PushedLog } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import { RpcError } from '../../../core/rpcError.ts'
import { withoutCredentials } from '../../rpcUrl.ts'
import { readHeader, readPushedLog, readQuantity } from './readHeader.ts'

/** Which logs are pushed, as `eth_subscribe` takes it. */
export type LogFilter = {
  readonly address?: Hex | readonly Hex[]
  readonly topics?: readonly (Hex | readonly Hex[] | null)[]
}

/** What one connection tells; after `onEnd` nothing more comes. */
export type HeadSocketListener = {
  /** The chain is right and the subscriptions stand. */
  onLive(): void
  onHeader(header: BlockHeader): void
  onLog(log: PushedLog): void
  /** The node's newest block, answering {@link HeadSocket.ping}. */
  onPong(blockNumber: number): void
  /** Anything at all came in. */
  onSign(): void
  /** Never holds the URL. */
  onEnd(error: Error): void
}

export type HeadSocket = { ping(): void; close(): void }

/** Takes headers where the platform lets it: Node does. */
type SocketClass = new (
  url: string,
  options?: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket

/** Asks the chain id, then for new heads and, with a filter, for logs. */
export function openHeadSocket(
  url: URL,
  chainId: number,
  logs: LogFilter | undefined,
  listener: HeadSocketListener,
): HeadSocket {
  const { target, headers } = withoutCredentials(url)
  const hasLogin = Object.keys(headers).length > 0
  const answers = new Map<unknown, (result: unknown) => void>()
  let headsId: unknown
  let logsId: unknown
  let lastId = 0
  let ended = false

  const Socket = WebSocket as SocketClass
  const socket = hasLogin ? new Socket(target, { headers }) : new Socket(target)
  socket.onopen = () => ask('eth_chainId', [], onChainId)
  socket.onmessage = ({ data }: { data: unknown }) => {
    if (ended) return
    listener.onSign()
    hear(data)
  }
  // Events hold the URL: nothing of them is handed on.
  socket.onerror = () => end('the connection failed')
  socket.onclose = () => end('the connection was closed')

  return {
    ping() {
      ask('eth_blockNumber', [], (result) => {
        const blockNumber = readQuantity(result)
        if (blockNumber !== undefined) listener.onPong(blockNumber)
      })
    },
    close() {
      ended = true
      socket.close()
    },
  }

  function end(why: string | Error): void {
    if (ended) return
    ended = true
    socket.close()
    listener.onEnd(
      typeof why === 'string'
        ? new RpcError(`WebSocket: ${why}`, { method: 'eth_subscribe' })
        : why,
    )
  }

  function ask(
    method: string,
    params: readonly unknown[],
    onResult: (result: unknown) => void,
  ): void {
    if (ended || socket.readyState !== WebSocket.OPEN) return
    lastId += 1
    answers.set(lastId, onResult)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }))
  }

  function onChainId(result: unknown): void {
    const actual = readQuantity(result)
    if (actual !== chainId) {
      end(
        actual === undefined
          ? 'no chain id'
          : new ChainMismatchError(chainId, actual),
      )
      return
    }
    const liveWhenBoth = (): void => {
      if (headsId !== undefined && (!logs || logsId !== undefined))
        listener.onLive()
    }
    ask('eth_subscribe', ['newHeads'], (id) => {
      headsId = id
      liveWhenBoth()
    })
    if (logs)
      ask('eth_subscribe', ['logs', logs], (id) => {
        logsId = id
        liveWhenBoth()
      })
  }

  function hear(data: unknown): void {
    const message = parse(data)
    if (!message) {
      end('a message is no JSON')
      return
    }
    const { id, params, error, result } = message
    const onResult = answers.get(id)
    if (onResult) {
      // Once only: nodes may answer twice.
      answers.delete(id)
      if (error === undefined) onResult(result)
      else end('the node refuses a request')
      return
    }
    const subscription = params?.subscription
    if (subscription === undefined) return
    if (subscription === headsId) {
      const header = readHeader(params?.result)
      if (header) listener.onHeader(header)
    } else if (subscription === logsId) {
      const log = readPushedLog(params?.result)
      if (log) listener.onLog(log)
    }
  }
}

type Message = {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
  readonly params?: {
    readonly subscription?: unknown
    readonly result?: unknown
  }
}

function parse(data: unknown): Message | undefined {
  try {
    const message = JSON.parse(String(data)) as unknown
    return typeof message === 'object' && message !== null
      ? (message as Message)
      : undefined
  } catch {
    return undefined
  }
}
