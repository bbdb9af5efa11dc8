import { withoutSecrets } from '../withoutSecrets.ts'
import { KeyInvalidError } from './errors.ts'
import type { SecretReference } from './keyReference.ts'
import { readSecretFile } from './secretFile.ts'

/** Reads what a secret reference points at; one line end at its foot is no part of it. */
export async function readSecret(
  { kind, place }: SecretReference,
  what: string,
): Promise<string> {
  if (kind === 'file')
    return (await readSecretFile(place, `${what} file`)).replace(/\r?\n$/, '')
  const text = process.env[place]
  if (text === undefined || text === '')
    throw new KeyInvalidError(
      `the environment variable ${withoutSecrets(place)} is not set`,
      { hint: `it was to hold the ${what}` },
    )
  return text
}
