import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { encryptKeystoreJson } from 'ethers'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest'
import '../support/offline.ts'
import { createSigner } from '../../src/adapters/keys/index.ts'
import { openSqliteStore } from '../../src/adapters/stores/index.ts'
import { writeBotConfig } from '../support/botConfig.ts'
import { type BotProcess, startBot } from '../support/botProcess.ts'
import { type BotStage, createBotStage } from '../support/botStage.ts'
import { leafCommands } from '../support/leafCommands.ts'
import {
  type LeakyNode,
  leakyWays,
  serveLeakyNode,
} from '../support/leakyNode.ts'
import { readLedger } from '../support/ledgerAndChain.ts'
import { newFolder } from '../support/newFolder.ts'
import {
  canLookAtProcesses,
  planted,
  type SecretName,
  secretsIn,
  secretsInFiles,
  secretsInProcess,
} from '../support/plantedSecrets.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { pause } from '../support/wait.ts'

/**
 * Eight secrets, planted where users keep them and where they put them by
 * mistake, through every command and every fault: nobody sees them again.
 */

const names = Object.keys(planted) as SecretName[]
const place = newFolder()
const folder = place('.')
const chain = 'ethereum'
const { privateKey, mnemonic, password, relayKey, botToken } = planted

let stage: BotStage
let node: LeakyNode
let config: string
let forkBlock: string
beforeAll(async () => {
  stage = await createBotStage(1, { key: privateKey })
  node = await serveLeakyNode(stage.anvil.port)
  forkBlock = `${Number(await stage.anvil.request('eth_blockNumber'))}`
  const { address } = await createSigner(privateKey)
  const light = { scrypt: { N: 1024 } }
  writeFileSync(
    place('keystore.json'),
    await encryptKeystoreJson({ address, privateKey }, password, light),
    { mode: 0o600 },
  )
  writeFileSync(place('mnemonic'), mnemonic, { mode: 0o600 })
  config = await writeBotConfig(folder, { ethereum: stage }, sections())
}, 60_000)
afterAll(async () => {
  node?.close()
  await stage?.anvil.stop()
})

const secretVariables = (): Readonly<Record<string, string>> => ({
  APEX_TEST_KEY: privateKey,
  APEX_TEST_MNEMONIC: mnemonic,
  APEX_TEST_PASSWORD: password,
  APEX_TEST_RELAY_KEY: relayKey,
  APEX_TEST_RPC: nodeUrl('http'),
  APEX_TEST_CRASHES: folder,
  APEX_TEST_WORDS: Object.values(planted).join(' '),
})
beforeEach(() => {
  node.way = 'well'
  for (const [name, value] of Object.entries(secretVariables()))
    vi.stubEnv(name, value)
  // What is kept there is looked at too: a fork's answers.
  vi.stubEnv('TMPDIR', folder)
})
afterEach(() => vi.unstubAllEnvs())

/** Where the user has put secrets: these files hold them. */
const ownFiles = ['apex.toml', 'mnemonic', 'key', 'wrong.toml'].map(place)

function nodeUrl(scheme: 'http' | 'ws', port = node.port): string {
  const login = `searcher:${encodeURIComponent(planted.basicPassword)}`
  const query = `apikey=${planted.queryKey}&token=${encodeURIComponent(botToken)}`
  return `${scheme}://${login}@127.0.0.1:${port}/v2/${planted.pathKey}?${query}`
}

function sections(
  lines: Readonly<Record<string, string>> = {},
): Parameters<typeof writeBotConfig>[2] {
  return {
    [chain]: {
      lines: {
        rpc: `["${nodeUrl('http')}", "env:APEX_TEST_RPC"]`,
        webSocket: `["${nodeUrl('ws')}"]`,
        key: `"keystore:${place('keystore.json')}"`,
        password: '"env:APEX_TEST_PASSWORD"',
        relayKey: '"env:APEX_TEST_RELAY_KEY"',
        ...lines,
      },
    },
  }
}

async function expectNoLeak(args: readonly string[]): Promise<CliRun> {
  const run = await runCli(args)
  expect(secretsIn(run.stdout), run.stdout).toEqual([])
  expect(secretsIn(run.stderr), run.stderr).toEqual([])
  return run
}

const deployer = (): string[] => [
  ...['--key', `keystore:${place('keystore.json')}`],
  ...['--password', 'env:APEX_TEST_PASSWORD'],
  ...['--wrapped-native', stage.world.wrappedNative],
]
const market = (): string => place(`${chain}.jsonl`)

/** The commands that speak to a node. */
const askingCommands: readonly (readonly [
  string,
  (url: string) => readonly string[],
])[] = [
  ['doctor', () => ['doctor', '--config', config]],
  [
    'snapshot --out',
    (url) => [
      ...['snapshot', '--rpc', url, '--dex', 'uniswap-v2'],
      ...['--pools-limit', '2', '--out', place('snapshot.jsonl')],
    ],
  ],
  [
    'snapshot --verify',
    (url) => ['snapshot', '--rpc', url, '--verify', market()],
  ],
  ['deploy', (url) => ['deploy', '--rpc', url, ...deployer()]],
  ['deploy --live', (url) => ['deploy', '--rpc', url, ...deployer(), '--live']],
  [
    'simulate --fork',
    (url) => [
      ...['simulate', '--fork', url, '--block', forkBlock, '--blocks', '1'],
      ...['--market', market(), '--db', place('fork.sqlite')],
    ],
  ],
]

describe('a node that repeats what it is asked by', () => {
  it.each(leakyWays.filter((way) => way !== 'refused'))(
    'no command shows it: %s',
    async (way) => {
      await stage.anvil.setAutomine(true)
      for (const [name, argumentsFor] of askingCommands)
        for (const url of [nodeUrl('http'), 'env:APEX_TEST_RPC']) {
          node.way = way
          node.leaks = 0
          const json = url.startsWith('env') ? ['--json'] : []
          const run = await expectNoLeak([...argumentsFor(url), ...json])
          if (way === 'well' && name !== 'doctor')
            expect(run.exitCode, `${name}: ${run.stderr}`).toBe(0)
          if (way !== 'well' && way !== 'wrong chain')
            expect(node.leaks, `${name}: ${run.stderr}`).toBeGreaterThan(0)
        }
      await stage.anvil.setAutomine(false)
    },
    120_000,
  )

  it('nor a node that is dead; and no file has kept a secret', async () => {
    for (const [, argumentsFor] of askingCommands)
      await expectNoLeak(argumentsFor(nodeUrl('http', 1)))
    expect(secretsInFiles(folder, ownFiles)).toEqual([])
  }, 120_000)
})

describe('a secret in the wrong place', () => {
  const wrong = (): string[] => ['--config', place('wrong.toml')]
  const writers: readonly (readonly [string, () => string])[] = [
    ['a line that is not ended', () => `rpc = ["${nodeUrl('http')}`],
    ['a key that is not known', () => `[alerts]\ntelegram = "${botToken}"`],
    ['a secret as the name of a key', () => `"${botToken}" = "${mnemonic}"`],
    ['a key twice', () => `killSwitch = "a"\nkillSwitch = "${mnemonic}"`],
    ...(
      [
        ['executor', privateKey],
        ['key', privateKey],
        ['key', mnemonic],
        ['key', `keystore:${mnemonic}`],
        ['key', `file:${privateKey}`],
        ['password', password],
        ['relayKey', relayKey],
        ['market', mnemonic],
        ['rpc', 'not a list'],
      ] as const
    ).map(
      ([field, secret]) =>
        [
          `${field} = "${secret.slice(0, 4)}…"`,
          () => `[chains.ethereum]\n${field} = "${secret}"`,
        ] as const,
    ),
    [
      'URLs of the wrong kind',
      () =>
        `[chains.ethereum]\nrpc = ["${nodeUrl('ws')}"]\nwebSocket = ["${nodeUrl('http')}"]`,
    ],
    [
      'a URL that is none',
      () =>
        `[chains.ethereum]\nrpc = ["http//127.0.0.1/${planted.pathKey}", "${botToken}"]`,
    ],
    ['a secret as a section', () => `[chains.${planted.queryKey}]\nrpc = []`],
    [
      'a malformed key behind a reference',
      () => {
        writeFileSync(place('key'), `${privateKey.slice(0, -1)}g`, {
          mode: 0o600,
        })
        return `[chains.ethereum]\nrpc = ["${nodeUrl('http')}"]\nmarket = "${market()}"\nexecutor = "${stage.executor}"\nkey = "file:${place('key')}"`
      },
    ],
  ]

  it.each(writers)(
    'of the configuration is not repeated: %s',
    async (_, text) => {
      writeFileSync(place('wrong.toml'), `${text()}\n`)
      for (const args of [
        ['config', 'show', ...wrong()],
        ['config', 'show', ...wrong(), '--json'],
        ['bot', 'status', ...wrong()],
        ['doctor', ...wrong(), '--json'],
      ])
        await expectNoLeak(args)
    },
  )

  it.each([
    ['key', 'address', privateKey],
    ['key', 'address', mnemonic],
    ['key', 'address', `keystore:${mnemonic}`],
    ['key', 'address', `env:${privateKey.slice(2)}`],
    ['key', 'import', '--from', privateKey, '--out', 'never.json'],
    ['key', 'import', '--password', password, '--out', 'never.json'],
    ['key', 'new', '--password', password, '--out', 'never.json'],
    ['key', 'new', '--password-file', mnemonic, '--out', 'never.json'],
    ['deploy', '--rpc', planted.pathKey, '--key', 'env:APEX_TEST_KEY'],
    ['deploy', '--rpc', 'http://127.0.0.1:1', '--key', privateKey],
    ['deploy', '--rpc', 'http://127.0.0.1:1', '--owner', privateKey],
    ['snapshot', '--rpc', botToken, '--out', 'never.jsonl'],
    ['snapshot', '--rpc', `ftp://${planted.pathKey}`, '--out', 'never.jsonl'],
    ['simulate', '--fork', planted.queryKey, '--block', '1', '--market', 'x'],
    ['scan', '--market', privateKey],
    ['scan', '--market', 'never.jsonl', '--base', mnemonic],
    ['quote', '--market', mnemonic, '--pool', privateKey],
    ['verify', mnemonic],
    ['market', 'info', privateKey],
    ['market', 'generate', '--pools', privateKey],
    ['dexes', '--chain', privateKey],
    ['lenders', '--chain', privateKey],
    ['chains', privateKey],
    [privateKey],
  ])('of the arguments is not repeated: %s %s', async (...args) => {
    const { exitCode } = await expectNoLeak(args)
    expect(exitCode).toBeGreaterThan(0)
  })

  it('of settings and environment is not repeated', async () => {
    const configured = ['--config', config]
    for (const setting of [
      `chains.ethereum.key=${privateKey}`,
      `chains.ethereum.password=${password}`,
      `chains.ethereum.risk.maxInput=${mnemonic}`,
      `alerts.telegram=${botToken}`,
      privateKey,
    ])
      for (const command of [['config', 'show'], ['bot'], ['doctor']])
        await expectNoLeak([...command, ...configured, '--set', setting])
    vi.stubEnv('APEX__CHAINS__ETHEREUM__KEY', privateKey)
    vi.stubEnv('APEX__ALERTS__TELEGRAM', botToken)
    await expectNoLeak(['config', 'show', ...configured])
    await expectNoLeak(['bot', ...configured])
  })

  it('of a wrong password, and of a reason that is kept, is not repeated', async () => {
    const reference = `keystore:${place('keystore.json')}`
    vi.stubEnv('APEX_TEST_PASSWORD', `${password}!`)
    const wrong = ['--password', 'env:APEX_TEST_PASSWORD']
    const { exitCode } = await expectNoLeak([
      'key',
      'address',
      reference,
      ...wrong,
    ])
    expect(exitCode).toBe(2)
    await expectNoLeak(['bot', '--live', '--config', config])
  }, 60_000)
})

describe('right use', () => {
  const password = ['--password', 'env:APEX_TEST_PASSWORD']
  const configured = (): string[] => ['--config', config]
  /** What is pasted by mistake, and known by its form. */
  const why = ['--why', `${privateKey} ${mnemonic}`]
  /** By command: how it is rightly used, in this order. */
  const uses: Readonly<Record<string, (nth: number) => readonly string[]>> = {
    init: (nth) => ['--out', place(`first-${nth}.toml`)],
    'config show': configured,
    'key new': (nth) => [...password, '--out', place(`new-${nth}.json`)],
    'key import': (nth) => [
      ...['--from', `file:${place('mnemonic')}`, '--mnemonic'],
      ...[...password, '--out', place(`imported-${nth}.json`)],
    ],
    'key address': (nth) => [
      `keystore:${place(`imported-${nth}.json`)}`,
      ...password,
    ],
    doctor: configured,
    snapshot: () => ['--rpc', nodeUrl('http'), '--verify', market()],
    'market info': () => [market()],
    'market generate': (nth) => [
      ...['--pools', '6', '--tokens', '3'],
      ...['--out', place(`generated-${nth}.jsonl`)],
    ],
    scan: () => ['--market', market()],
    quote: () => {
      const { address, tokens } = firstPool()
      return [
        ...['--market', market(), '--pool', address],
        ...['--token-in', tokens[0], '--amount-in', '1000'],
      ]
    },
    verify: () => {
      writeFileSync(place('quotes.jsonl'), quotesText())
      return [place('quotes.jsonl')]
    },
    deploy: () => ['--rpc', nodeUrl('http'), ...deployer()],
    simulate: (nth) => [
      ...['--fork', nodeUrl('http'), '--block', forkBlock, '--blocks', '1'],
      ...['--market', market(), '--db', place(`right-${nth}.sqlite`)],
    ],
    'bot status': configured,
    'bot pause': () => [...configured(), ...why],
    'bot halt': () => [...configured(), ...why],
    'bot resume': configured,
    'bot backup': (nth) => [place(`copy-${nth}.sqlite`), ...configured()],
    chains: () => [],
    dexes: () => [],
    lenders: () => [],
  }

  it('no command is left out', async () => {
    // That one runs until it is stopped: below.
    const stopped = ['bot']
    expect([...Object.keys(uses), ...stopped].sort()).toEqual(
      [...(await leafCommands())].sort(),
    )
  })

  it('shows and keeps no secret', async () => {
    config = await writeBotConfig(folder, { ethereum: stage }, sections())
    await (await openSqliteStore(place('apex.sqlite'))).close()
    await stage.anvil.setAutomine(true)
    for (const [nth, more] of [[], ['--json']].entries())
      for (const [command, argumentsOf] of Object.entries(uses)) {
        const args = [...command.split(' '), ...argumentsOf(nth)]
        const hasJson = command !== 'init'
        const run = await expectNoLeak([...args, ...(hasJson ? more : [])])
        // Of this machine, and of a stage of few contracts, not all is well.
        if (command !== 'doctor')
          expect(run.exitCode, `${command}: ${run.stderr}`).toBe(0)
      }
    await stage.anvil.setAutomine(false)
    await expectNoLeak(['key', 'address', 'env:APEX_TEST_KEY'])
    expect(secretsInFiles(folder, ownFiles)).toEqual([])
  }, 60_000)
})

type PoolRow = {
  readonly address: string
  readonly tokens: readonly [string, string]
}

/** Of the market file. */
function firstPool(): PoolRow {
  const lines = readFileSync(market(), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line)).find(isPool)
}

function isPool({ type }: { readonly type: string }): boolean {
  return type === 'pool'
}

function quotesText(): string {
  const { address: pool, tokens } = firstPool()
  const [tokenIn, tokenOut] = tokens
  const rows = [
    { type: 'quotes', version: 1, chainId: 1, blockNumber: 1 },
    {
      type: 'pool',
      dex: 'uniswap-v2',
      family: 'constantProduct',
      address: pool,
      tokens,
      feePips: 3000,
      reserves: ['1000000', '2000000'],
    },
    {
      ...{ type: 'quote', pool, tokenIn, tokenOut, kind: 'exactIn' },
      ...{ amountIn: '1000', amountOut: '1992' },
    },
  ]
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** A relay is no chain, and refuses in its own way. */
const relayWays = leakyWays.filter(
  (way) => !['well', 'wrong chain', 'refused'].includes(way),
)

describe('apex bot --live', () => {
  it('shows and keeps no secret, whatever its node and its worker do', async () => {
    config = await writeBotConfig(folder, { ethereum: stage }, sections())
    const bot = await start()
    await nextBlock(bot)
    for (const way of leakyWays) {
      node.way = way
      node.leaks = 0
      const told = { stdout: bot.stdout().length, stderr: bot.stderr().length }
      const isHeard = (): boolean => {
        if (way === 'well') return true
        // What is refused is no fault: the block's line counts it.
        if (way === 'refused')
          return bot.stdout().slice(told.stdout).includes('"refused":')
        return (
          (way === 'wrong chain' || node.leaks > 0) &&
          bot.stderr().length > told.stderr
        )
      }
      while (!isHeard()) {
        await stage.tradeBlock()
        await pause(200)
      }
      node.way = 'well'
      await nextBlock(bot)
      expect(secretsInProcess(bot.child.pid!)).toEqual([])
    }
    const { exitCode } = await expectNoLeak([
      ...['bot', 'pause', '--config', config],
      ...['--why', `${privateKey} ${mnemonic}`],
    ])
    expect(exitCode).toBe(0)
    await expectNoLeak(['bot', 'status', '--config', config, '--json'])
    await expectNoLeak(['bot', 'resume', '--config', config])
    writeFileSync(place('throw'), '')
    await bot.until(() => bot.stderr().includes('its worker died'))
    await nextBlock(bot)
    // Its database and write-ahead log while they are in use.
    expect(secretsInFiles(folder, ownFiles)).toEqual([])
    await end(bot)
    const ends = readLedger(place('apex.sqlite'), stage)
    // What the node said of it was kept: the scan had something to find.
    expect(ends.map(({ status }) => status)).toContain('refused')
  }, 120_000)

  const throughRelay = { relays: '["titan"]', allowsPublic: 'false' }

  it('shows and keeps none, whatever its relay answers', async () => {
    const relay = await serveLeakyNode(stage.anvil.port)
    const relays = sections(throughRelay)
    config = await writeBotConfig(folder, { ethereum: stage }, relays)
    const refusals = (): number =>
      readLedger(place('apex.sqlite'), stage).filter(
        ({ status }) => status === 'refused',
      ).length
    const before = existsSync(place('apex.sqlite')) ? refusals() : 0
    const bot = await start({
      APEX_TEST_RELAY: `http://127.0.0.1:${relay.port}`,
    })
    await nextBlock(bot)
    for (const way of relayWays) {
      relay.way = way
      relay.leaks = 0
      while (relay.leaks === 0) await nextBlock(bot)
      await nextBlock(bot)
      expect(secretsInProcess(bot.child.pid!)).toEqual([])
    }
    await end(bot)
    relay.close()
    // What it said is kept: the scan had something to find.
    expect(refusals()).toBeGreaterThan(before)
  }, 120_000)

  it('shows and keeps none where its relay cannot be reached', async () => {
    const relays = sections(throughRelay)
    config = await writeBotConfig(folder, { ethereum: stage }, relays)
    const bot = await start()
    for (let i = 0; i < 4; i++) await nextBlock(bot)
    expect(secretsInProcess(bot.child.pid!)).toEqual([])
    await end(bot)
  }, 120_000)

  async function start(
    more: Readonly<Record<string, string>> = {},
  ): Promise<BotProcess> {
    return startBot({
      config,
      arguments: ['--live'],
      imports: ['offline', 'relayHere', 'crashWorker'].map(
        (name) => new URL(`../support/${name}.ts`, import.meta.url).href,
      ),
      environment: { ...secretVariables(), ...more },
    })
  }

  async function nextBlock(bot: BotProcess): Promise<void> {
    const told = bot.blocks(chain).length
    while (bot.blocks(chain).length === told) {
      await stage.tradeBlock()
      await pause(200)
    }
  }

  async function end(bot: BotProcess): Promise<void> {
    await bot.stop('SIGTERM')
    expect(await bot.ended).toBe(0)
    expect(secretsIn(bot.stdout())).toEqual([])
    expect(secretsIn(bot.stderr())).toEqual([])
    expect(secretsInFiles(folder, ownFiles)).toEqual([])
  }
})

describe('control: what looks for secrets finds them', () => {
  it.each(names)('%s in a text, whole, in part and encoded', (name) => {
    const secret = planted[name]
    const bytes = Buffer.from(secret)
    for (const form of [
      secret,
      secret.toUpperCase(),
      secret.slice(5, 25),
      secret.slice(-15),
      encodeURIComponent(secret),
      `Basic ${bytes.toString('base64')}`,
      Buffer.from(`searcher:${secret}`).toString('base64'),
      bytes.toString('hex'),
      JSON.stringify({ message: secret }),
    ])
      expect(secretsIn(`before ${form} after`)).toContain(name)
    expect(secretsIn(secret.slice(3, 14))).toEqual([])
  })

  it.each(names)('%s in a database and its write-ahead log', (name) => {
    const control = place(`control-${name}`)
    mkdirSync(control)
    const file = join(control, 'notes.sqlite')
    const database = new Sqlite(file)
    database.pragma('journal_mode = WAL')
    database.exec('CREATE TABLE notes (text TEXT)')
    database.prepare('INSERT INTO notes VALUES (?)').run(planted[name])
    expect(secretsInFiles(control)).toContain(`${file}-wal: ${name}`)
    database.close()
    expect(secretsInFiles(control)).toEqual([`${file}: ${name}`])
    rmSync(control, { recursive: true })
  })

  it.skipIf(!canLookAtProcesses).each(names)(
    '%s in arguments and environment of a process',
    async (name) => {
      const child = spawn(
        process.execPath,
        ['-e', 'setTimeout(() => {}, 60_000)', planted[name]],
        { env: { SECRET: planted[name] }, stdio: 'ignore' },
      )
      try {
        await vi.waitFor(() =>
          expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toContain(
            '60_000',
          ),
        )
        const own = secretsInProcess(child.pid!)
        expect(own).toEqual([`cmdline of ${child.pid}: ${name}`])
        expect(secretsInProcess(process.pid)).toContain(
          `environ of ${child.pid}: ${name}`,
        )
      } finally {
        child.kill('SIGKILL')
      }
    },
  )
})
