import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Log, Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import { coversBloom, isEmptyBloom } from './logsBloom.ts'

/** All logs of a block, or why what the node gave is not all of them. */
export type LogsReading =
  | { readonly logs: readonly Log[] }
  | { readonly fault: string }

/** A header that has its bloom. */
export type BloomedHeader = BlockHeader & { readonly logsBloom: Hex }

/**
 * Reads all logs of one block by its hash: by `eth_getLogs` and by the block's
 * receipts at once. Of two whole readings the longer counts: a last log whose
 * address and topics were there before shows neither in the bloom nor as a gap.
 * A node without receipts must give the same logs twice. A block without logs
 * is not asked for. Where the node answers neither, its error is the fault.
 */
export async function readWholeLogs(
  rpc: Rpc,
  header: BloomedHeader,
): Promise<LogsReading> {
  if (isEmptyBloom(header.logsBloom)) return { logs: [] }
  const { blockHash } = header
  const readLogs = (): Promise<LogsReading> =>
    rpc
      .request('eth_getLogs', [{ blockHash }])
      .then((answer) => wholeLogs(header, answer), faultOf)
  const [first, receipts] = await Promise.all([
    readLogs(),
    rpc
      .request('eth_getBlockReceipts', [blockHash])
      .then((answer) => wholeLogs(header, logsOfReceipts(answer)), faultOf),
  ])
  if ('fault' in first) return 'logs' in receipts ? receipts : first
  const second = 'logs' in receipts ? receipts : await readLogs()
  if ('fault' in second) return second
  if ('logs' in receipts)
    return second.logs.length > first.logs.length ? second : first
  return second.logs.length === first.logs.length
    ? first
    : { fault: `${first.logs.length} logs, then ${second.logs.length}` }
}

/**
 * Holds logs against the header of their block. They are whole where each is
 * well formed and of this block, none is missing between the first and the
 * last, transactions rise with them, and together they set every bit of the
 * header's bloom. Repeated ones count once; the order does not matter.
 */
export function wholeLogs(header: BloomedHeader, answer: unknown): LogsReading {
  const { blockHash, logsBloom } = header
  if (!Array.isArray(answer)) return { fault: 'the logs are no list' }
  const logs: Log[] = []
  for (const entry of answer) {
    const log = readLog(entry, blockHash)
    if (!log) return { fault: 'a log is malformed or of another block' }
    const known = logs[log.logIndex]
    if (known && !isSameLog(known, log))
      return { fault: `two different logs ${log.logIndex}` }
    if (log.logIndex >= answer.length)
      return { fault: `log ${log.logIndex} of ${answer.length}` }
    logs[log.logIndex] = log
  }
  let txIndex = 0
  for (let i = 0; i < logs.length; i++) {
    const log = logs[i]
    if (!log) return { fault: `log ${i} is missing` }
    if (log.txIndex < txIndex) return { fault: 'the transactions do not rise' }
    txIndex = log.txIndex
  }
  return coversBloom(logs, logsBloom)
    ? { logs }
    : { fault: `the header's bloom tells of more than ${logs.length} logs` }
}

/** A log as a node tells it; undefined where it is malformed, of another block or taken back. */
export function readLog(entry: unknown, blockHash: Hex): Log | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const log = entry as RpcLog
  const { address, topics, data, transactionHash, removed } = log
  const [txIndex, logIndex] = [log.transactionIndex, log.logIndex].map(whole)
  const isOfBlock = isHex(log.blockHash, 32) && same(log.blockHash, blockHash)
  if (
    !isOfBlock ||
    removed === true ||
    !isHex(address, 20) ||
    !Array.isArray(topics) ||
    !topics.every((topic) => isHex(topic, 32)) ||
    !isHex(data) ||
    !isHex(transactionHash, 32) ||
    txIndex === undefined ||
    logIndex === undefined
  )
    return undefined
  return { address, topics, data, txHash: transactionHash, txIndex, logIndex }
}

type RpcLog = Readonly<
  Record<
    | 'address'
    | 'topics'
    | 'data'
    | 'blockHash'
    | 'transactionHash'
    | 'transactionIndex'
    | 'logIndex'
    | 'removed',
    unknown
  >
>

/** The logs in receipts, as a node tells them. */
export function logsOfReceipts(answer: unknown): unknown {
  return Array.isArray(answer)
    ? answer.flatMap((receipt: { readonly logs?: unknown } | null) =>
        Array.isArray(receipt?.logs) ? receipt.logs : [undefined],
      )
    : undefined
}

/** Whether two readings of a log agree. */
export function isSameLog(a: Log, b: Log): boolean {
  return (
    same(a.address, b.address) &&
    a.data === b.data &&
    a.topics.join() === b.topics.join() &&
    a.txHash === b.txHash
  )
}

/** Both ways failing is one fault: the sync asks again. */
export function faultOf(error: unknown): LogsReading {
  if (error instanceof RpcError) return { fault: error.message }
  throw error
}

function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

function isHex(value: unknown, bytes?: number): value is Hex {
  return (
    typeof value === 'string' &&
    /^0x(?:[\da-f]{2})*$/i.test(value) &&
    (bytes === undefined || value.length === 2 + 2 * bytes)
  )
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
