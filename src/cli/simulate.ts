import { Command } from 'commander'
import {
  type SimulateOptions,
  simulateDefaults,
} from '../programs/simulate/options.ts'
import { isFaultless } from '../programs/simulate/summary.ts'
import { wholeNumber } from './arguments.ts'
import { exitCodes, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { readFork } from './readFork.ts'
import { ledgerText, summaryText, timesText } from './simulateReport.ts'
import { createLiveTable } from './simulateTable.ts'
import { stopOnSignals } from './stopOnSignals.ts'

type Options = {
  readonly blocks: number
  readonly seed: number
  readonly pools: number
  readonly tokens: number
  readonly competitors: number
  readonly fork?: string
  readonly block?: number
  readonly market?: string
  readonly record?: string
  readonly db?: string
  readonly json?: true
}

/** `apex simulate`: the whole loop against genuine contracts in this process. */
export function simulateCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  const defaults = simulateDefaults
  return new Command('simulate')
    .description(
      'trade on an embedded chain with the genuine contracts of Uniswap, SushiSwap, PancakeSwap and Balancer',
    )
    .option(
      '--blocks <n>',
      'blocks to trade',
      wholeNumber('--blocks', 1, 1_000_000),
      defaults.blocks,
    )
    .option(
      '--seed <n>',
      'seed of all draws; the same seed gives the same run',
      wholeNumber('--seed', 0, 2 ** 32 - 1),
      defaults.seed,
    )
    .option(
      '--pools <n>',
      `pools of the generated market (default: ${defaults.pools})`,
      wholeNumber('--pools', 2, 5000),
    )
    .option(
      '--tokens <n>',
      `tokens of the generated market (default: ${defaults.tokens})`,
      wholeNumber('--tokens', 2, 1000),
    )
    .option(
      '--competitors <n>',
      'others that race for the same opportunities',
      wholeNumber('--competitors', 0, 20),
      defaults.competitors,
    )
    .option(
      '--fork <url>',
      'trade on a copy of a live chain, by a node of it: an http or https URL, or env:NAME; needs --block and --market',
    )
    .option('--block <n>', 'block to fork at', wholeNumber('--block', 1))
    .option('--market <file>', 'market file with the pools of the fork')
    .option(
      '--record <folder>',
      'record the blocks and their logs in a new or empty folder',
    )
    .option('--db <file>', 'keep the ledger in a SQLite file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Users trade at random; the bot and its competitors see each block, weigh the
best 16 opportunities it left and send for the next. Results are the same for
the same options, byte for byte; what is of the clock goes to stderr. Ctrl-C
ends the run after the current block.

A run that broke a promise fails with exit code 1: a trade that nobody
interfered with did not earn the predicted profit, or the state kept from logs
was another than the contracts'.

Examples:
  $ apex simulate
  $ apex simulate --blocks 500 --competitors 0 --json
  $ apex simulate --record recorded --db ledger.sqlite
  $ apex simulate --fork env:ETHEREUM_RPC --block 17675948 --market market.jsonl.gz`,
    )
    .action((options: Options) => run(options, io, setExitCode))
}

async function run(
  options: Options,
  io: Io,
  setExitCode: (code: number) => void,
): Promise<void> {
  const request = await readRequest(options, io)
  const table = createLiveTable(io, request.blocks)
  const stop = stopOnSignals(io, 'the run ends after this block')
  try {
    // Only here: it brings along all that speaks to chains.
    const { simulate } = await import('../programs/simulate/simulate.ts')
    const { summary, times, ledger, leftOut } = await simulate(
      request,
      {
        onSetUp: (step) => table.showStep(step),
        onBlock: (report) => table.showBlock(report),
      },
      stop.signal,
    )
    table.end()
    io.stdout(options.json ? toJson(summary) : summaryText(summary, io))
    io.stderr(timesText(times, summary))
    if (leftOut > 0)
      io.stderr(
        `${leftOut} pools of the market file left out: not on the fork, or of a protocol that cannot be simulated there\n`,
      )
    if (request.db !== undefined) io.stderr(ledgerText(request.db, ledger))
    if (!isFaultless(summary)) setExitCode(exitCodes.failed)
  } finally {
    table.end()
    stop.end()
  }
}

async function readRequest(options: Options, io: Io): Promise<SimulateOptions> {
  const { blocks, seed, competitors, record, db } = options
  const fork = await readFork(options, io)
  if (fork && (options.pools ?? options.tokens) !== undefined)
    throw new UsageError('--pools and --tokens make a market; --fork has one')
  return {
    blocks,
    seed,
    competitors,
    pools: options.pools ?? simulateDefaults.pools,
    tokens: options.tokens ?? simulateDefaults.tokens,
    ...(fork && { fork }),
    ...(record !== undefined && { record }),
    ...(db !== undefined && { db }),
  }
}
