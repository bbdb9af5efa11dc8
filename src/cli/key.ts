import { Command } from 'commander'
import type { Io } from './io.ts'
import { keyAddressCommand } from './keyAddress.ts'
import { keyImportCommand } from './keyImport.ts'
import { keyNewCommand } from './keyNew.ts'

/** `apex key`: keystores of the accounts that deploy and trade. */
export function keyCommand(io: Io): Command {
  return new Command('key')
    .description('make keystores, and tell the address of a key')
    .addCommand(keyNewCommand(io))
    .addCommand(keyImportCommand(io))
    .addCommand(keyAddressCommand(io))
    .addHelpText(
      'after',
      `
Keys are named by reference, never given as an argument:
  keystore:PATH  V3 keystore, encrypted with a password
  env:NAME       environment variable that holds the key in hex
  file:PATH      file of mode 600 that holds the key in hex`,
    )
}
