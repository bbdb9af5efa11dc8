import type { Command } from 'commander'
import type { Config } from '../adapters/config/index.ts'
import { defaultConfigFile, readConfig } from '../programs/readConfig.ts'

/** Which configuration a command works with. */
export type ConfigOptions = {
  readonly config?: string
  readonly set?: readonly string[]
}

/** Adds the options of {@link ConfigOptions}. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--config <file>', `configuration (default: ${defaultConfigFile})`)
    .option(
      '--set <key=value>',
      'in place of what the configuration says; may be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
}

/** Reads it. @throws ConfigInvalidError */
export function readConfigOf({ config, set }: ConfigOptions): Promise<Config> {
  return readConfig({ file: config, settings: set })
}
