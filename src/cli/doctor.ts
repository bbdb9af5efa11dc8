import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import type { ChainConfig, Config } from '../adapters/config/index.ts'
import {
  type ConfigOptions,
  readConfigOf,
  withConfigOptions,
} from './configOptions.ts'
import { checkBalance, checkKeys } from './doctorAccount.ts'
import { checkContracts, checkExecutor } from './doctorContracts.ts'
import { type Finding, notesAbout } from './doctorFindings.ts'
import {
  checkDatabase,
  checkKillSwitch,
  checkNode,
  checkPart,
  optionalParts,
} from './doctorMachine.ts'
import { checkNodes, checkWebSockets } from './doctorNodes.ts'
import { checkRelays } from './doctorRelays.ts'
import { checkTrading, checkTwins } from './doctorTrading.ts'
import { exitCodes } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'
import { renderTable } from './table.ts'

type Options = ConfigOptions & { readonly json?: true }

/** `apex doctor`: whether all that the configuration names is there and works. */
export function doctorCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  const command = new Command('doctor').description(
    'check machine, configuration, nodes, contracts and keys',
  )
  return withConfigOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Nothing is sent and nothing is written. Exit code 0 where there is no fault.`,
    )
    .action(async (options: Options) => {
      const findings = await examine(await readConfigOf(options), io)
      const isHealthy = findings.every(({ state }) => state !== 'fault')
      if (!isHealthy) setExitCode(exitCodes.failed)
      io.stdout(
        options.json
          ? toJson({ isHealthy, findings })
          : findingsTable(findings, io),
      )
    })
}

async function examine(config: Config, io: Io): Promise<readonly Finding[]> {
  const node = checkNode(process.versions.node, packageJson.engines.node)
  // Machine code made for newer ones may end the process without a word.
  if (node.state === 'fault') return [node]
  const progress = createProgress(io, 0)
  progress.show(() => 'asking nodes')
  try {
    const [machine, ...chains] = await Promise.all([
      examineMachine(config),
      ...config.chains.map((section) => examineChain(section, config)),
    ])
    return [node, ...machine!, ...chains.flat()]
  } finally {
    progress.end()
  }
}

async function examineMachine(config: Config): Promise<readonly Finding[]> {
  const notes = notesAbout('machine')
  return [
    ...(await Promise.all(optionalParts.map(checkPart))),
    ...(await checkDatabase(config.database)),
    await checkKillSwitch(config.killSwitch),
    ...(config.chains.length === 0
      ? [notes.fault('chains', 'none is configured: add a section chains.NAME')]
      : []),
  ]
}

async function examineChain(
  section: ChainConfig,
  { chains }: Config,
): Promise<readonly Finding[]> {
  const notes = notesAbout(section.name)
  const nodes = await checkNodes(section, notes, () =>
    Math.floor(Date.now() / 1000),
  )
  const keys = await checkKeys(section, notes)
  const { rpc } = nodes
  const { executor, market } = section
  return [
    ...checkTwins(section, chains, notes),
    ...nodes.findings,
    ...(await checkWebSockets(section, notes)),
    ...(rpc ? await checkContracts(rpc, section, notes) : []),
    ...(rpc && executor
      ? await checkExecutor(rpc, executor, keys.address, notes)
      : []),
    ...keys.findings,
    ...checkTrading(section, notes),
    ...checkRelays(section, notes),
    ...(rpc && keys.address
      ? await checkBalance(rpc, keys.address, section, notes)
      : []),
    await marketFinding(section.name, market),
  ]
}

async function marketFinding(name: string, path: string): Promise<Finding> {
  const notes = notesAbout(name)
  const file = await stat(path).catch(() => undefined)
  return file?.isFile()
    ? notes.ok('market', path)
    : notes.warning(
        'market',
        `there is no file ${path} yet: apex snapshot --chain ${name} writes it`,
      )
}

function findingsTable(findings: readonly Finding[], io: Io): string {
  const { green, yellow, red } = io.colors
  const colors = { ok: green, warning: yellow, fault: red }
  const faults = findings.filter(({ state }) => state === 'fault').length
  const table = renderTable(
    [
      { head: 'about', align: 'left' },
      { head: 'check', align: 'left' },
      { head: 'state', align: 'left' },
      { head: 'detail', align: 'left' },
    ],
    findings.map(({ about, check, state, detail }) => [
      about,
      check,
      colors[state](state),
      detail,
    ]),
    io,
  )
  const verdict =
    faults === 0 ? 'healthy' : `${faults} ${faults === 1 ? 'fault' : 'faults'}`
  return `${table}\n${io.colors.bold(verdict)}\n`
}
