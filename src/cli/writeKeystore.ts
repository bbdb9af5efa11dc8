import {
  createSecretFile,
  createSigner,
  encryptKeystore,
} from '../adapters/keys/index.ts'
import type { Hex } from '../core/hex.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'

/** Encrypts a key into a new file, with a progress line, and prints its address. */
export async function writeKeystore(
  privateKey: Hex,
  password: string,
  { out, json }: { readonly out: string; readonly json?: true },
  io: Io,
): Promise<void> {
  const { address } = await createSigner(privateKey)
  const keystore = await withProgress('encrypting', io, (onProgress) =>
    encryptKeystore(privateKey, password, onProgress),
  )
  await createSecretFile(out, keystore)
  io.stdout(
    json
      ? toJson({ address, keystore: out })
      : `address   ${address}\nkeystore  ${out}\n`,
  )
}

/** Runs what stretches a password, and tells how far it is. */
export async function withProgress<T>(
  what: string,
  io: Io,
  work: (onProgress: (share: number) => void) => Promise<T>,
): Promise<T> {
  const progress = createProgress(io, 0)
  try {
    return await work((share) =>
      progress.show(() => `${what}: ${Math.floor(100 * share)} %`),
    )
  } finally {
    progress.end()
  }
}
