import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { id, keccak256, Transaction, verifyMessage } from 'ethers'

/** What a relay got, and who had signed it; undefined where nobody had, or wrongly. */
export type Received = {
  readonly path: string
  readonly method: string
  readonly params: readonly unknown[]
  readonly signedBy: string | undefined
}

/** How a path answers: as the specification says, or with a fault. */
export type Behaviour =
  | 'takes'
  | 'refuses'
  | 'limits'
  | 'hangs'
  | 'hangs up'
  | 'html'
  | 'says null'
  | 'is no object'
  | 'says too much'
  | 'stalls'

/** More than a relay has to say. */
const tooMuch = ' '.repeat(1 << 20)

export type BuilderServer = {
  readonly origin: string
  readonly received: Received[]
  /** By path: how it answers; `takes` where none is set. */
  readonly behaviours: Map<string, Behaviour>
  /** Waits until so many requests have come for a path. */
  arrived(path: string, count?: number): Promise<void>
  close(): void
}

/**
 * Relays and builders behind one port, one a path. Paths that contain `signed`
 * refuse what is not signed as Flashbots specifies: EIP-191 over the hex text
 * of the body's keccak-256, `address:signature`.
 */
export async function serveBuilders(): Promise<BuilderServer> {
  const received: Received[] = []
  const behaviours = new Map<string, Behaviour>()
  const wakers: (() => void)[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { id: requestId, method, params } = JSON.parse(body)
    const path = request.url!
    const signedBy = signerOf(request, body)
    received.push({ path, method, params, signedBy })
    for (const wake of wakers.splice(0)) wake()
    const answer = (content: object, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id: requestId, ...content }),
      )
    }
    const behaviour = behaviours.get(path) ?? 'takes'
    if (behaviour === 'hangs') return
    if (behaviour === 'hangs up') return void response.destroy()
    if (behaviour === 'is no object') return void response.end('7')
    if (behaviour === 'stalls') return void response.write('{"jsonrpc":')
    if (behaviour === 'says null') return answer({ result: null })
    if (behaviour === 'says too much')
      return answer({ result: resultOf(method, params), more: tooMuch })
    if (behaviour === 'html') return void response.end('<html>busy</html>')
    if (path.includes('signed') && signedBy === undefined)
      return answer(
        { error: { code: -32_600, message: 'error verifying signature' } },
        403,
      )
    if (behaviour === 'limits')
      return answer({ error: { code: -32_005, message: 'too many' } }, 429)
    if (behaviour === 'refuses')
      return answer({
        error: { code: -38_000, message: `nonce too low at http://x${path}` },
      })
    return answer({ result: resultOf(method, params) })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    behaviours,
    async arrived(path, count = 1) {
      const isHere = () =>
        received.filter((one) => one.path === path).length >= count
      while (!isHere())
        await new Promise<void>((wake) => {
          wakers.push(wake)
        })
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function signerOf(request: IncomingMessage, body: string): string | undefined {
  const header = request.headers['x-flashbots-signature']
  if (typeof header !== 'string') return undefined
  const [address, signature] = header.split(':')
  try {
    const signer = verifyMessage(id(body), signature!)
    return signer === address ? signer : undefined
  } catch {
    return undefined
  }
}

/** As Flashbots' documentation says: hashes are made from the transactions themselves. */
function resultOf(method: string, params: readonly unknown[]): unknown {
  const [first] = params as [string | Record<string, unknown>]
  if (method === 'eth_sendRawTransaction') return keccak256(first as string)
  const { tx, txs } = first as { tx?: string; txs?: string[] }
  if (method === 'eth_sendPrivateTransaction') return keccak256(tx!)
  if (method === 'eth_cancelBundle') return null
  const hashes = txs!.map((raw) => keccak256(raw).slice(2))
  const bundleHash = keccak256(`0x${hashes.join('')}`)
  if (method === 'eth_sendMevBundle') return bundleHash
  if (method === 'eth_sendBundle') return { bundleHash }
  const results = txs!.map((raw) => {
    const { hash, to, gasLimit } = Transaction.from(raw)
    const fails = gasLimit === 21_001n
    return {
      txHash: hash,
      toAddress: to,
      gasUsed: 21_000,
      coinbaseDiff: '42000',
      ...(fails && { error: 'execution reverted', revert: '0x08c379a0' }),
    }
  })
  return {
    bundleHash,
    coinbaseDiff: '42000',
    stateBlockNumber: 99,
    totalGasUsed: 21_000 * results.length,
    results,
  }
}
