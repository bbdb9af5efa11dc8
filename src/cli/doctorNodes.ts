import { checkChain } from '../adapters/chains/index.ts'
import type { ChainConfig } from '../adapters/config/index.ts'
import { createHttpRpc } from '../adapters/rpc/index.ts'
import { ApexError } from '../core/errors.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'
import { readRpcUrls, readWebSocketUrls } from '../programs/readConfig.ts'
import { type Finding, inWords, type Notes } from './doctorFindings.ts'
import { webSocketChainId } from './webSocketChainId.ts'

const timeoutMs = 10_000
/** A clock or a head further off than this misleads deadlines and stale-state guards. */
const mostSkewSeconds = 15
const mostHeadAgeSeconds = 60
const mostHeadAgeBlocks = 20
/** A node this far behind another answers for the past. */
const mostBlocksBehind = 5

/** What was found of a chain's nodes, and the first that serves. */
export type CheckedNodes = {
  readonly findings: readonly Finding[]
  readonly rpc: Rpc | undefined
}

type Head = { readonly blockNumber: number; readonly timestamp: number }

/**
 * Asks each node for its chain and its head.
 * @param now unix seconds of this machine.
 */
export async function checkNodes(
  section: ChainConfig,
  notes: Notes,
  now: () => number,
): Promise<CheckedNodes> {
  const urls = await readAll('rpc', notes, () => readRpcUrls(section))
  if ('findings' in urls) return { findings: urls.findings, rpc: undefined }
  if (urls.length === 0)
    return {
      findings: [notes.fault('rpc', `no node: set chains.${section.name}.rpc`)],
      rpc: undefined,
    }
  const nodes = await Promise.all(
    urls.map(async (url) => {
      const rpc = createHttpRpc({ url, timeoutMs })
      const head = await headOf(rpc, section)
      return { host: url.host, rpc, head, seen: now() }
    }),
  )
  const highest = Math.max(
    ...nodes.map(({ head }) => ('blockNumber' in head ? head.blockNumber : 0)),
  )
  const findings = nodes.flatMap(({ host, head, seen }, i) => {
    const check = `rpc[${i}]`
    if (head instanceof ApexError)
      return [notes.fault(check, `${host}: ${inWords(head)}`)]
    const behind = highest - head.blockNumber
    return [
      behind > mostBlocksBehind
        ? notes.warning(check, `${host}: ${behind} blocks behind another node`)
        : notes.ok(check, `${host}: block ${head.blockNumber}`),
      clockFinding(section, notes, `clock[${i}]`, head.timestamp - seen),
    ]
  })
  const serving = nodes.find(({ head }) => !(head instanceof ApexError))
  return { findings, rpc: serving?.rpc }
}

/** Asks each node over WebSocket for its chain. */
export async function checkWebSockets(
  section: ChainConfig,
  notes: Notes,
): Promise<readonly Finding[]> {
  const urls = await readAll('webSocket', notes, () =>
    readWebSocketUrls(section),
  )
  if ('findings' in urls) return urls.findings
  const { chainId } = section.chain
  return Promise.all(
    urls.map(async (url, i) => {
      const check = `webSocket[${i}]`
      const actual = await webSocketChainId(url, timeoutMs)
      if (actual === chainId) return notes.ok(check, `${url.host}: opens`)
      return notes.fault(
        check,
        actual === undefined
          ? `${url.host}: it does not open, or does not answer`
          : `${url.host}: the node is of chain ${actual}, expected was chain ${chainId}`,
      )
    }),
  )
}

/** URLs with their references followed, or what is wrong with one. */
async function readAll(
  check: string,
  notes: Notes,
  read: () => Promise<readonly URL[]>,
): Promise<readonly URL[] | { readonly findings: readonly Finding[] }> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof ApexError)) throw error
    return { findings: [notes.fault(check, inWords(error))] }
  }
}

async function headOf(
  rpc: Rpc,
  { chain }: ChainConfig,
): Promise<Head | ApexError> {
  const method = 'eth_getBlockByNumber'
  try {
    await checkChain(rpc, chain)
    const block = await rpc.request(method, ['latest', false])
    const { number, timestamp } = (block ?? {}) as Record<string, unknown>
    if (!isQuantity(number) || !isQuantity(timestamp))
      return new RpcError(`${method}: the answer is no block`, { method })
    return { blockNumber: Number(number), timestamp: Number(timestamp) }
  } catch (error) {
    if (error instanceof ApexError) return error
    throw error
  }
}

/** @param ahead seconds that the head's time is ahead of this machine's. */
function clockFinding(
  { chain }: ChainConfig,
  notes: Notes,
  check: string,
  ahead: number,
): Finding {
  if (ahead > mostSkewSeconds)
    return notes.fault(
      check,
      `the latest block is ${ahead} s in the future: this machine's clock is late`,
    )
  const age = -ahead
  const mostAge = Math.max(
    mostHeadAgeSeconds,
    (mostHeadAgeBlocks * chain.blockTimeMs) / 1000,
  )
  if (age <= mostAge)
    return notes.ok(check, `the latest block is ${Math.max(0, age)} s old`)
  const detail = `the latest block is ${age} s old: the node lags, or this machine's clock is ahead`
  // A development node makes blocks only when it is sent something.
  return chain.name === 'local'
    ? notes.warning(check, detail)
    : notes.fault(check, detail)
}

function isQuantity(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-f]{1,12}$/i.test(value)
}
