import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpRpc, parseRpcUrl } from '../../../src/adapters/rpc/index.ts'
import { providerOf } from '../../../src/adapters/rpcUrl.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { leaked, rejection } from '../../support/secrets.ts'

const urlKey = 'sEcReTkEy0123456789'
const queryKey = 'qUeRyKeY9876543210'
const password = 'pAsSwOrD-of-the-node'
const secrets = [urlKey, queryKey, password, encodeURIComponent(password)]

type Request = { readonly headers: IncomingMessage['headers']; body: string }
type Reply = {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Never ends the answer. */
  readonly hang?: 'headers' | 'body'
}

let server: Server
let reply: (request: Request) => Reply
let last: Request
/** Nobody listens there. */
let closedPort: number
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    last = { headers: request.headers, body }
    const { status = 200, headers, body: text = '', hang } = reply(last)
    if (hang === 'headers') return
    response.writeHead(status, headers)
    response.write(text)
    if (hang === undefined) response.end()
  })
  await listen(server)
  const other = createServer()
  closedPort = await listen(other)
  await new Promise((done) => other.close(done))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('request', () => {
  it('default: sends JSON-RPC 2.0 and returns the result', async () => {
    reply = answering((id) => ({ id, result: { a: ['0x1'] } }))
    expect(await rpc().request('eth_test', ['0x2', true])).toEqual({
      a: ['0x1'],
    })
    expect(JSON.parse(last.body)).toMatchObject({
      jsonrpc: '2.0',
      method: 'eth_test',
      params: ['0x2', true],
    })
    expect(last.headers['content-type']).toBe('application/json')
  })

  it('behavior: null is a result', async () => {
    reply = answering((id) => ({ id, result: null }))
    expect(await rpc().request('eth_getTransactionReceipt')).toBe(null)
  })

  it('behavior: name and password of the URL go into the header', async () => {
    reply = answering((id) => ({ id, result: '0x1' }))
    expect(await rpc().request('eth_chainId')).toBe('0x1')
    expect(last.headers.authorization).toBe(
      `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
    )
  })

  it.each([
    ['0x08c379a0', '0x08c379a0'],
    [{ data: '0x08c379a0', message: 'm' }, '0x08c379a0'],
    ['Reverted 0x08c379a0', '0x08c379a0'],
    ['0x', '0x'],
    ['nothing', undefined],
    [{}, undefined],
  ])('behavior: data %j of a revert reads %s', async (data, expected) => {
    const error = { code: 3, message: 'execution reverted', data }
    for (const status of [200, 400, 500]) {
      reply = answering((id) => ({ id, error }), status)
      const thrown = await rejection(rpc().request('eth_call'))
      expect(thrown).toBeInstanceOf(RpcError)
      expect((thrown as RpcError).message).toBe('eth_call: execution reverted')
      expect((thrown as RpcError).data).toBe(expected)
      expect((thrown as RpcError).facts).toHaveProperty('rpcCode', 3)
    }
  })

  it('behavior: an error without an id is the answer too', async () => {
    reply = () => ({ status: 401, body: '{"error":{"message":"no key"}}' })
    expect(await rejection(rpc().request('eth_call'))).toMatchObject({
      message: 'eth_call: no key',
    })
  })

  it('behavior: a node’s text does not steer the terminal and does not grow', async () => {
    const message = `\u001b[2J\r\n\u202e${'x'.repeat(5000)}`
    reply = answering((id) => ({ id, error: { code: 1, message } }))
    const thrown = (await rejection(rpc().request('a'))) as RpcError
    expect(thrown.message).toMatch(/^a: \s*\[2J x+…$/)
    expect(thrown.message.length).toBeLessThan(320)
  })
})

describe('error', () => {
  const cases: readonly [string, Reply, RegExp][] = [
    ['no JSON', { body: '<html>' }, /no JSON-RPC 2.0$/],
    ['empty', {}, /no JSON-RPC 2.0$/],
    ['another id', { body: '{"id":999,"result":1}' }, /no JSON-RPC 2.0$/],
    ['no result', { body: '{"id":1}' }, /no JSON-RPC 2.0$/],
    ['null', { body: 'null' }, /no JSON-RPC 2.0$/],
    ['a bare error', { body: '{"id":1,"error":{}}' }, /without a message$/],
    ['HTTP 429', { status: 429, body: 'slow down' }, /HTTP status 429$/],
    ['HTTP 503', { status: 503 }, /HTTP status 503$/],
    [
      'a redirect',
      { status: 307, headers: { location: `http://127.0.0.1:1/${urlKey}` } },
      /another URL: give that one$/,
    ],
    [
      'no answer',
      { hang: 'headers' },
      /the node at 127\.0\.0\.1:\d+ gives no answer within 200 ms$/,
    ],
    ['half an answer', { hang: 'body', body: '{' }, /within 200 ms$/],
    [
      'a message with the URL',
      {
        status: 403,
        body: JSON.stringify({
          error: {
            message: `bad key ${urlKey}, ${queryKey}; ${password} at /v3/${urlKey}?key=${queryKey}`,
          },
        }),
      },
      /^eth_call: bad key …, …; … at \/v3\/…\?…$/,
    ],
  ]
  it.each(cases)('%s: RpcError without the URL', async (_, answer, text) => {
    reply = () => answer
    const thrown = await rejection(rpc(200).request('eth_call', []))
    expect(thrown).toBeInstanceOf(RpcError)
    expect((thrown as RpcError).message).toMatch(text)
    expect((thrown as RpcError).facts).toHaveProperty('method', 'eth_call')
    expect(leaked(thrown, secrets)).toEqual([])
  })

  it.each([
    [
      `http://127.0.0.1:CLOSED/${urlKey}`,
      /^eth_call: the node at 127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED$/,
    ],
    [
      `http://${urlKey}.rpc.example.invalid:6666/`,
      /^eth_call: the node at ….example\.invalid:6666 cannot be reached$/,
    ],
    // A port that fetch refuses to open.
    [`http://me:${password}@127.0.0.1:6666/${urlKey}`, /cannot be reached$/],
    [`http://%zz:${password}@127.0.0.1:1/${urlKey}`, /cannot be reached/],
  ])(
    '%s cannot be reached: RpcError without the URL',
    async (text, message) => {
      const url = parseRpcUrl(text.replace('CLOSED', `${closedPort}`))!
      const thrown = await rejection(createHttpRpc({ url }).request('eth_call'))
      expect(thrown).toBeInstanceOf(RpcError)
      expect((thrown as RpcError).message).toMatch(message)
      expect(leaked(thrown, secrets)).toEqual([])
    },
  )

  it('control: what fetch and URL throw of themselves does hold the URL', async () => {
    const text = `http://me:${password}@127.0.0.1:1/${urlKey}`
    const thrown = await rejection(fetch(text))
    expect(leaked(thrown, secrets)).toContain(urlKey)
    const malformed = await rejection((async () => new URL(`:${urlKey}`))())
    expect(leaked(malformed, secrets)).toContain(urlKey)
    const hidden = new Error('a', { cause: { deep: [new Error(urlKey)] } })
    expect(leaked(hidden, secrets)).toEqual([urlKey])
  })
})

it.each([
  ['http://localhost:8545/KEY', 'localhost:8545'],
  ['https://me:KEY@10.0.0.7:8545', '10.0.0.7:8545'],
  ['http://[::1]:8545/KEY', '[::1]:8545'],
  ['https://example.cloud/v3/KEY?a=KEY#KEY', 'example.cloud'],
  ['https://KEY.eth.rpc.example.cloud:444/', '….example.cloud:444'],
])('providerOf: of %s it tells %s', (text, told) => {
  expect(providerOf(parseRpcUrl(text)!)).toBe(told)
})

describe('parseRpcUrl', () => {
  it.each(['', 'x', 'localhost:8545', 'ws://a', 'file:///a', `:${urlKey}`])(
    '%s is none',
    (text) => {
      expect(parseRpcUrl(text)).toBe(undefined)
    },
  )
  it.each(['http://localhost:8545', 'https://a.example/v3/KEY'])(
    '%s is one',
    (text) => {
      expect(parseRpcUrl(text)?.href).toContain(text)
    },
  )
})

async function listen(listener: Server): Promise<number> {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  return (listener.address() as AddressInfo).port
}

function rpc(timeoutMs = 5000): ReturnType<typeof createHttpRpc> {
  const { port } = server.address() as AddressInfo
  const url = parseRpcUrl(
    `http://me:${password}@127.0.0.1:${port}/v3/${urlKey}?key=${queryKey}`,
  )!
  return createHttpRpc({ url, timeoutMs })
}

function answering(
  answer: (id: unknown) => object,
  status = 200,
): (request: Request) => Reply {
  return ({ body }) => ({
    status,
    body: JSON.stringify({ jsonrpc: '2.0', ...answer(JSON.parse(body).id) }),
  })
}
