import type { Hex } from '../../../../core/hex.ts'
import { keccakText } from '../../../../core/keccak.ts'
import { type Call, signed, word } from './words.ts'

/** A call of which so many words of the answer are wanted. */
export type LensCall = Call & { readonly words: number }

/** Which ticks of a pool are wanted. */
export type LensTicks = {
  readonly pool: Hex
  /** Words of its bitmap, both included. */
  readonly words: readonly [number, number]
  /** Ticks from one bit to the next. */
  readonly ticksPerBit: number
}

/** Ticks and their liquidityNet, rising. */
export type TickList = readonly (readonly [number, bigint])[]

const wordDigits = 64
const tickDigits = 6
const netDigits = 32
/** In the place of a number of ticks: the pool does not tell them. */
const ticksUnknown = 0xffff
const readSelector = keccakText('read(bytes)').slice(0, 10)
const ticksSelector = keccakText('ticks(bytes)').slice(0, 10)

/** Calldata of PoolLens.read. */
export function encodeCalls(calls: readonly LensCall[]): Hex {
  let digits = ''
  for (const { to, data, words } of calls)
    digits += `${to.slice(2)}${byte(words)}${byte(data.length / 2 - 1)}${data.slice(2)}`
  return withBytes(readSelector, digits)
}

/** What PoolLens.read answered; undefined where the answer is not of its form. */
export function answersIn(
  answer: unknown,
  calls: readonly LensCall[],
): readonly (Hex | undefined)[] | undefined {
  const digits = bytesIn(answer)
  if (digits === undefined) return undefined
  let at = 0
  const answers = calls.map(({ words }): Hex | undefined => {
    const from = at + 2
    if (digits.slice(at, from) !== '01') {
      at = from
      return undefined
    }
    at = from + words * wordDigits
    return `0x${digits.slice(from, at)}`
  })
  return at === digits.length ? answers : undefined
}

/** Calldata of PoolLens.ticks. */
export function encodeTicks(pools: readonly LensTicks[]): Hex {
  let digits = ''
  for (const { pool, words, ticksPerBit } of pools)
    digits += `${pool.slice(2)}${words.map((one) => small(one, 4)).join('')}${small(ticksPerBit, 6)}`
  return withBytes(ticksSelector, digits)
}

/** What PoolLens.ticks answered; undefined where the answer is not of its form. */
export function ticksIn(
  answer: unknown,
  count: number,
): readonly (TickList | undefined)[] | undefined {
  const digits = bytesIn(answer)
  if (digits === undefined) return undefined
  let at = 0
  const take = (length: number): string => {
    at += length
    return digits.slice(at - length, at)
  }
  const lists = Array.from({ length: count }, () => {
    const length = Number.parseInt(take(4), 16)
    if (length === ticksUnknown) return undefined
    const list: (readonly [number, bigint])[] = []
    // A short answer would not end by itself.
    for (let i = 0; i < length && at < digits.length; i++) {
      const tick = signed(BigInt(`0x${take(tickDigits)}`), 24)
      list.push([Number(tick), signed(BigInt(`0x${take(netDigits)}`), 128)])
    }
    return list
  })
  return at === digits.length ? lists : undefined
}

/** A call whose only argument is `bytes`. */
function withBytes(selector: string, digits: string): Hex {
  const padded = Math.ceil(digits.length / wordDigits) * wordDigits
  return `${selector}${word(32n)}${word(BigInt(digits.length / 2))}${digits.padEnd(padded, '0')}` as Hex
}

/** The digits of an answer of type `bytes`; undefined where it is none. */
function bytesIn(answer: unknown): string | undefined {
  const from = 2 + 2 * wordDigits
  if (typeof answer !== 'string' || !/^0x[\da-f]{128}/i.test(answer))
    return undefined
  const length = Number.parseInt(answer.slice(2 + wordDigits, from), 16)
  const digits = answer.slice(from, from + 2 * length)
  return digits.length === 2 * length ? digits : undefined
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** A small integer, signed or not, in so many digits. */
function small(value: number, digits: number): string {
  return BigInt.asUintN(4 * digits, BigInt(value))
    .toString(16)
    .padStart(digits, '0')
}
