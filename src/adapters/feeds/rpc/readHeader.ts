import type { BlockHeader, PushedLog } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'

const hashPattern = /^0x[0-9a-fA-F]{64}$/
const bloomPattern = /^0x[0-9a-fA-F]{512}$/
const addressPattern = /^0x[0-9a-fA-F]{40}$/
const dataPattern = /^0x(?:[0-9a-fA-F]{2})*$/
const quantityPattern = /^0x[0-9a-fA-F]+$/

/** A header as `eth_getBlockByHash` and `newHeads` give it; undefined where it is malformed, or of a block still pending. */
export function readHeader(value: unknown): BlockHeader | undefined {
  const raw = fieldsOf(value)
  const blockNumber = readQuantity(raw.number)
  const blockHash = readHex(raw.hash, hashPattern)
  const parentHash = readHex(raw.parentHash, hashPattern)
  const timestamp = readQuantity(raw.timestamp)
  if (
    blockNumber === undefined ||
    timestamp === undefined ||
    !blockHash ||
    !parentHash
  )
    return undefined
  const baseFee = readHex(raw.baseFeePerGas, quantityPattern)
  const logsBloom = readHex(raw.logsBloom, bloomPattern)
  return {
    blockNumber,
    blockHash,
    parentHash,
    timestamp,
    ...(baseFee && { baseFeePerGas: BigInt(baseFee) }),
    ...(logsBloom && { logsBloom }),
  }
}

/** A log as a subscription gives it; undefined where it is malformed, or of a block still pending. */
export function readPushedLog(value: unknown): PushedLog | undefined {
  const raw = fieldsOf(value)
  const address = readHex(raw.address, addressPattern)
  const data = readHex(raw.data, dataPattern)
  const txHash = readHex(raw.transactionHash, hashPattern)
  const blockHash = readHex(raw.blockHash, hashPattern)
  const txIndex = readQuantity(raw.transactionIndex)
  const logIndex = readQuantity(raw.logIndex)
  const blockNumber = readQuantity(raw.blockNumber)
  const topics = Array.isArray(raw.topics)
    ? raw.topics.map((topic) => readHex(topic, hashPattern))
    : [undefined]
  if (
    !address ||
    !data ||
    !txHash ||
    !blockHash ||
    txIndex === undefined ||
    logIndex === undefined ||
    blockNumber === undefined ||
    !topics.every((topic) => topic !== undefined)
  )
    return undefined
  return {
    address,
    topics,
    data,
    txHash,
    txIndex,
    logIndex,
    blockNumber,
    blockHash,
    removed: raw.removed === true,
  }
}

/** A number in hexadecimal, up to 2^53; undefined for anything else. */
export function readQuantity(value: unknown): number | undefined {
  const number = Number(readHex(value, quantityPattern) ?? Number.NaN)
  return Number.isSafeInteger(number) ? number : undefined
}

/** The fields of blocks and logs in JSON-RPC. */
type Fields = {
  readonly [name in
    | 'number'
    | 'hash'
    | 'parentHash'
    | 'timestamp'
    | 'baseFeePerGas'
    | 'logsBloom'
    | 'address'
    | 'data'
    | 'topics'
    | 'transactionHash'
    | 'transactionIndex'
    | 'logIndex'
    | 'blockHash'
    | 'blockNumber'
    | 'removed']?: unknown
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? value : {}
}

function readHex(value: unknown, pattern: RegExp): Hex | undefined {
  return typeof value === 'string' && pattern.test(value)
    ? (value as Hex)
    : undefined
}
