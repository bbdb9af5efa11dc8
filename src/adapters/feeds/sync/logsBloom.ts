import type { Hex } from '../../../core/hex.ts'
import { keccakHex } from '../../../core/keccak.ts'
import type { Log } from '../../../core/rpc.ts'

const bloomBytes = 256
const zeroBloom = /^0x0*$/
/** Addresses and topics come again in every block. */
const mostRemembered = 16_384

/** Whether a header's bloom says that its block has no logs at all. */
export function isEmptyBloom(bloom: Hex): boolean {
  return zeroBloom.test(bloom)
}

/**
 * Whether the logs set every bit of their block's bloom: where one is missing,
 * so is a log. (Yellow Paper, 4.3.1: three bits of 2048 for the address and
 * each topic of a log.) The logs may set more: Polygon's bridge writes some
 * that its headers leave out.
 */
export function coversBloom(logs: readonly Log[], bloom: Hex): boolean {
  const missing = bytesOf(bloom)
  if (missing.length !== bloomBytes) return false
  for (const { address, topics } of logs) {
    clear(missing, address)
    for (const topic of topics) clear(missing, topic)
  }
  return missing.every((byte) => byte === 0)
}

/** Whether some log of the block may have one of these for address or topic: where not, none has. */
export function mayHave(items: readonly Hex[], bloom: Hex): boolean {
  const bytes = bytesOf(bloom)
  const isSet = (bit: number): boolean =>
    (bytes[bloomBytes - 1 - (bit >> 3)]! & (1 << (bit & 7))) !== 0
  return (
    bytes.length !== bloomBytes ||
    items.some((item) => bitsOf(item).every(isSet))
  )
}

function clear(bloom: Uint8Array, item: Hex): void {
  for (const bit of bitsOf(item)) {
    const place = bloomBytes - 1 - (bit >> 3)
    bloom[place] = bloom[place]! & ~(1 << (bit & 7))
  }
}

const remembered = new Map<string, readonly number[]>()

function bitsOf(item: Hex): readonly number[] {
  const known = remembered.get(item)
  if (known) return known
  const hash = keccakHex(item)
  const bits = [2, 6, 10].map(
    (at) => Number.parseInt(hash.slice(at, at + 4), 16) & 2047,
  )
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(item, bits)
  return bits
}

function bytesOf(hex: Hex): Uint8Array {
  return Uint8Array.from({ length: (hex.length - 2) >> 1 }, (_, i) =>
    Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16),
  )
}
