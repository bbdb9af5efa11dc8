import { parseAddress, zeroAddress } from '../../../../core/address.ts'
import type { Hex } from '../../../../core/hex.ts'
import { nativeCoin, nativeDecimals } from '../../../../core/nativeCoins.ts'
import { cleanSymbol } from '../../../../market/symbol.ts'
import type { Token } from '../../../../market/token.ts'
import type { CallReader } from '../lane/callReader.ts'
import { callOf, wordAt } from '../lane/words.ts'

/** 10^77 is the largest power of ten in a uint256: a market holds no more. */
const mostDecimals = 77n
/** A symbol is cut to 32 characters: what stands far behind is not even decoded. */
const mostSymbolBytes = 1024
const wordDigits = 64

/** A token, or why it is kept out. */
export type TokenReading = Token | { readonly reason: string }

/**
 * Tokens as their contracts describe themselves, in the order of the addresses.
 * Symbols are cleaned (`bytes32` ones read, those that are missing replaced by
 * the short address); a token without decimals, or with absurd ones, is kept out.
 *
 * @throws RpcError where the node does not answer.
 */
export async function readTokens(
  reader: CallReader,
  chainId: number,
  addresses: readonly Hex[],
): Promise<readonly TokenReading[]> {
  const answers = await reader.read(
    addresses.flatMap((address) => [
      callOf(address, 'decimals()'),
      callOf(address, 'symbol()'),
    ]),
  )
  return addresses.map((address, i) =>
    BigInt(address) === 0n
      ? nativeToken(chainId)
      : tokenOf(address, answers[2 * i], answers[2 * i + 1]),
  )
}

function nativeToken(chainId: number): Token {
  const symbol = nativeCoin(chainId)?.symbol ?? 'ETH'
  return { address: zeroAddress, symbol, decimals: nativeDecimals }
}

function tokenOf(
  address: Hex,
  decimalsAnswer: Hex | undefined,
  symbolAnswer: Hex | undefined,
): TokenReading {
  const decimals = wordAt(decimalsAnswer, 0)
  if (decimals === undefined) return { reason: 'the token tells no decimals' }
  if (decimals > mostDecimals)
    return { reason: 'the token tells absurd decimals' }
  const checked = parseAddress(address.toLowerCase())
  return {
    address: checked,
    symbol: cleanSymbol(readSymbol(symbolAnswer), checked),
    decimals: Number(decimals),
  }
}

/** A `string`, or the `bytes32` of tokens of 2017; empty where it is neither. */
export function readSymbol(answer: Hex | undefined): string {
  if (answer === undefined) return ''
  const digits = answer.slice(2)
  if (digits.length === wordDigits)
    return textOf(digits.replace(/(?:00)+$/, ''))
  const offset = wordAt(answer, 0)
  if (offset === undefined || offset > BigInt(digits.length)) return ''
  const start = Number(offset) * 2
  const length = wordAt(`0x${digits.slice(start, start + wordDigits)}`, 0)
  if (length === undefined) return ''
  const bytes = Math.min(
    Number(length > 2n ** 32n ? 2n ** 32n : length),
    mostSymbolBytes,
  )
  const text = start + wordDigits
  return textOf(digits.slice(text, text + 2 * bytes))
}

function textOf(digits: string): string {
  const bytes = Uint8Array.from(digits.match(/[\da-f]{2}/gi) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  )
  return new TextDecoder().decode(bytes)
}
