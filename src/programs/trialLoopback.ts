import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'

/** An {@link Rpc} at a URL of this machine. */
export type Loopback = {
  readonly url: string
  close(): Promise<void>
}

type Question = {
  readonly id: number
  readonly method: string
  readonly params?: readonly unknown[]
}

/** Requests that change something are none of a copy's business. */
const refused = /^(?:eth_send|eth_sign|personal_|admin_|debug_set)/
const defaultErrorCode = -32_000

/**
 * Serves reads of a chain on a port of this machine, for a machine that can be
 * given a URL only: so it shares the limits, retries and failover of the nodes
 * behind, and never sees their URLs. The path is a secret: other users of this
 * machine must not read through nodes that somebody pays for.
 */
export async function openLoopback(rpc: Rpc): Promise<Loopback> {
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    if (request.url !== path) {
      response.statusCode = 404
      response.end()
      return
    }
    try {
      let text = ''
      for await (const piece of request) text += piece
      const asked: Question | Question[] = JSON.parse(text)
      const answers = Array.isArray(asked)
        ? await Promise.all(asked.map((one) => answerTo(rpc, one)))
        : await answerTo(rpc, asked)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answers))
    } catch {
      // Who asked learns no more of it than that there is no answer.
      response.destroy()
    }
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

async function answerTo(
  rpc: Rpc,
  { id, method, params = [] }: Question,
): Promise<object> {
  const answer = { jsonrpc: '2.0', id }
  const fault = (message: string, code: number): object => ({
    ...answer,
    error: { code, message },
  })
  if (refused.test(method))
    return fault(`${method} is not served`, defaultErrorCode)
  try {
    return { ...answer, result: await rpc.request(method, params) }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const { rpcCode } = error.facts
    return fault(
      error.message,
      typeof rpcCode === 'number' ? rpcCode : defaultErrorCode,
    )
  }
}
