import { Command } from 'commander'
import {
  parseKeyReference,
  readKeyAddress,
  showReference,
} from '../adapters/keys/index.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import {
  type PasswordOptions,
  referredPassword,
  withPasswordOptions,
} from './password.ts'
import { withProgress } from './writeKeystore.ts'

type Options = PasswordOptions & { readonly json?: true }

/** `apex key address`: whose key a reference names. */
export function keyAddressCommand(io: Io): Command {
  const command = new Command('address')
    .description('print the address of a key')
    .argument('<reference>', 'keystore:PATH, env:NAME or file:PATH')
  return withPasswordOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A keystore is taken at its word; with its password the key in it is held
against the address it names.

Examples:
  $ apex key address keystore:operator.json
  $ apex key address keystore:operator.json --password-file operator.pw`,
    )
    .action((reference: string, options: Options) =>
      keyAddress(reference, options, io),
    )
}

async function keyAddress(
  reference: string,
  options: Options,
  io: Io,
): Promise<void> {
  const parsed = parseKeyReference(reference)
  const password = await referredPassword(options)
  const address = await withProgress('decrypting', io, (onProgress) =>
    readKeyAddress(reference, { password, onProgress }),
  )
  io.stdout(
    options.json
      ? toJson({
          address,
          key: showReference(parsed),
          verified: parsed.kind !== 'keystore' || password !== undefined,
        })
      : `${address}\n`,
  )
}
