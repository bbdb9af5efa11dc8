import { PoolInvalidError } from '../../engine/errors.ts'
import type { PoolRow } from './family.ts'

const decimalString = /^-?\d{1,78}$/
const integerBound = 1n << 256n
const maxDecimals = 77
/** 18 decimals: a scaling factor of 1, and a share of 100 %. */
const one = 10n ** 18n
/** BasePool._MAX_SWAP_FEE_PERCENTAGE of Balancer V2: 10 %. */
const maxSwapFee = one / 10n

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

/** Reads a list of amounts. */
export function parseBigints(value: unknown, name: string): bigint[] {
  if (!Array.isArray(value))
    throw new PoolInvalidError(`${name} is no list: ${shown(value)}`, {
      facts: { [name]: value },
    })
  return value.map((entry, i) => parseBigint(entry, `${name}[${i}]`))
}

/** Reserves must be above 0, or the pool has no price, and below 2^256. */
export function checkReserves(
  reserves: readonly bigint[],
  name = 'reserves',
): void {
  for (const [i, reserve] of reserves.entries()) {
    if (reserve === 0n)
      throw new PoolInvalidError(`zero reserves: ${name}[${i}] is 0`, {
        facts: { [name]: reserves },
        hint: 'leave pools without liquidity out',
      })
    if (reserve < 0n || reserve >= integerBound)
      throw new PoolInvalidError(
        `${name}[${i}] is outside 1 … 2^256 - 1: ${reserve}`,
        { facts: { [name]: reserves } },
      )
  }
}

/** Balancer's fee is a share of the input with 18 decimals, at most 10 %. */
export function checkSwapFee(swapFee: bigint): void {
  if (swapFee < 0n || swapFee > maxSwapFee)
    throw new PoolInvalidError(
      `swapFee is outside 0 … ${maxSwapFee}: ${swapFee}`,
      { facts: { swapFee }, hint: '3000000000000000 is 0.30 %' },
    )
}

/** What brings an amount of a token of at most 18 decimals to 18: 10^(18 - decimals), with 18 decimals. */
export function scalingFactorOf(decimals: number): bigint {
  if (decimals > 18)
    throw new PoolInvalidError(
      `Balancer takes no token of ${decimals} decimals: 18 at most`,
      { facts: { decimals } },
    )
  return one * 10n ** BigInt(18 - decimals)
}

/** A factor of 0 would have no inverse; above 10^48 a balance overflows. */
export function checkScalingFactors(factors: readonly bigint[]): void {
  for (const [i, factor] of factors.entries())
    if (factor <= 0n || factor > 10n ** 48n)
      throw new PoolInvalidError(
        `scalingFactors[${i}] is outside 1 … 10^48: ${factor}`,
        { facts: { scalingFactors: factors } },
      )
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
