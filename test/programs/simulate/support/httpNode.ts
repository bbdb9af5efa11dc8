import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'

/** A node on a port of this machine. */
export type HttpNode = {
  readonly url: string
  /** How often each method was asked for. */
  readonly requests: ReadonlyMap<string, number>
  close(): Promise<void>
}

type Question = {
  readonly id: number
  readonly method: string
  readonly params?: readonly unknown[]
}

/** Serves a chain of this process as JSON-RPC over HTTP. */
export async function serveChain(chain: Rpc): Promise<HttpNode> {
  const requests = new Map<string, number>()
  const answer = async ({ id, method, params }: Question): Promise<object> => {
    requests.set(method, (requests.get(method) ?? 0) + 1)
    try {
      const result = await chain.request(method, params ?? [])
      return { jsonrpc: '2.0', id, result }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      const { message, data } = error
      return { jsonrpc: '2.0', id, error: { code: -32000, message, data } }
    }
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const asked: Question | Question[] = JSON.parse(text)
    const answers = Array.isArray(asked)
      ? await Promise.all(asked.map(answer))
      : await answer(asked)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answers))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () => closed(server),
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
