import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ApexError, type ErrorDetails } from './errors.ts'
import type { Hex } from './hex.ts'

const addressPattern = /^0x[0-9a-fA-F]{40}$/
const poolIdPattern = /^0x[0-9a-fA-F]{64}$/

/** Address zero: the native coin where a protocol trades it unwrapped. */
export const zeroAddress: Hex = '0x0000000000000000000000000000000000000000'

/**
 * Reads an address and returns it with its EIP-55 checksum. All lower case
 * (and all upper case) carries no checksum and is accepted; mixed case must be
 * right.
 *
 * @throws AddressInvalidError where it is none, or the checksum is wrong.
 * @example
 * parseAddress('0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2')
 * // '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
 */
export function parseAddress(text: unknown): Hex {
  if (typeof text !== 'string' || !addressPattern.test(text))
    throw new AddressInvalidError(`not an address: ${quoted(text)}`, {
      facts: { address: text },
      hint: 'an address is 0x and 40 hex digits',
    })
  const checksummed = checksumAddress(text)
  if (text !== checksummed && hasChecksum(text))
    throw new AddressInvalidError(`wrong checksum: ${text}`, {
      facts: { address: text, expected: checksummed },
      hint: `check the address; if it is right, its checksum form is ${checksummed}`,
    })
  return checksummed
}

/**
 * Reads what names a pool: a contract address, or the 32-byte pool id of
 * Uniswap V4 (returned in lower case; ids have no checksum).
 *
 * @throws AddressInvalidError where it is neither.
 */
export function parsePoolAddress(text: unknown): Hex {
  if (typeof text === 'string' && poolIdPattern.test(text))
    return text.toLowerCase() as Hex
  return parseAddress(text)
}

/** Whether the text has the form of an address, its checksum unseen. */
export function isAddress(text: string): text is Hex {
  return addressPattern.test(text)
}

/** `0xC02a…6Cc2`, for people. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}

/** EIP-55: a letter is upper case where the hash of the lower-case digits has a nibble of 8 or more. */
function checksumAddress(address: string): Hex {
  const digits = address.slice(2).toLowerCase()
  const hash = keccak_256(utf8ToBytes(digits))
  let text = '0x'
  for (let i = 0; i < 40; i++) {
    const byte = hash[i >> 1]!
    const nibble = i & 1 ? byte & 15 : byte >> 4
    text += nibble > 7 ? digits[i]!.toUpperCase() : digits[i]!
  }
  return text as Hex
}

function hasChecksum(address: string): boolean {
  const digits = address.slice(2)
  return digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** Not an address, or its EIP-55 checksum is wrong. */
export class AddressInvalidError extends ApexError {
  override readonly name = 'AddressInvalidError'
  constructor(message: string, details?: ErrorDetails) {
    super('ADDRESS_INVALID', message, details)
  }
}
