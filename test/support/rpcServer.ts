import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'

/** A node behind HTTP. */
export type RpcServer = {
  readonly port: number
  /** Methods asked for, in order. */
  readonly methods: string[]
  /** Stands between a request and the chain where set: may change the answer, or throw to hang up. */
  intercept:
    | ((
        method: string,
        params: readonly unknown[],
        ask: () => Promise<unknown>,
      ) => Promise<unknown>)
    | undefined
  close(): void
}

/** Serves a chain as JSON-RPC 2.0 on a free port of this machine. */
export async function serveRpc(chain: Rpc): Promise<RpcServer> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { id, method, params = [] } = JSON.parse(body)
    served.methods.push(method)
    const ask = () => chain.request(method, params)
    let answer: object
    try {
      const result = await (served.intercept?.(method, params, ask) ?? ask())
      answer = { result }
    } catch (error) {
      if (!(error instanceof RpcError)) return response.destroy()
      const { rpcCode: code = -32_000 } = error.facts
      answer = { error: { code, message: error.message, data: error.data } }
    }
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const served: RpcServer = {
    port: (server.address() as AddressInfo).port,
    methods: [],
    intercept: undefined,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return served
}
