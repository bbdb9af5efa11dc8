import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/**
 * How the node answers. All but the first repeat the question's URL and
 * credentials in every way that nodes do.
 */
export const leakyWays = [
  'well',
  'unauthorized',
  'html',
  'error',
  'redirect',
  'truncated',
  'wrong chain',
  /** Well, but what is sent is refused. */
  'refused',
] as const

export type LeakyWay = (typeof leakyWays)[number]

/** A node that repeats in its answers what it was asked by. */
export type LeakyNode = {
  readonly port: number
  way: LeakyWay
  /** Answers that repeated something. */
  leaks: number
  close(): void
}

/** As the stage's node tells it. */
const ownChainId = '"0x1"'

type Call = { readonly id: unknown }

/** Serves the node at another port of this machine, over HTTP and WebSocket. */
export async function serveLeakyNode(nodePort: number): Promise<LeakyNode> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const echo = echoOf(request)
    const asked = JSON.parse(body) as Call | readonly Call[]
    const say = (status: number, type: string, text: string): void => {
      node.leaks += 1
      response.writeHead(status, { 'content-type': type, location: echo.url })
      response.end(text)
    }
    const way =
      node.way === 'refused' && body.includes('eth_sendRawTransaction')
        ? 'error'
        : node.way
    switch (way) {
      case 'unauthorized':
        return say(401, 'text/plain', `not allowed: ${echo.text}`)
      case 'html':
        return say(502, 'text/html', `<html>502: GET ${echo.text}</html>`)
      case 'redirect':
        return say(302, 'text/plain', echo.text)
      case 'truncated':
        return say(200, 'application/json', `{"${echo.text}`)
      case 'error':
        return say(200, 'application/json', errors(asked, echo.text))
      default: {
        const answer = await fetch(`http://127.0.0.1:${nodePort}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        const text = await answer.text()
        response.setHeader('content-type', 'application/json')
        response.end(
          way === 'wrong chain' && body.includes('eth_chainId')
            ? text.replace(ownChainId, '"0x63"')
            : text,
        )
      }
    }
  })
  server.on('upgrade', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => {})
    if (node.way !== 'well' && node.way !== 'refused') {
      node.leaks += 1
      const { text } = echoOf(request)
      client.end(
        `HTTP/1.1 401 ${text}\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      )
      return
    }
    const upstream = connect(nodePort, '127.0.0.1', () => {
      const { rawHeaders } = request
      const lines = rawHeaders.flatMap((name, i) =>
        i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : [],
      )
      upstream.write(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const node: LeakyNode = {
    port,
    way: 'well',
    leaks: 0,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return node
}

function errors(asked: Call | readonly Call[], text: string): string {
  const answers = [asked].flat().map(({ id }) => {
    const error = { code: -32000, message: `refused: ${text}`, data: text }
    return { jsonrpc: '2.0', id, error }
  })
  return JSON.stringify(Array.isArray(asked) ? answers : answers[0])
}

/** What was asked by: its path and query, and the credentials in its headers, in clear. */
function echoOf({ url, headers }: IncomingMessage): {
  readonly url: string
  readonly text: string
} {
  const { authorization = '', 'x-flashbots-signature': signature = '' } =
    headers
  const login = Buffer.from(authorization.slice(6), 'base64').toString()
  const whole = `http://${login}@${headers.host}${url}`
  return { url: whole, text: `${whole} ${authorization} ${login} ${signature}` }
}
