import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../../../core/hex.ts'
import { joinBytes, rlpBytes, rlpInteger, rlpList } from '../../../core/rlp.ts'

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
      path: nibblesOf(rlpInteger(BigInt(i))),
      value: encodeReceipt(receipt),
    }))
    .sort((a, b) => compare(a.path, b.path))
  const node =
    items.length === 0 ? rlpBytes(new Uint8Array()) : encodeNode(items, 0)
  return `0x${bytesToHex(keccak_256(node))}`
}

function encodeReceipt(receipt: RpcReceipt): Uint8Array {
  const { root, status, depositNonce, depositReceiptVersion } = receipt
  const type = Number(receipt.type ?? 0)
  const fields = [
    root === undefined ? rlpInteger(BigInt(status!)) : rlpBytes(bytesOf(root)),
    rlpInteger(BigInt(receipt.cumulativeGasUsed)),
    rlpBytes(bytesOf(receipt.logsBloom)),
    rlpList(
      receipt.logs.map(({ address, topics, data }) =>
        rlpList([
          rlpBytes(bytesOf(address)),
          rlpList(topics.map((topic) => rlpBytes(bytesOf(topic)))),
          rlpBytes(bytesOf(data)),
        ]),
      ),
    ),
  ]
  if (type === depositType)
    for (const field of [depositNonce, depositReceiptVersion])
      if (field !== undefined) fields.push(rlpInteger(BigInt(field)))
  const encoded = rlpList(fields)
  return type === 0 ? encoded : joinBytes([Uint8Array.of(type), encoded])
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
    return rlpList([
      rlpBytes(compact(path.subarray(depth), true)),
      rlpBytes(value),
    ])
  const last = items.at(-1)!.path
  let shared = depth
  while (path[shared] === last[shared]) shared++
  if (shared > depth)
    return rlpList([
      rlpBytes(compact(path.subarray(depth, shared), false)),
      reference(encodeNode(items, shared)),
    ])
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const own = items.filter((item) => item.path[depth] === nibble)
    return own.length === 0
      ? rlpBytes(new Uint8Array())
      : reference(encodeNode(own, depth + 1))
  })
  return rlpList([...children, rlpBytes(new Uint8Array())])
}

/** Small nodes stand in their parents themselves. */
function reference(node: Uint8Array): Uint8Array {
  return node.length < 32 ? node : rlpBytes(keccak_256(node))
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

function bytesOf(hex: string): Uint8Array {
  return hexToBytes(hex.slice(2))
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; ; i++) {
    const [x, y] = [a[i] ?? -1, b[i] ?? -1]
    if (x !== y || x < 0) return x - y
  }
}
