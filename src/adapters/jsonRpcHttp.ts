import type { Hex } from '../core/hex.ts'
import { RpcError, type RpcErrorFacts } from '../core/rpcError.ts'
import { fetchPost, type HttpAnswer, type HttpPost } from './httpPost.ts'
import { providerOf, withoutCredentials, withoutUrl } from './rpcUrl.ts'

/** One question to a node. */
export type RpcCall = {
  readonly method: string
  readonly params: readonly unknown[]
}

/**
 * How a call ended: with a result; with an error the node itself gave; turned
 * away for asking too often; surely never sent; or unknown, for the answer got
 * lost or is none.
 */
export type RpcOutcome =
  | { readonly kind: 'result'; readonly result: unknown }
  | {
      readonly kind: 'node' | 'limited' | 'unsent' | 'lost'
      readonly error: RpcError
      /** What the node asks to be left alone for. */
      readonly retryAfterMs?: number
      /** The node answered a batch with something that is no list: it may take none. */
      readonly batchRefused?: boolean
    }

/** One URL, asked over HTTP. */
export type JsonRpcHttp = {
  /**
   * One HTTP request: several calls go as a JSON-RPC batch. Outcomes in the
   * order of the calls; never rejects. The signal gives the request up: then
   * every answer is lost.
   */
  send(
    calls: readonly RpcCall[],
    signal?: AbortSignal,
  ): Promise<readonly RpcOutcome[]>
}

const longestMessage = 300
// biome-ignore lint/suspicious/noControlCharactersInRegex: a node's text must not steer the terminal.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]+/g
const hexPattern = /^0x(?:[0-9a-fA-F]{2})*$/
/** Codes of connections that never stood: nothing can have been sent. */
const unsentCodes: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** What one that asks may want beside the URL. */
export type JsonRpcHttpOptions = {
  /** Headers that depend on the body, as a signature of it. */
  readonly signBody?: (
    body: string,
  ) => Promise<Readonly<Record<string, string>>>
  /** A longer answer is none; any length will do where left out. */
  readonly mostBytes?: number
  /** Default: by the platform's fetch. */
  readonly post?: HttpPost
}

/** No error holds more of the URL than {@link providerOf} tells. `timeoutMs`: for the whole answer. */
export function createJsonRpcHttp(
  url: URL,
  timeoutMs: number,
  { signBody, mostBytes, post = fetchPost }: JsonRpcHttpOptions = {},
): JsonRpcHttp {
  const { target, headers } = withoutCredentials(url)
  let lastId = 0
  return {
    async send(calls, signal) {
      const ids = calls.map(() => {
        lastId += 1
        return lastId
      })
      const requests = calls.map(({ method, params }, i) => ({
        jsonrpc: '2.0',
        id: ids[i],
        method,
        params,
      }))
      const isBatch = calls.length > 1
      /** The same end for every call. */
      const all = (
        kind: 'limited' | 'unsent' | 'lost',
        message: string,
        more: { retryAfterMs?: number; batchRefused?: boolean } = {},
      ): readonly RpcOutcome[] =>
        calls.map((call) => ({
          kind,
          error: fault(call, url, message),
          ...more,
        }))
      const body = JSON.stringify(isBatch ? requests : requests[0])
      const signature = await signBody?.(body)
      let answer: HttpAnswer
      try {
        answer = await post(target, {
          headers: {
            ...headers,
            ...signature,
            'content-type': 'application/json',
          },
          body,
          signal: signal
            ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
            : AbortSignal.timeout(timeoutMs),
          ...(mostBytes !== undefined && { mostBytes }),
        })
      } catch (error) {
        // Only its code: messages of fetch repeat the URL.
        const code = causeCode(error)
        return all(
          code && unsentCodes.includes(code) ? 'unsent' : 'lost',
          unreachable(error, providerOf(url), timeoutMs),
        )
      }
      const { status, text } = answer
      if (text === undefined)
        return all('lost', `the answer is longer than ${mostBytes} bytes`)
      if (status === 429) {
        const retryAfterMs = retryAfter(answer)
        const said = isBatch ? undefined : parseAnswers(text)?.[0]?.error
        return all(
          'limited',
          said ? saidBy(said) : 'the node answers with HTTP status 429',
          { ...(retryAfterMs !== undefined && { retryAfterMs }) },
        )
      }
      const answers = parseAnswers(text)
      const [first] = answers ?? []
      const isList = answers !== undefined && text.trimStart().startsWith('[')
      // An error without a list is about the request as a whole.
      if (!isList && first?.error) {
        const { error } = first
        return calls.map((call) => ({
          kind: 'node',
          error: nodeError(call, url, error),
          ...(isBatch && { batchRefused: true }),
        }))
      }
      if (status < 200 || status > 299)
        return all(
          'lost',
          status === 0 || (status > 299 && status < 400)
            ? 'the node sends on to another URL: give that one'
            : `the node answers with HTTP status ${status}`,
          { ...(isBatch && status < 500 && { batchRefused: true }) },
        )
      return calls.map((call, i) => {
        // The first where a node answers twice; nodes answer in any order.
        const own = answers?.find(({ id }) => id === ids[i])
        if (own?.error)
          return { kind: 'node', error: nodeError(call, url, own.error) }
        return own?.result === undefined
          ? {
              kind: 'lost',
              error: fault(call, url, 'the answer is no JSON-RPC 2.0'),
              ...(isBatch && !isList && answers && { batchRefused: true }),
            }
          : { kind: 'result', result: own.result }
      })
    },
  }
}

type AnswerError = {
  readonly code?: unknown
  readonly message?: unknown
  readonly data?: unknown
}

type Answer = {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: AnswerError
}

/** One answer or a list of them; undefined where the text is no JSON. */
function parseAnswers(text: string): readonly Answer[] | undefined {
  try {
    const parsed = JSON.parse(text) as unknown
    return [parsed].flat().map((entry) => {
      const { id, result, error } = (entry ?? {}) as Answer
      const isError = typeof error === 'object' && error !== null
      return { id, result, ...(isError && { error }) }
    })
  } catch {
    return undefined
  }
}

function nodeError(call: RpcCall, url: URL, error: AnswerError): RpcError {
  const data = revertData(error.data)
  return fault(call, url, saidBy(error), {
    ...(typeof error.code === 'number' && { rpcCode: error.code }),
    ...(data !== undefined && { data }),
  })
}

function saidBy({ message }: AnswerError): string {
  return typeof message === 'string' ? message : 'an error without a message'
}

function fault(
  { method }: RpcCall,
  url: URL,
  message: string,
  facts?: Omit<RpcErrorFacts, 'method'>,
): RpcError {
  return new RpcError(`${method}: ${shown(message, url)}`, { method, ...facts })
}

/** Nodes put what a call returned in `data`, in `data.data` or behind a word: `Reverted 0x…`. */
function revertData(data: unknown): Hex | undefined {
  if (typeof data === 'object' && data !== null && 'data' in data)
    return revertData(data.data)
  if (typeof data !== 'string') return undefined
  const hex = data.replace(/^Reverted /, '')
  return hexPattern.test(hex) ? (hex as Hex) : undefined
}

/** The header in seconds; its other form, a date, is passed over. */
function retryAfter(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.retryAfter ?? Number.NaN)
  return seconds >= 0 ? seconds * 1000 : undefined
}

function causeCode(error: unknown): string | undefined {
  const code = ((error as Error).cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : undefined
}

function unreachable(
  error: unknown,
  provider: string,
  timeoutMs: number,
): string {
  const { name } = error as Error
  const node = `the node at ${provider}`
  if (name === 'TimeoutError')
    return `${node} gives no answer within ${timeoutMs} ms`
  if (name === 'AbortError') return 'given up'
  const code = causeCode(error)
  return code
    ? `${node} cannot be reached: ${code}`
    : `${node} cannot be reached`
}

function shown(message: string, url: URL): string {
  const text = withoutUrl(message, url).replace(controlCharacters, ' ')
  return text.length > longestMessage
    ? `${text.slice(0, longestMessage)}…`
    : text
}
