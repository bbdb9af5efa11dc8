import { keccakText } from '../../src/core/keccak.ts'

/** The little of the contract ABI that the tests need: words and one bytes argument. Hex has no 0x. */

/** First four bytes of a function's hash. */
export function selector(signature: string): string {
  return keccakText(signature).slice(2, 10)
}

/** A value of at most 256 bits as one word; negative values in two's complement. */
export function word(value: bigint): string {
  return BigInt.asUintN(256, value).toString(16).padStart(64, '0')
}

/** Calldata of a function with static arguments of one word each. */
export function encodeCall(
  signature: string,
  values: readonly bigint[] = [],
): string {
  return selector(signature) + values.map(word).join('')
}

/** Calldata of a function whose last argument is `bytes`, all others one word each. */
export function encodeCallWithBytes(
  signature: string,
  values: readonly bigint[],
  bytes: string,
): string {
  const offset = BigInt(32 * (values.length + 1))
  const length = BigInt(bytes.length / 2)
  const padding = '0'.repeat((64 - (bytes.length % 64)) % 64)
  return `${encodeCall(signature, [...values, offset, length])}${bytes}${padding}`
}

/** The words of a result. */
export function decodeWords(data: string): bigint[] {
  const words: bigint[] = []
  for (let at = 0; at < data.length; at += 64) {
    words.push(BigInt(`0x${data.slice(at, at + 64)}`))
  }
  return words
}

/** The words of a result that is one `bytes`. */
export function decodeBytesWords(data: string): bigint[] {
  const length = Number(BigInt(`0x${data.slice(64, 128)}`))
  return decodeWords(data.slice(128, 128 + 2 * length))
}

/** A word read as a signed integer. */
export function signed(value: bigint): bigint {
  return BigInt.asIntN(256, value)
}
