import { withoutSecrets } from '../withoutSecrets.ts'
import { KeyInvalidError } from './errors.ts'

/** Where a secret lies; the secret itself is never written down. */
export type SecretReference = {
  /** `env`: an environment variable. `file`: a file that holds nothing else. */
  readonly kind: 'env' | 'file'
  /** Name of the variable, or path of the file. */
  readonly place: string
}

/** Where a key lies: a {@link SecretReference}, or a V3 keystore file. */
export type KeyReference =
  | SecretReference
  | { readonly kind: 'keystore'; readonly place: string }

const kinds = ['keystore', 'env', 'file'] as const

/**
 * Reads `keystore:PATH`, `env:NAME` or `file:PATH`.
 *
 * @throws KeyInvalidError for anything else, without repeating it: it may be
 * the key.
 * @example
 * parseKeyReference('env:APEX_KEY') // { kind: 'env', place: 'APEX_KEY' }
 */
export function parseKeyReference(text: string): KeyReference {
  const colon = text.indexOf(':')
  const kind = kinds.find((known) => known === text.slice(0, colon))
  const place = text.slice(colon + 1)
  if (colon < 0 || kind === undefined || place === '')
    throw new KeyInvalidError('not a reference to a key', {
      hint: 'one of keystore:PATH, env:NAME, file:PATH; a key itself is never an argument',
    })
  return { kind, place }
}

/**
 * Reads `env:NAME` or `file:PATH`.
 *
 * @param what what the secret is, for the error: `password`.
 * @throws KeyInvalidError for anything else, without repeating it: it may be
 * the secret.
 */
export function parseSecretReference(
  text: string,
  what: string,
): SecretReference {
  const [kind, ...rest] = text.split(':')
  const place = rest.join(':')
  if ((kind !== 'env' && kind !== 'file') || place === '')
    throw new KeyInvalidError(`not a reference to a ${what}`, {
      hint: `one of env:NAME, file:PATH; a ${what} itself is never an argument`,
    })
  return { kind, place }
}

/** The reference as it was written, fit to be shown. */
export function showReference({ kind, place }: KeyReference): string {
  return `${kind}:${withoutSecrets(place)}`
}
