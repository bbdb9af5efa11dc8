import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError, type RpcErrorFacts } from '../../core/rpcError.ts'
import { decoded, withoutUrl } from './rpcUrl.ts'

/** How a node is asked over HTTP. */
export type HttpRpcOptions = {
  /** From {@link parseRpcUrl}. May carry a key, or a name and password for HTTP's basic authentication. */
  readonly url: URL
  /** For the whole answer, in milliseconds; 20,000 where left out. */
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 20_000
const longestMessage = 300
// biome-ignore lint/suspicious/noControlCharactersInRegex: a node's text must not steer the terminal.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]+/g
const hexPattern = /^0x(?:[0-9a-fA-F]{2})*$/

/**
 * A node behind an HTTP URL (JSON-RPC 2.0), asked once per call: no retry. No
 * error holds the URL or a part of it.
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
  const { target, headers } = withoutCredentials(url)
  let lastId = 0
  return {
    async request(method, params = []) {
      lastId += 1
      const id = lastId
      const fault = (message: string, facts?: Omit<RpcErrorFacts, 'method'>) =>
        new RpcError(`${method}: ${shown(message, url)}`, { method, ...facts })
      let status: number
      let text: string
      try {
        const response = await fetch(target, {
          method: 'POST',
          headers,
          body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
          // Followed, the key would go to whomever the answer names.
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        })
        status = response.status
        text = await response.text()
      } catch (error) {
        // Only its code: messages of fetch repeat the URL.
        throw fault(unreachable(error, timeoutMs))
      }
      const answer = parseAnswer(text)
      if (answer?.error !== undefined) {
        const { code, message } = answer.error
        const data = revertData(answer.error.data)
        throw fault(
          typeof message === 'string' ? message : 'an error without a message',
          {
            ...(typeof code === 'number' && { rpcCode: code }),
            ...(data !== undefined && { data }),
          },
        )
      }
      if (status < 200 || status > 299)
        throw fault(
          status === 0 || (status > 299 && status < 400)
            ? 'the node sends on to another URL: give that one'
            : `the node answers with HTTP status ${status}`,
        )
      if (answer?.id !== id || answer.result === undefined)
        throw fault('the answer is no JSON-RPC 2.0')
      return answer.result
    },
  }
}

/** fetch refuses URLs with a name and password, and repeats them in its error. */
function withoutCredentials(url: URL): {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
} {
  const target = new URL(url)
  target.username = ''
  target.password = ''
  const name = decoded(url.username)
  const login = new TextEncoder().encode(`${name}:${decoded(url.password)}`)
  return {
    target: target.href,
    headers: {
      'content-type': 'application/json',
      ...(login.length > 1 && {
        authorization: `Basic ${btoa(String.fromCharCode(...login))}`,
      }),
    },
  }
}

type Answer = {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: {
    readonly code?: unknown
    readonly message?: unknown
    readonly data?: unknown
  }
}

function parseAnswer(text: string): Answer | undefined {
  try {
    const { id, result, error } = JSON.parse(text) as Answer
    const isError = typeof error === 'object' && error !== null
    return { id, result, ...(isError && { error }) }
  } catch {
    return undefined
  }
}

/** Nodes put what a call returned in `data`, in `data.data` or behind a word: `Reverted 0x…`. */
function revertData(data: unknown): Hex | undefined {
  if (typeof data === 'object' && data !== null && 'data' in data)
    return revertData(data.data)
  if (typeof data !== 'string') return undefined
  const hex = data.replace(/^Reverted /, '')
  return hexPattern.test(hex) ? (hex as Hex) : undefined
}

function unreachable(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as Error
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const code = (cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' && /^[A-Z_]+$/.test(code)
    ? `the node cannot be reached: ${code}`
    : 'the node cannot be reached'
}

function shown(message: string, url: URL): string {
  const text = withoutUrl(message, url).replace(controlCharacters, ' ')
  return text.length > longestMessage
    ? `${text.slice(0, longestMessage)}…`
    : text
}
