import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'

/** What goes wrong with one HTTP request. */
export type Fault =
  | 'status429'
  | 'retryAfter'
  | 'status500'
  | 'status502Html'
  | 'html'
  | 'empty'
  | 'truncated'
  | 'reset'
  | 'resetMidway'
  | 'hang'
  | 'busy'
  | 'lostAnswers'
  /** No fault to its reader: every answer twice, in reverse order. */
  | 'duplicated'
  | 'batchRefused'

export const everyFault: readonly Fault[] = [
  'status429',
  'status500',
  'status502Html',
  'html',
  'empty',
  'truncated',
  'reset',
  'resetMidway',
  'hang',
  'busy',
  'lostAnswers',
  'duplicated',
]

/** A node over HTTP that errs when it is told to. */
export type FaultyNode = {
  readonly port: number
  /** Every call that came in, whatever was answered. */
  readonly methods: string[]
  /** Calls of each HTTP request. */
  readonly batches: number[]
  headers: IncomingHttpHeaders
  path: string
  connections: number
  /** HTTP requests under way, and the most there were at once. */
  inFlight: number
  mostInFlight: number
  /** Requests whose asker hung up before the answer. */
  givenUp: number
  /** Asked at each HTTP request, with the methods of its calls. */
  fault: ((methods: readonly string[]) => Fault | undefined) | undefined
  close(): void
}

type Call = {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

/** Serves a chain on a free port of this machine. */
export async function serveFaulty(chain: Rpc): Promise<FaultyNode> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const parsed = JSON.parse(body) as Call | Call[]
    const calls = [parsed].flat()
    const methods = calls.map(({ method }) => method)
    node.methods.push(...methods)
    node.batches.push(calls.length)
    node.headers = request.headers
    node.path = request.url ?? ''
    const fault = node.fault?.(methods)
    node.inFlight += 1
    node.mostInFlight = Math.max(node.mostInFlight, node.inFlight)
    response.on('close', () => {
      node.inFlight -= 1
      if (!response.writableEnded && !fault?.startsWith('reset'))
        node.givenUp += 1
    })
    const answers = await Promise.all(calls.map((call) => answer(chain, call)))
    const isBatch = Array.isArray(parsed)
    const text = JSON.stringify(isBatch ? answers : answers[0])
    const error = (code: number, message: string) =>
      JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } })
    switch (fault) {
      case 'status429':
        return response.writeHead(429).end('slow down')
      case 'retryAfter':
        return response.writeHead(429, { 'retry-after': '3' }).end()
      case 'status500':
        return response.writeHead(500).end()
      case 'status502Html':
        return response.writeHead(502).end('<html>bad gateway</html>')
      case 'html':
        return response.end('<!doctype html><title>Sign in</title>')
      case 'empty':
        return response.end()
      case 'truncated':
        return response.end(text.slice(0, text.length >> 1))
      case 'reset':
        return response.destroy()
      case 'resetMidway':
        response.write(text.slice(0, 5))
        return setTimeout(() => response.destroy(), 1)
      case 'hang':
        return undefined
      case 'busy':
        return response.end(error(-32_005, 'rate limit exceeded'))
      case 'lostAnswers':
        return response.end(isBatch ? '[]' : '{}')
      case 'duplicated':
        return response.end(
          isBatch
            ? JSON.stringify([...answers, ...answers].reverse())
            : JSON.stringify([answers[0], answers[0]]),
        )
      case 'batchRefused':
        return isBatch
          ? response.end(error(-32_600, 'batches are not supported'))
          : response.end(text)
      default:
        return response.end(text)
    }
  })
  server.on('connection', () => {
    node.connections += 1
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const node: FaultyNode = {
    port: (server.address() as AddressInfo).port,
    methods: [],
    batches: [],
    headers: {},
    path: '',
    connections: 0,
    inFlight: 0,
    mostInFlight: 0,
    givenUp: 0,
    fault: undefined,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return node
}

async function answer(
  chain: Rpc,
  { id, method, params }: Call,
): Promise<object> {
  try {
    const result = await chain.request(method, params)
    return { jsonrpc: '2.0', id, result }
  } catch (thrown) {
    if (!(thrown instanceof RpcError)) throw thrown
    const { message, data, facts } = thrown
    const { rpcCode: code = -32_000 } = facts
    return { jsonrpc: '2.0', id, error: { code, message, data } }
  }
}
