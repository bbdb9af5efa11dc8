import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchPost, type HttpPost } from '../../src/adapters/httpPost.ts'
import { createNodePost } from '../../src/programs/nodePost.ts'
import { rejection } from '../support/secrets.ts'

const said = '{"result":"ünïcode"}'.repeat(500)
const packed = gzipSync(said)
let server: Server
let url: string
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { headers } = request
    switch (request.url) {
      case '/packed':
        return response.setHeader('content-encoding', 'gzip').end(packed)
      case '/cut':
        response.setHeader('content-encoding', 'gzip')
        response.setHeader('content-length', packed.length)
        response.write(packed.subarray(0, packed.length >> 1))
        return setTimeout(() => response.destroy(), 5)
      case '/garbled':
        return response.setHeader('content-encoding', 'gzip').end('no gzip')
      case '/elsewhere':
        return response.writeHead(302, { location: '/packed' }).end()
      case '/busy':
        return response.writeHead(429, { 'retry-after': '7' }).end('busy')
      case '/silent':
        return undefined
      default:
        return response.end(JSON.stringify({ body, own: headers['x-own'] }))
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe.each<[string, HttpPost]>([
  ['fetch', fetchPost],
  ['Node’s own client', createNodePost()],
])('by %s', (_, post) => {
  const ask = (path: string, mostBytes?: number) =>
    post(url + path, {
      headers: { 'x-own': 'seen' },
      body: 'ünïcode',
      signal: AbortSignal.timeout(5000),
      ...(mostBytes !== undefined && { mostBytes }),
    })

  it('default: sends headers and body, and reads the answer, packed or not', async () => {
    const { status, text } = await ask('/')
    expect([status, JSON.parse(text!)]).toEqual([
      200,
      { body: 'ünïcode', own: 'seen' },
    ])
    expect((await ask('/packed')).text).toBe(said)
  })

  it('behavior: tells when to come again, and follows to no other URL', async () => {
    const busy = { status: 429, retryAfter: '7', text: 'busy' }
    expect(await ask('/busy')).toEqual(busy)
    expect((await ask('/elsewhere')).text).toBe('')
  })

  it('behavior: an answer that is too long is given up, however small it was packed', async () => {
    const { length } = Buffer.from(said)
    expect((await ask('/packed', length - 1)).text).toBe(undefined)
    expect((await ask('/packed', length)).text).toBe(said)
  })

  it('error: cut short, garbled, unreachable, given up', async () => {
    for (const path of ['/cut', '/garbled'])
      expect(await rejection(ask(path))).toBeInstanceOf(Error)
    const closed = `http://127.0.0.1:${await freePort()}`
    const request = {
      headers: {},
      body: '',
      signal: new AbortController().signal,
    }
    expect(await rejection(post(closed, request))).toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    })
    const signal = AbortSignal.timeout(20)
    expect(
      await rejection(post(`${url}/silent`, { ...request, signal })),
    ).toMatchObject({ name: 'TimeoutError' })
  })
})

/** Nobody listens there. */
async function freePort(): Promise<number> {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const { port } = other.address() as AddressInfo
  await new Promise((done) => other.close(done))
  return port
}
