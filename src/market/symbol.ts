import { shortAddress } from '../core/address.ts'

const maxSymbolLength = 32

/** CSI, OSC and two-character escape sequences of terminals. */
const escapeSequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what we look for
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

/** Control and format characters (bidirectional marks among them), lone surrogates, line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Cleans the symbol of a token, which anybody may choose, for terminals and
 * tables: no control, escape or bidirectional characters, one space at most
 * between words, at most 32 characters. An empty one becomes the short address.
 * Cleaning twice changes nothing.
 */
export function cleanSymbol(symbol: string, address: string): string {
  const printable = symbol
    .replace(escapeSequences, '')
    .replace(/\s/gu, ' ')
    .replace(unprintable, '')
    .replace(/ +/g, ' ')
    .trim()
  const cut = [...printable].slice(0, maxSymbolLength).join('').trim()
  return cut || shortAddress(address)
}
