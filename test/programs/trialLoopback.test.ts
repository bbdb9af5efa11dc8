import { afterAll, beforeAll, expect, it } from 'vitest'
import { RpcError } from '../../src/core/rpcError.ts'
import {
  type Loopback,
  openLoopback,
} from '../../src/programs/trialLoopback.ts'

const asked: string[] = []
let loopback: Loopback

beforeAll(async () => {
  loopback = await openLoopback({
    async request(method, params) {
      asked.push(method)
      if (method === 'eth_call')
        throw new RpcError(`${method}: no`, { method, rpcCode: -32_001 })
      if (method === 'eth_syncing') throw new TypeError('a fault of ours')
      return params ?? []
    },
  })
})
afterAll(() => loopback.close())

const post = (body: unknown, url = loopback.url): Promise<Response> =>
  fetch(url, { method: 'POST', body: JSON.stringify(body) })
const question = (method: string, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params: [id],
})

it('default: one question, or a list of them', async () => {
  expect(await (await post(question('eth_chainId'))).json()).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: [1],
  })
  const list = [question('eth_chainId', 7), question('eth_call', 8)]
  expect(await (await post(list)).json()).toEqual([
    { jsonrpc: '2.0', id: 7, result: [7] },
    {
      jsonrpc: '2.0',
      id: 8,
      error: { code: -32_001, message: 'eth_call: no' },
    },
  ])
})

it('error: who does not know the path reads nothing', async () => {
  const before = asked.length
  const { origin, pathname } = new URL(loopback.url)
  expect(pathname).toMatch(/^\/[\da-f]{32}$/)
  for (const path of ['/', '/x', pathname.slice(0, -1), `${pathname}0`])
    expect((await post(question('eth_chainId'), origin + path)).status).toBe(
      404,
    )
  expect(asked).toHaveLength(before)
})

it.each([
  'eth_sendRawTransaction',
  'eth_sendTransaction',
  'eth_sign',
  'personal_sign',
])('error: %s is not passed on', async (method) => {
  const { error } = (await (await post(question(method))).json()) as {
    error: { message: string }
  }
  expect(error.message).toBe(`${method} is not served`)
  expect(asked).not.toContain(method)
})

it('error: what is no question, and faults of ours, get no answer', async () => {
  const { url } = loopback
  await expect(fetch(url, { method: 'POST', body: '{' })).rejects.toThrow()
  await expect(post(question('eth_syncing'))).rejects.toThrow()
  expect((await post(question('eth_chainId'))).status).toBe(200)
})
