import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'

/** First topic of an event: `eventTopic('Sync(uint112,uint112)')`. */
export function eventTopic(signature: string): Hex {
  return keccakText(signature)
}

/** The unsigned word at a place of a log's data. */
export function unsignedWord(data: Hex, place: number): bigint {
  return BigInt(`0x${wordDigits(data, place)}`)
}

/** The signed word at a place of a log's data. */
export function signedWord(data: Hex, place: number): bigint {
  return BigInt.asIntN(256, unsignedWord(data, place))
}

/** An int24 at a place of a log's data: a tick. */
export function tickWord(data: Hex, place: number): number {
  return tickOf(wordDigits(data, place))
}

/** An int24 in a topic. */
export function tickTopic(topic: Hex | undefined): number {
  return tickOf(topic ?? '')
}

/** An address in a topic, lower case. */
export function addressTopic(topic: Hex | undefined): Hex {
  return `0x${(topic ?? '').slice(-40).toLowerCase()}`
}

/** The words of a list at the place of a log's data where its offset stands. */
export function listWords(data: Hex, place: number): bigint[] {
  const first = Number(unsignedWord(data, place) / 32n)
  const length = Number(unsignedWord(data, first))
  return Array.from({ length }, (_, i) => unsignedWord(data, first + 1 + i))
}

function wordDigits(data: Hex, place: number): string {
  return data.slice(2 + 64 * place, 66 + 64 * place)
}

/** Small enough for a number: its last six digits, signed. */
function tickOf(digits: string): number {
  return (Number.parseInt(digits.slice(-6), 16) << 8) >> 8
}
