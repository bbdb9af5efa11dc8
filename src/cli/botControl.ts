import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { Command } from 'commander'
import type { Config } from '../adapters/config/index.ts'
import { withoutSecrets } from '../adapters/keys/index.ts'
import { openSqliteStore } from '../adapters/stores/index.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount } from '../core/units.ts'
import type { BreakerState, RiskStore } from '../market/risk.ts'
import { ledgerOfChain } from '../programs/bot/ledgerOfChain.ts'
import {
  atStake,
  dayOf,
  emptyAccount,
  lossOf,
} from '../services/risk/account.ts'
import { firstBreaker } from '../services/risk/breaker.ts'
import { setBreaker } from '../services/risk/createRisk.ts'
import {
  type ConfigOptions,
  readConfigOf,
  withConfigOptions,
} from './configOptions.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { type Column, renderTable } from './table.ts'

type ControlOptions = ConfigOptions & {
  readonly chain?: string
  readonly json?: true
}

type SetOptions = ControlOptions & { readonly why?: string }

/** `apex bot pause`, `resume`, `halt` and `status`: what a person tells a running bot, through its database. */
export function botControlCommands(io: Io): readonly Command[] {
  return [
    setCommand(io, 'pause', 'paused', 'send nothing more until it is resumed'),
    setCommand(io, 'halt', 'halted', 'send nothing more: something is wrong'),
    setCommand(io, 'resume', 'running', 'send again, whatever had stopped it'),
    statusCommand(io),
  ]
}

function setCommand(
  io: Io,
  name: string,
  state: BreakerState,
  description: string,
): Command {
  const command = new Command(name)
    .description(description)
    .option('--why <text>', 'reason, kept in the database')
  return withControlOptions(command).action(async (options: SetOptions) => {
    const why = withoutSecrets(options.why ?? 'by hand')
    const at = Math.floor(Date.now() / 1000)
    const breaker = { state, by: userInfo().username, why, at, until: null }
    await withLedgers(options, async (store, ledgers) => {
      for (const { ledger } of ledgers)
        await setBreaker({ store, ledger }, breaker)
      await report(store, ledgers, options, io)
    })
  })
}

function statusCommand(io: Io): Command {
  const command = new Command('status').description(
    'tell what each chain may send, and why',
  )
  return withControlOptions(command).action((options: ControlOptions) =>
    withLedgers(options, (store, ledgers) =>
      report(store, ledgers, options, io),
    ),
  )
}

function withControlOptions(command: Command): Command {
  return withConfigOptions(command)
    .option('--chain <name>', 'this chain alone (default: all)')
    .option('--json', 'print JSON; amounts in wei')
}

type ChainLedger = { readonly chain: string; readonly ledger: string }

async function withLedgers(
  options: ControlOptions,
  run: (store: RiskStore, ledgers: readonly ChainLedger[]) => Promise<void>,
): Promise<void> {
  const config = await readConfigOf(options)
  const ledgers = ledgersOf(config, options.chain)
  checkDatabase(config)
  const store = await openSqliteStore(config.database)
  try {
    await run(store, ledgers)
  } finally {
    await store.close()
  }
}

/** @throws UsageError where the configuration's database is not there yet. */
export function checkDatabase({ database }: Config): void {
  if (existsSync(database)) return
  throw new UsageError(`there is no database ${database}`, {
    hint: 'the bot makes it when it is started for the first time',
  })
}

function ledgersOf(
  { chains }: Config,
  name: string | undefined,
): readonly ChainLedger[] {
  const chosen = chains.filter((one) => name === undefined || one.name === name)
  if (chosen.length === 0)
    throw new UsageError(`the configuration has no chain ${name}`, {
      hint: `it has: ${chains.map((one) => one.name).join(', ')}`,
    })
  return chosen.map((one) => ({
    chain: one.name,
    ledger: ledgerOfChain(one.chain.chainId, true),
  }))
}

const columns: readonly Column[] = [
  { head: 'chain', align: 'left' },
  { head: 'state', align: 'left' },
  { head: 'by', align: 'left' },
  { head: 'why', align: 'left' },
  { head: 'lost today', align: 'right' },
  { head: 'in flight', align: 'right' },
  { head: 'landed', align: 'right' },
  { head: 'lost', align: 'right' },
  { head: 'failed', align: 'right' },
]

async function report(
  store: RiskStore,
  ledgers: readonly ChainLedger[],
  { json }: ControlOptions,
  io: Io,
): Promise<void> {
  const today = dayOf(Date.now() / 1000)
  const found = await Promise.all(
    ledgers.map(async ({ chain, ledger }) => {
      const { revision: _, ...breaker } =
        (await store.readBreaker(ledger)) ?? firstBreaker
      const account = (await store.readRisk(ledger)) ?? emptyAccount
      const { inFlight, landed, lost, failed } = account
      return {
        chain,
        ...breaker,
        lostToday: lossOf(account, today),
        atStake: atStake(account),
        inFlight: inFlight.length,
        landed,
        lost,
        failed,
      }
    }),
  )
  if (json) return io.stdout(toJson(found))
  const rows = found.map((one) => [
    one.chain,
    one.state,
    one.by,
    one.why,
    formatAmount(one.lostToday, nativeDecimals),
    String(one.inFlight),
    String(one.landed),
    String(one.lost),
    String(one.failed),
  ])
  io.stdout(renderTable(columns, rows, io))
}
