import type { Command } from 'commander'
import { parseSecretReference, readSecret } from '../adapters/keys/index.ts'
import { askSecrets } from './askSecrets.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'

/** Where a password comes from; nowhere named, the terminal. */
export type PasswordOptions = {
  readonly password?: string
  readonly passwordFile?: string
}

const hint = 'name it by --password-file PATH or --password env:NAME'

/** Adds the options of {@link PasswordOptions}. */
export function withPasswordOptions(command: Command): Command {
  return command
    .option(
      '--password-file <path>',
      'file that holds the password of the keystore, of mode 600',
    )
    .option(
      '--password <reference>',
      'where the password lies: env:NAME or file:PATH, never the password itself',
    )
}

/** The password the options refer to; undefined where they name none. */
export async function referredPassword({
  password,
  passwordFile,
}: PasswordOptions): Promise<string | undefined> {
  if (passwordFile !== undefined && password !== undefined)
    throw new UsageError('give either --password-file or --password')
  if (passwordFile !== undefined)
    return readSecret({ kind: 'file', place: passwordFile }, 'password')
  if (password !== undefined)
    return readSecret(parseSecretReference(password, 'password'), 'password')
  return undefined
}

/** Asks for the password of a keystore that exists. */
export async function askPassword(io: Io): Promise<string> {
  return (await ask(io, ['password of the keystore: ']))[0]!
}

/** The password of a new keystore: referred to, or asked for twice. */
export async function newPassword(
  options: PasswordOptions,
  io: Io,
): Promise<string> {
  const referred = await referredPassword(options)
  if (referred !== undefined) return notEmpty(referred)
  const [password, again] = await ask(io, [
    'password for the keystore: ',
    'the same again: ',
  ])
  if (password !== again) throw new UsageError('the two passwords differ')
  return notEmpty(password!)
}

function notEmpty(password: string): string {
  if (password === '') throw new UsageError('the password is empty')
  return password
}

function ask(io: Io, questions: readonly string[]): Promise<readonly string[]> {
  if (!io.stdin.isTTY)
    throw new UsageError('stdin is no terminal to ask for the password', {
      hint,
    })
  return askSecrets(io, questions)
}
