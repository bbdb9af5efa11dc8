import { parseAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { KeyInvalidError } from './errors.ts'

/** Called with the share done, 0 … 1, while a password is stretched. */
export type KeystoreProgress = (share: number) => void

/** Cost of a guess: about half a second and 128 MiB (RFC 7914). */
export const scryptCost = { N: 131_072, r: 8, p: 1 } as const

/** A keystore from a stranger must not take the machine's memory: scrypt fills 128 * N * r bytes. */
const mostScryptBytes = 2 ** 30
const mostScryptLanes = 64
const mostPbkdf2Rounds = 10_000_000

/**
 * Encrypts a key as a V3 keystore (Web3 Secret Storage, as geth and ethers read
 * it): scrypt, AES-128-CTR, keccak MAC. Takes about a second.
 *
 * @throws KeyInvalidError where the password is empty.
 */
export async function encryptKeystore(
  privateKey: Hex,
  password: string,
  onProgress: KeystoreProgress = () => {},
): Promise<string> {
  if (password === '') throw new KeyInvalidError('the password is empty')
  const { computeAddress, encryptKeystoreJson } = await import('ethers')
  const address = computeAddress(privateKey)
  const json = await encryptKeystoreJson({ address, privateKey }, password, {
    scrypt: scryptCost,
    progressCallback: onProgress,
  })
  // ethers writes `Crypto`, the definition says `crypto`.
  const { Crypto, ...rest } = JSON.parse(json) as Record<string, unknown>
  return `${JSON.stringify({ ...rest, crypto: Crypto })}\n`
}

/**
 * The key in a V3 keystore, and that the keystore names its address right.
 *
 * @param name the keystore's, for the error.
 * @throws KeyInvalidError where it is no keystore or the password is wrong.
 */
export async function decryptKeystore(
  text: string,
  password: string,
  name: string,
  onProgress: KeystoreProgress = () => {},
): Promise<Hex> {
  const keystore = parseKeystore(text, name)
  checkCost(keystore, name)
  const { decryptKeystoreJson } = await import('ethers')
  try {
    const account = await decryptKeystoreJson(
      // Not the text: of two entries whose names differ in case only, ethers
      // could read the one that was not checked.
      JSON.stringify(keystore),
      password,
      onProgress,
    )
    return account.privateKey as Hex
  } catch (error) {
    // Without the cause: it may hold what was read.
    const { message } = error as Error
    throw new KeyInvalidError(
      message.startsWith('incorrect password')
        ? `the password of ${name} is wrong`
        : message.startsWith('keystore address/privateKey mismatch')
          ? `${name} holds the key of another address than it says`
          : `${name} is no V3 keystore that can be opened`,
    )
  }
}

/**
 * The address a V3 keystore says it is for, undefined where it says none.
 * Nobody has proved it until the keystore is decrypted.
 *
 * @throws KeyInvalidError where it is no V3 keystore.
 */
export function keystoreAddress(text: string, name: string): Hex | undefined {
  const { address } = parseKeystore(text, name)
  if (address === undefined) return undefined
  try {
    return parseAddress(`0x${String(address).toLowerCase().replace(/^0x/, '')}`)
  } catch {
    throw new KeyInvalidError(`${name} has a malformed address`)
  }
}

type Fields = {
  readonly [name: string]: unknown
}

/** A keystore whose names are in lower case throughout: writers do not agree. */
type Keystore = {
  readonly address?: unknown
  readonly crypto: Fields & { readonly kdfparams: Fields }
}

function parseKeystore(text: string, name: string): Keystore {
  try {
    const fields = lowerCased(JSON.parse(text))
    const { version, crypto } = fields
    const cipher = lowerCased(crypto)
    const { kdfparams } = cipher
    if (Number(version) === 3)
      return {
        ...fields,
        crypto: { ...cipher, kdfparams: lowerCased(kdfparams) },
      }
  } catch {
    // JSON.parse repeats what it could not read.
  }
  throw new KeyInvalidError(`${name} is no V3 keystore`, {
    hint: 'apex key new makes one, apex key import puts a key into one',
  })
}

function checkCost({ crypto }: Keystore, name: string): void {
  const { n = 0, r = 0, p = 0, c = 0 } = crypto.kdfparams
  if (
    128 * Number(n) * Number(r) <= mostScryptBytes &&
    Number(p) <= mostScryptLanes &&
    Number(c) <= mostPbkdf2Rounds
  )
    return
  throw new KeyInvalidError(`${name} asks for more work than is reasonable`, {
    facts: { n, r, p, c },
  })
}

/** @throws TypeError where the value is no object. */
function lowerCased(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError()
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, entry]) => [key.toLowerCase(), entry]),
  )
}
