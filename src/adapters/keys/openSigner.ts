import { parseAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import type { MessageSigner, Signer } from '../../core/signer.ts'
import { withoutSecrets } from '../withoutSecrets.ts'
import { KeyInvalidError } from './errors.ts'
import {
  type KeyReference,
  parseKeyReference,
  showReference,
} from './keyReference.ts'
import {
  decryptKeystore,
  type KeystoreProgress,
  keystoreAddress,
} from './keystore.ts'
import { parsePrivateKey } from './privateKey.ts'
import { readSecret } from './readSecret.ts'
import { readSecretFile } from './secretFile.ts'
import { signedTransaction } from './signedTransaction.ts'

/** What opening a key may need. */
export type OpenSignerOptions = {
  /** Of the keystore; other references need none. A function is asked only where a password is needed. */
  readonly password?: string | (() => Promise<string>) | undefined
  readonly onProgress?: KeystoreProgress | undefined
}

/**
 * Opens the key behind `keystore:PATH`, `env:NAME` or `file:PATH` for signing.
 * The key stays inside the signer: it is no property of it.
 *
 * @throws KeyInvalidError where the reference, the key or the password is
 * wrong, or the file's mode lets others read it.
 * @example
 * const signer = await openSigner('keystore:bot.json', { password })
 * const raw = await signer.signTransaction(transaction)
 */
export async function openSigner(
  reference: string,
  options: OpenSignerOptions = {},
): Promise<Signer> {
  return createSigner(
    await readPrivateKey(parseKeyReference(reference), options),
  )
}

/**
 * Opens a key for signing texts: what relays know a searcher by. No coins
 * need lie on it.
 *
 * @throws KeyInvalidError as {@link openSigner} does.
 */
export async function openMessageSigner(
  reference: string,
  options: OpenSignerOptions = {},
): Promise<MessageSigner> {
  return createMessageSigner(
    await readPrivateKey(parseKeyReference(reference), options),
  )
}

/**
 * The address of a key. A keystore is taken at its word where no password is
 * given.
 *
 * @throws KeyInvalidError as {@link openSigner} does, and where a keystore
 * names no address and no password is given.
 */
export async function readKeyAddress(
  reference: string,
  options: OpenSignerOptions = {},
): Promise<Hex> {
  const parsed = parseKeyReference(reference)
  if (parsed.kind !== 'keystore' || options.password !== undefined)
    return (await openSigner(reference, options)).address
  const name = keystoreName(parsed)
  const text = await readSecretFile(parsed.place, 'keystore')
  const address = keystoreAddress(text, name)
  if (address === undefined)
    throw new KeyInvalidError(`${name} does not name its address`, {
      hint: 'its password is needed to tell it',
    })
  return address
}

/** A signer of EIP-1559 transactions. */
export async function createSigner(privateKey: Hex): Promise<Signer> {
  const { computeAddress, SigningKey } = await import('ethers')
  const key = new SigningKey(parsePrivateKey(privateKey))
  return {
    address: parseAddress(computeAddress(key)),
    signTransaction: async (transaction) =>
      signedTransaction(transaction, (hash) => key.sign(hash)),
  }
}

/** A signer of texts (EIP-191). */
export async function createMessageSigner(
  privateKey: Hex,
): Promise<MessageSigner> {
  const { computeAddress, hashMessage, SigningKey } = await import('ethers')
  const key = new SigningKey(parsePrivateKey(privateKey))
  return {
    address: parseAddress(computeAddress(key)),
    signMessage: async (text) => key.sign(hashMessage(text)).serialized as Hex,
  }
}

async function readPrivateKey(
  reference: KeyReference,
  { password, onProgress }: OpenSignerOptions,
): Promise<Hex> {
  if (reference.kind !== 'keystore')
    return keyIn(showReference(reference), await readSecret(reference, 'key'))
  const name = keystoreName(reference)
  const text = await readSecretFile(reference.place, 'keystore')
  const given = typeof password === 'function' ? await password() : password
  if (given === undefined)
    throw new KeyInvalidError(`${name} needs its password`)
  return decryptKeystore(text, given, name, onProgress)
}

function keyIn(place: string, text: string): Hex {
  try {
    return parsePrivateKey(text)
  } catch (error) {
    if (!(error instanceof KeyInvalidError)) throw error
    throw new KeyInvalidError(`${place} holds no private key`, {
      ...(error.hint !== undefined && { hint: error.hint }),
    })
  }
}

function keystoreName({ place }: KeyReference): string {
  return `keystore ${withoutSecrets(place)}`
}
