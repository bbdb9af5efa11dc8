import {
  AddressInvalidError,
  parseAddress,
  zeroAddress,
} from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { parseUnits, UnitsError } from '../core/units.ts'
import { UsageError } from './errors.ts'

/** Reads a whole number within bounds. */
export function wholeNumber(
  name: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most))
      throw new UsageError(
        most === Number.MAX_SAFE_INTEGER
          ? `${name} is no whole number of at least ${least}: ${text}`
          : `${name} is no whole number in ${least} … ${most}: ${text}`,
      )
    return value
  }
}

/** Reads a share in 0 … 1. */
export function share(name: string): (text: string) => number {
  return (text) => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= 0 && value <= 1))
      throw new UsageError(`${name} is no share in 0 … 1: ${text}`)
    return value
  }
}

/** Reads one of a few words. */
export function oneOf<T extends string>(
  name: string,
  words: readonly T[],
): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known === text)
    if (word === undefined)
      throw new UsageError(`${name} is unknown: ${text}`, {
        hint: `one of ${words.join(', ')}`,
      })
    return word
  }
}

/** Reads names parted by commas. */
export function list(name: string): (text: string) => string[] {
  return (text) => {
    const names = text.split(',').map((part) => part.trim())
    if (names.includes(''))
      throw new UsageError(`${name} has an empty name: ${JSON.stringify(text)}`)
    return names
  }
}

/** Reads an address; all of them, where the option is given several times. */
export function addresses(
  name: string,
): (text: string, before?: readonly Hex[]) => readonly Hex[] {
  const read = address(name)
  return (text, before = []) => [...new Set([...before, read(text)])]
}

/** Reads an address that is not zero. */
export function address(name: string): (text: string) => Hex {
  return (text) => {
    try {
      const read = parseAddress(text)
      if (read !== zeroAddress) return read
    } catch (error) {
      if (!(error instanceof AddressInvalidError)) throw error
      throw new UsageError(`${name}: ${error.message}`, {
        ...(error.hint !== undefined && { hint: error.hint }),
      })
    }
    throw new UsageError(`${name} is the zero address`)
  }
}

/** Reads a decimal amount of the native coin into wei. */
export function nativeAmount(name: string): (text: string) => bigint {
  return (text) => {
    try {
      const amount = parseUnits(text, nativeDecimals)
      if (amount >= 0n) return amount
    } catch (error) {
      if (!(error instanceof UnitsError)) throw error
    }
    throw new UsageError(`${name} is no amount of the native coin: ${text}`, {
      hint: 'a decimal number such as 0.01',
    })
  }
}
