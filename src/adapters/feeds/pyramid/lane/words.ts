import type { Hex } from '../../../../core/hex.ts'
import { keccakText } from '../../../../core/keccak.ts'

const wordDigits = 64
const selectors = new Map<string, string>()

/** One call of a batch. */
export type Call = {
  readonly to: Hex
  readonly data: Hex
  /** Words of the answer that are wanted, where its form is fixed and the others do not matter. */
  readonly words?: number
}

/** A call of a function whose arguments each take one word; see {@link Call.words}. */
export function callOf(
  to: Hex,
  signature: string,
  values: readonly (bigint | Hex)[] = [],
  words?: number,
): Call {
  let selector = selectors.get(signature)
  if (selector === undefined) {
    selector = keccakText(signature).slice(0, 10)
    selectors.set(signature, selector)
  }
  const data = `${selector}${values.map(word).join('')}` as Hex
  return words === undefined ? { to, data } : { to, data, words }
}

/** The 64 digits of an integer, signed or not, or an address. */
export function word(value: bigint | Hex): string {
  return BigInt.asUintN(256, BigInt(value))
    .toString(16)
    .padStart(wordDigits, '0')
}

/** The unsigned word at a place of an answer; undefined where the answer ends before. */
export function wordAt(
  answer: Hex | undefined,
  place: number,
): bigint | undefined {
  const from = 2 + place * wordDigits
  if (answer === undefined || answer.length < from + wordDigits)
    return undefined
  return BigInt(`0x${answer.slice(from, from + wordDigits)}`)
}

/** An unsigned word read as a signed integer of so many bits. */
export function signed(value: bigint, bits: number): bigint {
  return BigInt.asIntN(bits, value)
}

/** The address in a word of an answer, lower case; undefined where it holds more than an address. */
export function addressAt(
  answer: Hex | undefined,
  place: number,
): Hex | undefined {
  const value = wordAt(answer, place)
  if (value === undefined || value >> 160n !== 0n) return undefined
  return `0x${value.toString(16).padStart(40, '0')}`
}

/** The words of a list whose offset stands at a place of an answer; undefined where the answer is not of that form. */
export function listAt(
  answer: Hex | undefined,
  place: number,
): readonly bigint[] | undefined {
  const offset = wordAt(answer, place)
  if (offset === undefined || offset % 32n !== 0n || offset > 1n << 20n)
    return undefined
  const first = Number(offset / 32n)
  const length = wordAt(answer, first)
  if (length === undefined || length > 1024n) return undefined
  const words: bigint[] = []
  for (let i = 1; i <= Number(length); i++) {
    const value = wordAt(answer, first + i)
    if (value === undefined) return undefined
    words.push(value)
  }
  return words
}
