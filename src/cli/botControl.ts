import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { Command } from 'commander'
import type { Config } from '../adapters/config/index.ts'
import { withoutSecrets } from '../adapters/keys/index.ts'
import { killSwitchFile, openSqliteStore } from '../adapters/stores/index.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount } from '../core/units.ts'
import type { Breaker, BreakerState, RiskStore } from '../market/risk.ts'
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

type SetOptions = ControlOptions & {
  readonly why?: string
  readonly live?: true
  readonly dryRun?: true
}

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
    .option('--live', 'what is sent, not what dry runs do')
    .option('--dry-run', 'dry runs, not what is sent (default: both)')
  return withControlOptions(command).action(async (options: SetOptions) => {
    const why = withoutSecrets(options.why ?? 'by hand')
    const at = Math.floor(Date.now() / 1000)
    const breaker = { state, by: userInfo().username, why, at, until: null }
    await withLedgers(options, async (place) => {
      for (const { ledger, isLive } of place.ledgers)
        if (isMeant(options, isLive))
          await setBreaker({ store: place.store, ledger }, breaker)
      await report(place, options, io)
    })
  })
}

/** Without a choice both: a stop is to stop whatever runs, and its end to end it. */
function isMeant({ live, dryRun }: SetOptions, isLive: boolean): boolean {
  return live === dryRun || (isLive ? live : dryRun) === true
}

function statusCommand(io: Io): Command {
  const command = new Command('status').description(
    'tell what each chain may send, and why',
  )
  return withControlOptions(command).action((options: ControlOptions) =>
    withLedgers(options, (place) => report(place, options, io)),
  )
}

function withControlOptions(command: Command): Command {
  return withConfigOptions(command)
    .option('--chain <name>', 'this chain alone (default: all)')
    .option('--json', 'print JSON; amounts in wei')
}

type ChainLedger = {
  readonly chain: string
  readonly isLive: boolean
  readonly ledger: string
}

/** The ledgers of a configuration and what they are kept in. */
type Place = {
  readonly store: RiskStore
  readonly ledgers: readonly ChainLedger[]
  /** Why the kill switch stops all sending; undefined where it does not. */
  readonly killSwitch: string | undefined
}

async function withLedgers(
  options: ControlOptions,
  run: (place: Place) => Promise<void>,
): Promise<void> {
  const config = await readConfigOf(options)
  const ledgers = ledgersOf(config, options.chain)
  checkDatabase(config)
  const store = await openSqliteStore(config.database)
  try {
    const killSwitch = await killSwitchFile(config.killSwitch)()
    await run({ store, ledgers, killSwitch })
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
  return chosen.flatMap(({ name: chain, chain: { chainId } }) =>
    [true, false].map((isLive) => ({
      chain,
      isLive,
      ledger: ledgerOfChain(chainId, isLive),
    })),
  )
}

const columns: readonly Column[] = [
  { head: 'chain', align: 'left' },
  { head: 'mode', align: 'left' },
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
  { store, ledgers, killSwitch }: Place,
  { json }: ControlOptions,
  io: Io,
): Promise<void> {
  const found = await Promise.all(ledgers.map((one) => statusOf(store, one)))
  const shown = found.filter((status) => status !== undefined)
  if (json)
    return io.stdout(toJson(shown.map((status) => ({ ...status, killSwitch }))))
  const rows = shown.map((one) => [
    one.chain,
    one.isLive ? 'live' : 'dry run',
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
  if (killSwitch !== undefined)
    io.stdout(
      `kill switch: ${withoutSecrets(killSwitch)}: nothing is sent, whatever the states; take it away, then apex bot resume\n`,
    )
}

type Status = Pick<ChainLedger, 'chain' | 'isLive'> &
  Breaker & {
    readonly lostToday: bigint
    readonly atStake: bigint
    readonly inFlight: number
    readonly landed: number
    readonly lost: number
    readonly failed: number
  }

/** Undefined for dry runs of which nothing is known. */
async function statusOf(
  store: RiskStore,
  { chain, isLive, ledger }: ChainLedger,
): Promise<Status | undefined> {
  const known = await store.readBreaker(ledger)
  const remembered = await store.readRisk(ledger)
  if (!isLive && !known && !remembered) return undefined
  const { revision: _, ...breaker } = known ?? firstBreaker
  const account = remembered ?? emptyAccount
  const { inFlight, landed, lost, failed } = account
  return {
    chain,
    isLive,
    ...breaker,
    lostToday: lossOf(account, dayOf(Date.now() / 1000)),
    atStake: atStake(account),
    inFlight: inFlight.length,
    landed,
    lost,
    failed,
  }
}
