import type { Hex } from '../../../../core/hex.ts'
import { type Call, word } from './words.ts'

/** Multicall3 lies at this address on nearly every chain. */
export const canonicalMulticall3: Hex =
  '0xcA11bde05977b3631167028862bE2a173976CA11'

/** aggregate3((address,bool,bytes)[]) */
const selector = '0x82ad56cb'
const digitsOfWord = 64
const bytesOfWord = 32

/** Calldata of `aggregate3`; each call may fail by itself. */
export function encodeAggregate3(calls: readonly Call[]): Hex {
  const tuples = calls.map(({ to, data }) => {
    const digits = data.slice(2)
    const padded = Math.ceil(digits.length / digitsOfWord) * digitsOfWord
    return [
      word(to),
      word(1n),
      word(96n),
      word(BigInt(digits.length / 2)),
      digits.padEnd(padded, '0'),
    ].join('')
  })
  // Offsets count from behind the length of the list.
  let offset = calls.length * bytesOfWord
  const offsets = tuples.map((tuple) => {
    const at = offset
    offset += tuple.length / 2
    return word(BigInt(at))
  })
  return `${selector}${word(32n)}${word(BigInt(calls.length))}${offsets.join('')}${tuples.join('')}`
}

/**
 * What `aggregate3` answered: of each call what it returned, or undefined where
 * it failed. Undefined as a whole where the answer is not of that form.
 */
export function decodeAggregate3(
  answer: unknown,
  count: number,
): readonly (Hex | undefined)[] | undefined {
  if (typeof answer !== 'string' || !answer.startsWith('0x')) return undefined
  const list = 2 + digitsOfWord
  if (numberAt(answer, 2) !== bytesOfWord) return undefined
  if (numberAt(answer, list) !== count) return undefined
  const start = list + digitsOfWord
  const results: (Hex | undefined)[] = []
  for (let i = 0; i < count; i++) {
    const offset = numberAt(answer, start + i * digitsOfWord)
    if (offset === undefined) return undefined
    const tuple = start + offset * 2
    const isSuccess = numberAt(answer, tuple)
    const length = numberAt(answer, tuple + 2 * digitsOfWord)
    if (isSuccess === undefined || length === undefined) return undefined
    const data = tuple + 3 * digitsOfWord
    if (answer.length < data + 2 * length) return undefined
    results.push(
      isSuccess === 1
        ? (`0x${answer.slice(data, data + 2 * length)}` as Hex)
        : undefined,
    )
  }
  return results
}

/** A small number in the word at a place; undefined where there is none. */
function numberAt(text: string, from: number): number | undefined {
  const digits = text.slice(from, from + digitsOfWord)
  if (!/^0{52}[\da-f]{12}$/i.test(digits)) return undefined
  return Number.parseInt(digits, 16)
}
