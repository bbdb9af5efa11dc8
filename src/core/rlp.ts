import { hexToBytes } from '@noble/hashes/utils.js'

/** RLP of a string of bytes (yellow paper, appendix B). */
export function rlpBytes(content: Uint8Array): Uint8Array {
  return content.length === 1 && content[0]! < 0x80
    ? content
    : joinBytes([lengthOf(content.length, 0x80), content])
}

/** RLP of a list of what is encoded already. */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length, 0)
  return joinBytes([lengthOf(length, 0xc0), ...items])
}

/** RLP of a whole number: no zeros in front, and zero is no byte at all. */
export function rlpInteger(value: bigint): Uint8Array {
  return rlpBytes(bigEndian(value))
}

/** Several strings of bytes, one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
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
