import type { Hex } from './hex.ts'
import { RpcError } from './rpcError.ts'

/** The fields of a node's answer, none of them looked at yet. */
export type AnswerFields = Readonly<Record<string, unknown>>

const quantityPattern = /^0x[0-9a-f]{1,64}$/i
const bytesPattern = /^0x(?:[0-9a-f]{2})*$/i
const hashPattern = /^0x[0-9a-f]{64}$/i

/** @throws RpcError where it is no object. */
export function fieldsIn(
  method: string,
  value: unknown,
  name = 'the answer',
): AnswerFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(method, name, 'object')
  return value as AnswerFields
}

/** @throws RpcError where it is no list. */
export function listIn(
  method: string,
  value: unknown,
  name = 'the answer',
): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(method, name, 'list')
  return value
}

/** A number up to 2^256, in hexadecimal. @throws RpcError where it is none. */
export function quantityIn(
  method: string,
  value: unknown,
  name = 'the answer',
): bigint {
  if (typeof value !== 'string' || !quantityPattern.test(value))
    throw malformed(method, name, 'number')
  return BigInt(value)
}

/** A number up to 2^53, in hexadecimal. @throws RpcError where it is none. */
export function integerIn(
  method: string,
  value: unknown,
  name = 'the answer',
): number {
  const number = Number(quantityIn(method, value, name))
  if (!Number.isSafeInteger(number)) throw malformed(method, name, 'number')
  return number
}

/** Whole bytes in hexadecimal. @throws RpcError where it is something else. */
export function bytesIn(
  method: string,
  value: unknown,
  name = 'the answer',
): Hex {
  if (typeof value !== 'string' || !bytesPattern.test(value))
    throw malformed(method, name, 'bytes')
  return value as Hex
}

/** A hash: 32 bytes in hexadecimal. @throws RpcError where it is none. */
export function hashIn(
  method: string,
  value: unknown,
  name = 'the answer',
): Hex {
  if (!isHash(value)) throw malformed(method, name, 'hash')
  return value
}

/** Whether it is 32 bytes in hexadecimal. */
export function isHash(value: unknown): value is Hex {
  return typeof value === 'string' && hashPattern.test(value)
}

/** What a node answered is quoted nowhere: it may be long, or steer a terminal. */
function malformed(method: string, name: string, wanted: string): RpcError {
  return new RpcError(`${method}: ${name} is no ${wanted}`, { method })
}
