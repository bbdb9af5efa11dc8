import { Command } from 'commander'
import {
  checkNewSecretFile,
  mnemonicPrivateKey,
  parsePrivateKey,
  parseSecretReference,
  readSecret,
} from '../adapters/keys/index.ts'
import { wholeNumber } from './arguments.ts'
import { askSecrets } from './askSecrets.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import {
  newPassword,
  type PasswordOptions,
  withPasswordOptions,
} from './password.ts'
import { writeKeystore } from './writeKeystore.ts'

/** Hardened account indices begin here (BIP-32). */
const indexLimit = 2 ** 31
/** No key and no mnemonic comes near it. */
const mostCharacters = 4096

type Options = PasswordOptions & {
  readonly out: string
  readonly from?: string
  readonly mnemonic?: true
  readonly index: number
  readonly json?: true
}

/** `apex key import`: a key that exists, in a new keystore. */
export function keyImportCommand(io: Io): Command {
  const command = new Command('import')
    .description('put a private key or mnemonic into a new V3 keystore')
    .requiredOption('--out <file>', 'keystore to write; never overwritten')
    .option(
      '--from <reference>',
      'where the key lies: env:NAME or file:PATH (default: stdin)',
    )
    .option('--mnemonic', 'what is read is a BIP-39 mnemonic, not a key')
    .option(
      '--index <n>',
      "account of the mnemonic, at m/44'/60'/0'/0/n",
      wholeNumber('--index', 0, indexLimit - 1),
      0,
    )
  return withPasswordOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
At a terminal the key and the password are asked for; nothing shows.

Examples:
  $ apex key import --out owner.json
  $ apex key import --out owner.json --from file:owner.key
  $ pass show owner | apex key import --out owner.json --password-file owner.pw`,
    )
    .action((options: Options) => importKey(options, io))
}

async function importKey(options: Options, io: Io): Promise<void> {
  const { mnemonic, index, from, out } = options
  await checkNewSecretFile(out)
  const what = mnemonic ? 'mnemonic' : 'private key'
  const secret =
    from === undefined
      ? await readStdin(what, io)
      : await readSecret(parseSecretReference(from, what), what)
  const privateKey = mnemonic
    ? await mnemonicPrivateKey(secret, index)
    : parsePrivateKey(secret)
  const password = await newPassword(options, io)
  await writeKeystore(privateKey, password, options, io)
}

async function readStdin(what: string, io: Io): Promise<string> {
  if (io.stdin.isTTY) return (await askSecrets(io, [`${what}: `]))[0]!
  let text = ''
  for await (const piece of io.stdin) {
    text += piece
    if (text.length > mostCharacters)
      throw new UsageError(`stdin is too long for a ${what}`)
  }
  if (text.trim() === '')
    throw new UsageError(`stdin holds no ${what}`, {
      hint: 'or name it by --from env:NAME or --from file:PATH',
    })
  return text
}
