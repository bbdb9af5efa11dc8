import { z } from 'zod'
import {
  AddressInvalidError,
  parseAddress,
  parsePoolAddress,
} from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { nativeDecimals } from '../../core/nativeCoins.ts'
import { parseUnits, UnitsError } from '../../core/units.ts'

/*
 * Kinds of value. What is wrong with one is said without the value: it may be
 * a secret that was put in the wrong place.
 */

/** A field whose written form is a text. */
export type TextField<T> = z.ZodType<T, string>
export type ListField<T> = z.ZodType<T[], string[]>

export const names: ListField<string> = z.array(
  text(
    (value) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value),
    'not a name',
    'lower-case words with - between them',
  ),
)

export const path: TextField<string> = z.string().min(1, 'the path is empty')

export const texts: ListField<string> = z.array(
  z.string().min(1, 'the text is empty'),
)

/** A decimal amount of the native coin, in wei once read. */
export const amount: TextField<bigint> = text(
  isAmount,
  'no amount of the native coin',
  'a decimal number in quotes, such as "0.25"',
).transform((value) => parseUnits(value, nativeDecimals))

export const address: TextField<Hex> = text(
  (value) => reads(parseAddress, value),
  'not an address, or its checksum is wrong',
  '0x and 40 hex digits in quotes',
).transform(parseAddress)

export const addresses: ListField<Hex> = z.array(address)

export const poolAddresses: ListField<Hex> = z.array(
  text(
    (value) => reads(parsePoolAddress, value),
    'neither the address of a pool nor a pool id',
    '0x and 40 or 64 hex digits in quotes',
  ).transform(parsePoolAddress),
)

export const rpcUrls: ListField<string> = urls('http')
export const webSocketUrls: ListField<string> = urls('ws')

export const keyReference: TextField<string> = text(
  (value) => isReference(value, ['keystore', 'env', 'file']),
  'not a reference to a key',
  'one of keystore:PATH, env:NAME, file:PATH; a key itself is never written here',
)

export const passwordReference: TextField<string> = text(
  (value) => isReference(value, ['env', 'file']),
  'not a reference to a password',
  'one of env:NAME, file:PATH; a password itself is never written here',
)

export function whole(least: number, most: number): z.ZodType<number, number> {
  return z.int().min(least).max(most)
}

function urls(scheme: 'http' | 'ws'): ListField<string> {
  return z.array(
    text(
      (value) =>
        isReference(value, ['env', 'file']) ||
        (URL.canParse(value) &&
          [`${scheme}:`, `${scheme}s:`].includes(new URL(value).protocol)),
      `no ${scheme} or ${scheme}s URL`,
      'nor a reference to one: env:NAME or file:PATH',
    ),
  )
}

function text(
  isRight: (value: string) => boolean,
  message: string,
  hint: string,
): z.ZodString {
  return z.string().refine(isRight, { error: message, params: { hint } })
}

function isReference(value: string, kinds: readonly string[]): boolean {
  const [kind, ...rest] = value.split(':')
  const place = rest.join(':')
  return (
    kinds.includes(kind!) &&
    (kind === 'env' ? /^[A-Za-z_][A-Za-z0-9_]*$/.test(place) : place !== '')
  )
}

function isAmount(value: string): boolean {
  try {
    return parseUnits(value, nativeDecimals) >= 0n
  } catch (error) {
    if (error instanceof UnitsError) return false
    throw error
  }
}

function reads(parse: (value: string) => unknown, value: string): boolean {
  try {
    parse(value)
    return true
  } catch (error) {
    if (error instanceof AddressInvalidError) return false
    throw error
  }
}
