import type { Hex } from '../../core/hex.ts'
import { KeyInvalidError } from './errors.ts'

/** Order of the group of secp256k1 (SEC 2, section 2.4.1): keys are 1 … n - 1. */
const groupOrder =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const keyPattern = /^(?:0x)?([0-9a-fA-F]{64})$/

/**
 * Reads a private key of 64 hex digits, with or without 0x; white space round
 * it is no part of it.
 *
 * @throws KeyInvalidError where it is none; the text is never repeated.
 */
export function parsePrivateKey(text: string): Hex {
  const trimmed = text.trim()
  const digits = keyPattern.exec(trimmed)?.[1]
  if (digits === undefined)
    throw new KeyInvalidError('not a private key', {
      hint: `a private key is 64 hex digits, with or without 0x; these are ${trimmed.length} characters${
        /\s/.test(trimmed) ? ' in several words (a mnemonic?)' : ''
      }`,
    })
  const key = BigInt(`0x${digits}`)
  if (key === 0n || key >= groupOrder)
    throw new KeyInvalidError('not a private key: outside the curve’s range')
  return `0x${digits.toLowerCase()}`
}

/** A new key from the machine's cryptographic randomness. */
export function randomPrivateKey(): Hex {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(32))
    const key = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
    // Outside the range once in 2^127 draws: then drawn again, not folded in.
    if (key > 0n && key < groupOrder)
      return `0x${key.toString(16).padStart(64, '0')}`
  }
}

/**
 * The key of account `index` of a mnemonic without a passphrase (BIP-39, at
 * `m/44'/60'/0'/0/index` as wallets do).
 *
 * @throws KeyInvalidError where a word or the checksum is wrong; the words are
 * never repeated.
 */
export async function mnemonicPrivateKey(
  text: string,
  index: number,
): Promise<Hex> {
  const words = text.trim().toLowerCase().split(/\s+/)
  const { HDNodeWallet, Mnemonic } = await import('ethers')
  try {
    const mnemonic = Mnemonic.fromPhrase(words.join(' '))
    const path = `m/44'/60'/0'/0/${index}`
    const { privateKey } = HDNodeWallet.fromMnemonic(mnemonic, path)
    return privateKey as Hex
  } catch {
    // Without the cause: it may hold the words.
    throw new KeyInvalidError('not a mnemonic', {
      hint: `12 to 24 English words of BIP-39 with their checksum; these are ${words.length} words`,
    })
  }
}
