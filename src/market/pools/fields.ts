import { PoolInvalidError } from '../../engine/errors.ts'
import type { PoolRow } from './family.ts'

const decimalString = /^-?\d{1,78}$/
const integerBound = 1n << 256n
const maxDecimals = 77

/**
 * Reads an amount: a decimal string, or a JSON number that is exact.
 * @throws PoolInvalidError where it is neither.
 */
export function parseBigint(value: unknown, name: string): bigint {
  if (typeof value === 'string' && decimalString.test(value))
    return BigInt(value)
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return BigInt(value)
  throw new PoolInvalidError(`${name} is no integer: ${shown(value)}`, {
    facts: { [name]: value },
    hint: 'write it as a decimal string',
  })
}

/**
 * Reads a small integer: a JSON number, or a decimal string of one.
 * @throws PoolInvalidError where it is neither.
 */
export function parseInteger(value: unknown, name: string): number {
  const number =
    typeof value === 'string' && decimalString.test(value)
      ? Number(value)
      : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  throw new PoolInvalidError(`${name} is no integer: ${shown(value)}`, {
    facts: { [name]: value },
  })
}

/** Reads an integer field of a row. */
export function integerField(row: PoolRow, name: string): number {
  return parseInteger(row[name], name)
}

/** Reads an amount field of a row. */
export function bigintField(row: PoolRow, name: string): bigint {
  return parseBigint(row[name], name)
}

/** Reads the reserves of a row. */
export function reservesField(row: PoolRow): [bigint, bigint] {
  const { reserves } = row
  checkPair(reserves, 'reserves')
  return [
    parseBigint(reserves[0], 'reserves[0]'),
    parseBigint(reserves[1], 'reserves[1]'),
  ]
}

/** Reads a list of two integers. */
export function integerPair(value: unknown, name: string): [number, number] {
  checkPair(value, name)
  return [
    parseInteger(value[0], `${name}[0]`),
    parseInteger(value[1], `${name}[1]`),
  ]
}

/** Reserves must be above 0, or the pool has no price, and below 2^256. */
export function checkReserves(reserves: readonly [bigint, bigint]): void {
  for (const [i, reserve] of reserves.entries()) {
    if (reserve === 0n)
      throw new PoolInvalidError(`zero reserves: reserves[${i}] is 0`, {
        facts: { reserves },
        hint: 'leave pools without liquidity out',
      })
    if (reserve < 0n || reserve >= integerBound)
      throw new PoolInvalidError(
        `reserves[${i}] is outside 1 … 2^256 - 1: ${reserve}`,
        { facts: { reserves } },
      )
  }
}

/** A fee is a whole number of pips and leaves something of the input. */
export function checkFee(feePips: number): void {
  if (!Number.isSafeInteger(feePips) || feePips < 0 || feePips >= 1_000_000)
    throw new PoolInvalidError(
      `feePips is outside 0 … 999999: ${shown(feePips)}`,
      { facts: { feePips }, hint: '3000 pips are 0.30 %' },
    )
}

/** 10 ** 77 is the last power of ten below 2^256. */
export function checkDecimals(decimals: number, name = 'decimals'): void {
  if (!Number.isSafeInteger(decimals) || decimals < 0 || decimals > maxDecimals)
    throw new PoolInvalidError(
      `${name} is outside 0 … ${maxDecimals}: ${shown(decimals)}`,
      { facts: { [name]: decimals } },
    )
}

function checkPair(
  value: unknown,
  name: string,
): asserts value is readonly [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2)
    throw new PoolInvalidError(`${name} is no list of two: ${shown(value)}`, {
      facts: { [name]: value },
    })
}

function shown(value: unknown): string {
  const text =
    typeof value === 'bigint'
      ? `${value}`
      : (JSON.stringify(value) ?? 'missing')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
