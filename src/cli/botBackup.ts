import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { backupSqliteStore } from '../adapters/stores/index.ts'
import { groupThousands } from '../core/units.ts'
import { checkDatabase } from './botControl.ts'
import {
  type ConfigOptions,
  readConfigOf,
  withConfigOptions,
} from './configOptions.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'

type Options = ConfigOptions & { readonly json?: true }

/** `apex bot backup`: a copy of the database, while the bot runs or not. */
export function botBackupCommand(io: Io): Command {
  const command = new Command('backup')
    .description('copy the database, whole and checked, while the bot runs')
    .argument('<file>', 'where to; never overwritten')
    .option('--json', 'print JSON')
  return withConfigOptions(command).action((file: string, options: Options) =>
    backup(file, options, io),
  )
}

async function backup(file: string, options: Options, io: Io): Promise<void> {
  const config = await readConfigOf(options)
  checkDatabase(config)
  if (existsSync(file))
    throw new UsageError(`${file} exists already`, {
      hint: 'a backup is never overwritten: name another file',
    })
  await backupSqliteStore(config.database, file)
  const { size: bytes } = await stat(file)
  io.stdout(
    options.json
      ? toJson({ file, bytes })
      : `${config.database} copied to ${file}, ${groupThousands(bytes)} bytes\n`,
  )
}
