import { Command } from 'commander'
import { checkNewSecretFile, randomPrivateKey } from '../adapters/keys/index.ts'
import type { Io } from './io.ts'
import {
  newPassword,
  type PasswordOptions,
  withPasswordOptions,
} from './password.ts'
import { writeKeystore } from './writeKeystore.ts'

type Options = PasswordOptions & {
  readonly out: string
  readonly json?: true
}

/** `apex key new`: a random key in a new keystore. */
export function keyNewCommand(io: Io): Command {
  const command = new Command('new')
    .description('make a random key and put it into a new V3 keystore')
    .requiredOption('--out <file>', 'keystore to write; never overwritten')
  return withPasswordOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The password is asked for twice where no option refers to it. Who loses it, or
the keystore, loses what the address holds.

Examples:
  $ apex key new --out operator.json
  $ apex key new --out operator.json --password env:OPERATOR_PASSWORD --json`,
    )
    .action(async (options: Options) => {
      await checkNewSecretFile(options.out)
      const password = await newPassword(options, io)
      await writeKeystore(randomPrivateKey(), password, options, io)
    })
}
