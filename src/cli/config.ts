import { Command } from 'commander'
import { type ShownConfig, showConfig } from '../adapters/config/index.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatUnits } from '../core/units.ts'
import {
  type ConfigOptions,
  readConfigOf,
  withConfigOptions,
} from './configOptions.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { renderTable } from './table.ts'

type Options = ConfigOptions & { readonly json?: true }

/** `apex config`: what the configuration says. */
export function configCommand(io: Io): Command {
  return new Command('config')
    .description('look at the configuration')
    .addCommand(configShowCommand(io))
}

function configShowCommand(io: Io): Command {
  const command = new Command('show').description(
    'print the merged configuration; of URLs only the host',
  )
  return withConfigOptions(command)
    .option('--json', 'print JSON; amounts in wei')
    .addHelpText(
      'after',
      `
The environment overrides the file, --set overrides both:
  APEX__CHAINS__BASE__RISK__MAX_INPUT=2
  --set chains.base.risk.maxInput=2`,
    )
    .action(async (options: Options) => {
      const shown = showConfig(await readConfigOf(options))
      io.stdout(options.json ? toJson(shown) : configText(shown, io))
    })
}

function configText({ chains, ...shared }: ShownConfig, io: Io): string {
  const rows = [
    ...rowsOf('', shared),
    ...chains.flatMap(({ name, ...section }) =>
      rowsOf(`chains.${name}.`, section),
    ),
  ]
  const columns = [
    { head: 'key', align: 'left' },
    { head: 'value', align: 'left' },
  ] as const
  return renderTable(columns, rows, io)
}

/** A table of the configuration has its keys below its own. */
function rowsOf(place: string, section: object): string[][] {
  return Object.entries(section).flatMap(([key, value]) =>
    isTable(value)
      ? rowsOf(`${place}${key}.`, value)
      : [[place + key, cellOf(value)]],
  )
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every amount of a configuration is one of the native coin. */
function cellOf(value: unknown): string {
  if (typeof value === 'bigint') return formatUnits(value, nativeDecimals)
  if (Array.isArray(value)) return value.join('\n') || 'none'
  return value === undefined ? '-' : String(value)
}
