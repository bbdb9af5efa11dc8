import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../../../core/hex.ts'

/** A receipt as nodes tell it, as far as its block's header commits to it. */
export type RpcReceipt = {
  /** Absent where the transaction is of the first kind. */
  readonly type?: string
  readonly status?: string
  /** In place of the status, before Byzantium. */
  readonly root?: string
  readonly cumulativeGasUsed: string
  readonly logsBloom: string
  readonly logs: readonly {
    readonly address: string
    readonly topics: readonly string[]
    readonly data: string
  }[]
  /** Deposits of the OP Stack. */
  readonly depositNonce?: string
  readonly depositReceiptVersion?: string
}

const depositType = 0x7e

/**
 * The root of the Merkle-Patricia trie of a block's receipts, as its header has
 * it: no receipt and no log can be left out or changed without changing it.
 * (Yellow Paper, 4.3.1 and appendix D; EIP-2718; the OP Stack's deposits.)
 *
 * @throws RangeError, TypeError or SyntaxError where the receipts are malformed.
 */
export function receiptsRoot(receipts: readonly RpcReceipt[]): Hex {
  const items = receipts
    .map((receipt, i) => ({
      path: nibblesOf(integer(i)),
      value: encodeReceipt(receipt),
    }))
    .sort((a, b) => compare(a.path, b.path))
  const node =
    items.length === 0 ? bytes(new Uint8Array()) : encodeNode(items, 0)
  return `0x${bytesToHex(keccak_256(node))}`
}

function encodeReceipt(receipt: RpcReceipt): Uint8Array {
  const { root, status, depositNonce, depositReceiptVersion } = receipt
  const type = Number(receipt.type ?? 0)
  const fields = [
    root === undefined ? integer(status!) : bytes(bytesOf(root)),
    integer(receipt.cumulativeGasUsed),
    bytes(bytesOf(receipt.logsBloom)),
    list(
      receipt.logs.map(({ address, topics, data }) =>
        list([
          bytes(bytesOf(address)),
          list(topics.map((topic) => bytes(bytesOf(topic)))),
          bytes(bytesOf(data)),
        ]),
      ),
    ),
  ]
  if (type === depositType)
    for (const field of [depositNonce, depositReceiptVersion])
      if (field !== undefined) fields.push(integer(field))
  const encoded = list(fields)
  return type === 0 ? encoded : joined([Uint8Array.of(type), encoded])
}

type Item = {
  /** Half bytes. */
  readonly path: Uint8Array
  readonly value: Uint8Array
}

/** The node of items that share the first `depth` half bytes; rising paths, none the beginning of another. */
function encodeNode(items: readonly Item[], depth: number): Uint8Array {
  const [first] = items
  const { path, value } = first!
  if (items.length === 1)
    return list([bytes(compact(path.subarray(depth), true)), bytes(value)])
  const last = items.at(-1)!.path
  let shared = depth
  while (path[shared] === last[shared]) shared++
  if (shared > depth)
    return list([
      bytes(compact(path.subarray(depth, shared), false)),
      reference(encodeNode(items, shared)),
    ])
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const own = items.filter((item) => item.path[depth] === nibble)
    return own.length === 0
      ? bytes(new Uint8Array())
      : reference(encodeNode(own, depth + 1))
  })
  return list([...children, bytes(new Uint8Array())])
}

/** Small nodes stand in their parents themselves. */
function reference(node: Uint8Array): Uint8Array {
  return node.length < 32 ? node : bytes(keccak_256(node))
}

/** Hex-prefix encoding: two half bytes a byte, with whether the path ends here. */
function compact(path: Uint8Array, isLeaf: boolean): Uint8Array {
  const isOdd = path.length % 2 === 1
  const flag = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0)
  const whole = isOdd ? [flag, ...path] : [flag, 0, ...path]
  return Uint8Array.from({ length: whole.length / 2 }, (_, i) => {
    return whole[2 * i]! * 16 + whole[2 * i + 1]!
  })
}

function nibblesOf(key: Uint8Array): Uint8Array {
  return Uint8Array.from([...key].flatMap((byte) => [byte >> 4, byte & 15]))
}

/** RLP of a string of bytes. */
function bytes(content: Uint8Array): Uint8Array {
  return content.length === 1 && content[0]! < 0x80
    ? content
    : joined([lengthOf(content.length, 0x80), content])
}

/** RLP of a list of what is encoded already. */
function list(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length, 0)
  return joined([lengthOf(length, 0xc0), ...items])
}

/** RLP of a whole number: no zeros in front, and zero is no byte at all. */
function integer(value: number | string): Uint8Array {
  return bytes(bigEndian(BigInt(value)))
}

function lengthOf(length: number, offset: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length)
  const digits = bigEndian(BigInt(length))
  return Uint8Array.of(offset + 55 + digits.length, ...digits)
}

function bigEndian(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  const digits = value.toString(16)
  return hexToBytes(digits.length % 2 === 0 ? digits : `0${digits}`)
}

function bytesOf(hex: string): Uint8Array {
  return hexToBytes(hex.slice(2))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  )
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; ; i++) {
    const [x, y] = [a[i] ?? -1, b[i] ?? -1]
    if (x !== y || x < 0) return x - y
  }
}
