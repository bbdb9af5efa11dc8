import { Command } from 'commander'
import type { Config } from '../adapters/config/index.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatUnits } from '../core/units.ts'
import type { ChainSummary } from '../programs/bot/options.ts'
import { botBackupCommand } from './botBackup.ts'
import { botControlCommands } from './botControl.ts'
import { BotLines } from './botLines.ts'
import {
  type ConfigOptions,
  readConfigOf,
  withConfigOptions,
} from './configOptions.ts'
import { exitCodes, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { askPassword } from './password.ts'
import { requireNode } from './requireNode.ts'
import { stopOnSignals } from './stopOnSignals.ts'
import { renderTable } from './table.ts'

type Options = ConfigOptions & {
  readonly chain?: readonly string[]
  readonly live?: true
  readonly json?: true
}

/** `apex bot`: trades on live chains; with its commands that steer a running one. */
export function botCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  const command = withConfigOptions(
    new Command('bot').description(
      'trade on the chains of the configuration; a dry run without --live',
    ),
  )
    .enablePositionalOptions()
    .option(
      '--chain <name>',
      'this chain; may be given several times (default: all)',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--live', 'send transactions')
    .option(
      '--json',
      'print JSON, a line each for what happens, amounts in wei',
    )
    .addHelpText(
      'after',
      `
Each chain begins with its market file and follows its blocks from there. The
states of a file that is too old for that (32 to 256 blocks, the more the larger
the market) are read anew. A dry run does all but send: it opens no key, and
keeps a ledger of its own. Ctrl-C or SIGTERM ends it cleanly; what is still in
flight then is settled at the next start.

With --json each line is an object whose kind says what it is of: block, what a
block led to; outcome, a transaction's end, with why it missed; reopened, an
outcome told before that a reorg has undone, its new one follows; summary, once
at the end. Faults and notices go to stderr as ever.

Exit code 1 where a chain ended by itself, 2 where its configuration lacks
something; then nothing was begun.`,
    )
    .action((options: Options) => run(options, io, setExitCode))
  for (const control of botControlCommands(io)) command.addCommand(control)
  command.addCommand(botBackupCommand(io))
  return command
}

async function run(
  options: Options,
  io: Io,
  setExitCode: (code: number) => void,
): Promise<void> {
  requireNode()
  const config = await readConfigOf(options)
  const chains = chosenChains(config, options.chain)
  const isLive = options.live === true
  // Only here: they bring along all that speaks to chains.
  const { checkSections } = await import('../programs/bot/checkSection.ts')
  const { runBot } = await import('../programs/bot/runBot.ts')
  await checkSections(chains, isLive)
  const stop = stopOnSignals(io, 'settling what is in flight')
  try {
    const mode = isLive
      ? 'live: transactions are sent'
      : 'dry run: nothing is sent; --live sends'
    const { database, killSwitch } = config
    const lines = new BotLines({ chains, isLive }, io)
    const summaries = await runBot(
      {
        chains,
        database,
        killSwitch,
        isLive,
        askPassword: () => askPassword(io),
      },
      {
        onBegun: () => io.stderr(`${mode}\n`),
        onBlock: (report) =>
          io.stdout(
            options.json
              ? toJson({ kind: 'block', ...report })
              : lines.block(report),
          ),
        onOutcome: (chain, outcome, pending, miss) =>
          options.json
            ? io.stdout(toJson({ kind: 'outcome', chain, outcome, miss }))
            : lines.outcome(chain, outcome, pending, miss),
        onReopened: (chain, { outcome, miss }) =>
          options.json
            ? io.stdout(toJson({ kind: 'reopened', chain, outcome, miss }))
            : lines.reopened(chain, outcome),
        onFault: (chain, message) => io.stderr(`${chain}: ${message}\n`),
        onNotice: (chain, message) => io.stderr(`${chain}: ${message}\n`),
        onRestart: (chain, restarts, waitMs) =>
          io.stderr(`${chain}: restart ${restarts} in ${waitMs} ms\n`),
      },
      stop.signal,
    )
    io.stdout(
      options.json
        ? toJson({ kind: 'summary', chains: summaries })
        : summaryTable(summaries, io),
    )
    if (summaries.some(({ endedBy }) => endedBy !== undefined))
      setExitCode(exitCodes.failed)
  } finally {
    stop.end()
  }
}

function chosenChains(
  { chains }: Config,
  names: readonly string[] | undefined,
): Config['chains'] {
  if (chains.length === 0)
    throw new UsageError('the configuration has no chain')
  const known = chains.map(({ name }) => name)
  const wrong = names?.find((name) => !known.includes(name))
  if (wrong !== undefined)
    throw new UsageError(`the configuration has no chain ${wrong}`, {
      hint: `it has: ${known.join(', ')}`,
    })
  return names ? chains.filter(({ name }) => names.includes(name)) : chains
}

function summaryTable(summaries: readonly ChainSummary[], io: Io): string {
  const heads = [
    'chain',
    'blocks',
    'found',
    'would send',
    'sent',
    'landed',
    'reverted',
    'dropped',
    'open',
    'net profit',
    'restarts',
  ]
  const table = renderTable(
    heads.map((head, i) => ({ head, align: i === 0 ? 'left' : 'right' })),
    summaries.map((one) => [
      one.chain,
      ...[one.blocks, one.found, one.wouldSend, one.sent, one.landed].map(
        String,
      ),
      ...[one.reverted, one.dropped, one.open].map(String),
      formatUnits(one.netProfit, nativeDecimals),
      `${one.restarts}`,
    ]),
    io,
  )
  const ended = summaries.flatMap(({ chain, endedBy }) =>
    endedBy === undefined ? [] : [`${chain} ended: ${endedBy}\n`],
  )
  return `${table}${ended.join('')}`
}
