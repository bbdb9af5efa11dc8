import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
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
import { chainNamed } from '../../src/adapters/chains/index.ts'
import { dexesOf } from '../../src/adapters/dexes/index.ts'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../src/adapters/evm/embeddedChain.ts'
import { lendersOf } from '../../src/adapters/lenders/index.ts'
import {
  applicationId,
  migrations,
} from '../../src/adapters/stores/sqlite/schema.ts'
import { checkNode, checkPart } from '../../src/cli/doctorMachine.ts'
import { parseAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import { RpcError } from '../../src/core/rpcError.ts'
import { deployExecutor } from '../../src/programs/simulate/deployExecutor.ts'
import { newFolder } from '../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../support/rpcServer.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { leaked } from '../support/secrets.ts'

const key = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const operator = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const otherKey =
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'
const stranger = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const owner: Hex = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc'
const ownerKey =
  '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba'
const password = 'tHe-PaSsWoRd'
const urlKey = 'uRlKeY0123456789abc'
const secrets = [key.slice(2), otherKey.slice(2), ownerKey.slice(2), password]
const allSecrets = [...secrets, urlKey]

const base = chainNamed('base')
const dexes = dexesOf(base.chainId)
const [dex, otherDex] = dexes
const [lender] = lendersOf(base.chainId)
const path = newFolder()
const runs: CliRun[] = []
const openStores: Database.Database[] = []
let chain: EmbeddedChain
let server: RpcServer
let executor: Hex

type Finding = { about: string; check: string; state: string; detail: string }
type Report = {
  readonly exitCode: number
  readonly isHealthy: boolean
  readonly findings: readonly Finding[]
}

beforeAll(async () => {
  chain = await createEmbeddedChain({
    chainId: base.chainId,
    genesisTimestamp: Math.floor(Date.now() / 1000) - 5,
    blockTime: 1,
    accounts: [
      { address: operator, balance: 10n ** 18n },
      { address: stranger, balance: 10n ** 18n },
      { address: owner, balance: 10n ** 18n },
    ],
  })
  server = await serveRpc(chain)
  for (const address of [dex!.address, lender!.address, base.multicall])
    await chain.request('hardhat_setCode', [address, '0x00'])
  executor = parseAddress(
    await deployExecutor(chain, {
      owner,
      operator,
      wrappedNative: base.wrappedNative!.address,
    }),
  )
})
afterAll(async () => {
  for (const store of openStores) store.close()
  await server.close()
})
beforeEach(() => {
  vi.stubEnv('TEST_RPC', url())
  vi.stubEnv('TEST_KEY', key)
  vi.stubEnv('OTHER_KEY', otherKey)
  vi.stubEnv('OWNER_KEY', ownerKey)
  vi.stubEnv('TEST_PASSWORD', password)
  server.intercept = undefined
})
afterEach(() => vi.unstubAllEnvs())

describe('healthy', () => {
  it('default: a table without faults, exit 0, nothing sent or written', async () => {
    server.methods.length = 0
    const run = await doctor({}, '')
    expect([run.exitCode, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toMatch(/\nhealthy\n$/)
    for (const row of [
      /\nmachine +Node\.js +ok +\d/,
      /\nmachine +better-sqlite3 +ok /,
      /\nmachine +database +ok +.*will be made\n/,
      /\nbase +rpc\[0\] +ok +127\.0\.0\.1:\d+: block \d+\n/,
      /\nbase +clock\[0\] +ok /,
      /\nbase +multicall +ok /,
      /\nbase +dexes +ok +code at 1 of 1\n/,
      /\nbase +lenders +ok +code at 1 of 1\n/,
      new RegExp(`\nbase +executor +ok +${executor}\n`),
      new RegExp(`\nbase +owner +ok +${owner}\n`),
      new RegExp(`\nbase +operator +ok +${operator}\n`),
      new RegExp(`\nbase +key +ok +${operator}\n`),
      /\nbase +balance +ok +1 ETH\n/,
    ])
      expect(run.stdout).toMatch(row)
    expect(server.methods.filter((name) => /send|sign/i.test(name))).toEqual([])
  })

  it('behavior: --json', async () => {
    const { exitCode, isHealthy, findings } = await examine({})
    expect([exitCode, isHealthy]).toEqual([0, true])
    expect(findings.filter(({ state }) => state === 'fault')).toEqual([])
  })

  it('a chain that is only watched needs no executor and no key', async () => {
    const report = await examine({ executor: undefined, key: undefined })
    expect(report.exitCode).toBe(0)
    expect(found(report, 'key')).toEqual(['ok'])
    expect(found(report, 'executor')).toEqual([])
  })

  it('a database of ours opens', async () => {
    const file = path('ours.sqlite')
    const { openSqliteStore } = await import(
      '../../src/adapters/stores/index.ts'
    )
    await (await openSqliteStore(file)).close()
    const report = await examine({}, `database = "${file}"`)
    expect(report.exitCode).toBe(0)
    expect(detail(report, 'database')).toContain('opens')
  })

  it.each<[string, (file: string) => unknown, RegExp]>([
    ['an empty one', (file) => writeFileSync(file, ''), /empty and will be/],
    ['an old one', (file) => writeOldStore(file).close(), /version 1 up to \d/],
    [
      'one of a running bot',
      (file) => openStores.push(writeOldStore(file)),
      /version 1 up/,
    ],
  ])(
    'a database stays as it is, byte for byte: %s',
    async (name, make, told) => {
      const folder = path(name)
      mkdirSync(folder)
      const file = join(folder, 'apex.sqlite')
      make(file)
      const before = filesIn(folder)
      const report = await examine({}, `database = "${file}"`)
      expect(report.exitCode).toBe(0)
      expect(detail(report, 'database')).toMatch(told)
      expect(filesIn(folder)).toEqual(before)
    },
  )

  it('a keystore with its password; without it is a warning', async () => {
    const file = path('operator.json')
    const scrypt = { N: 2, r: 8, p: 1 }
    const account = { address: operator, privateKey: key }
    const json = await encryptKeystoreJson(account, password, { scrypt })
    writeFileSync(file, json, { mode: 0o600 })
    const proven = await examine({
      key: `keystore:${file}`,
      password: 'env:TEST_PASSWORD',
    })
    expect(found(proven, 'key')).toEqual(['ok'])
    const unproven = await examine({ key: `keystore:${file}` })
    expect(unproven.exitCode).toBe(0)
    expect(found(unproven, 'key')).toEqual(['warning'])
    vi.stubEnv('TEST_PASSWORD', 'another')
    const wrong = await examine({
      key: `keystore:${file}`,
      password: 'env:TEST_PASSWORD',
    })
    expect(wrong.exitCode).toBe(1)
    expect(found(wrong, 'key')).toEqual(['fault'])
  })
})

describe('faults', () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['no node', { rpc: [] }, 'rpc', /no node: set chains\.base\.rpc/],
    [
      'nobody listens',
      { rpc: ['http://127.0.0.1:9/x'] },
      'rpc[0]',
      /cannot be reached/,
    ],
    [
      'a reference to nothing',
      { rpc: ['env:NOT_SET'] },
      'rpc',
      /NOT_SET is not set/,
    ],
    [
      'a reference to no URL',
      { rpc: ['env:TEST_KEY'] },
      'rpc',
      /chains\.base\.rpc\[0\]: what it refers to is no URL/,
    ],
    [
      'no executor there',
      { executor: stranger },
      'executor',
      /no code at .*apex deploy/,
    ],
    ['another contract', { executor: dex!.address }, 'executor', /owner\(\)/],
    ['no key', { key: 'env:NOT_SET' }, 'key', /NOT_SET is not set/],
    [
      'no key in it',
      { key: 'env:TEST_PASSWORD' },
      'key',
      /holds no private key/,
    ],
    [
      'no relay key',
      { relayKey: 'file:/nowhere' },
      'relay key',
      /there is no key file/,
    ],
    [
      'a stranger to the executor',
      { key: 'env:OTHER_KEY' },
      'operator',
      /may not trade: .*addOperator/,
    ],
    [
      'a named DEX without code',
      { dexes: [dex!.name, otherDex!.name] },
      'dexes',
      /no code at 0x\w+ \(/,
    ],
    [
      'a named lender without code',
      { lenders: ['morpho'] },
      'lenders',
      /no code at 0x\w+ \(morpho\)/,
    ],
    [
      'nobody at the WebSocket',
      { webSocket: ['ws://127.0.0.1:9/x'] },
      'webSocket[0]',
      /does not open/,
    ],
  ])('%s', async (_, changes, check, told) => {
    const report = await examine(changes)
    expect([report.exitCode, report.isHealthy]).toEqual([1, false])
    const faults = report.findings.filter(({ state }) => state === 'fault')
    expect(faults.map((fault) => fault.check)).toEqual([check])
    expect(faults[0]!.detail).toMatch(told)
  })

  it('a node of another chain', async () => {
    server.intercept = async (method, _, ask) =>
      method === 'eth_chainId' ? '0xa' : ask()
    const report = await examine({})
    expect(report.exitCode).toBe(1)
    expect(faultOf(report, 'rpc[0]')).toContain('of chain 10, expected was')
  })

  it('a node that refuses', async () => {
    server.intercept = async (method) => {
      throw new RpcError('daily limit reached', { method })
    }
    const report = await examine({})
    expect(faultOf(report, 'rpc[0]')).toContain('daily limit reached')
  })

  it('one of two nodes: the other one serves, exit 1 all the same', async () => {
    const report = await examine({
      rpc: ['http://127.0.0.1:9/', 'env:TEST_RPC'],
    })
    expect(report.exitCode).toBe(1)
    expect(found(report, 'rpc[0]')).toEqual(['fault'])
    expect(found(report, 'rpc[1]')).toEqual(['ok'])
    expect(found(report, 'executor')).toEqual(['ok'])
  })

  it.each([
    [3600, /3\d\d\d s in the future: this machine's clock is late/],
    [-3600, /3\d\d\d s old: the node lags/],
  ])('a clock that is %i s off', async (seconds, told) => {
    server.intercept = async (method, _, ask) => {
      const answer = await ask()
      if (method !== 'eth_getBlockByNumber') return answer
      const block = answer as { timestamp: string }
      const timestamp = Number(block.timestamp) + seconds
      return { ...block, timestamp: `0x${timestamp.toString(16)}` }
    }
    const report = await examine({})
    expect(report.exitCode).toBe(1)
    expect(faultOf(report, 'clock[0]')).toMatch(told)
  })

  it('an account without coins; with too few is a warning', async () => {
    await chain.setBalance(operator, 0n)
    const empty = await examine({})
    expect(faultOf(empty, 'balance')).toContain('nothing to pay gas with')
    await chain.setBalance(operator, 10n ** 15n)
    const low = await examine({})
    expect([low.exitCode, found(low, 'balance')]).toEqual([0, ['warning']])
    await chain.setBalance(operator, 10n ** 18n)
  })

  it('a paused executor', async () => {
    await fromOwner('pause()')
    const report = await examine({})
    await fromOwner('unpause()')
    expect(faultOf(report, 'executor')).toMatch(/is paused/)
    expect((await examine({})).exitCode).toBe(0)
  })

  it('the owner as the account that sends is a warning', async () => {
    const report = await examine({ key: 'env:OWNER_KEY' })
    expect(found(report, 'owner')).toEqual(['warning'])
  })

  it('unverified exchanges without code are warned of, verified ones are faults', async () => {
    const report = await examine({ dexes: undefined })
    const missing = report.findings.filter(
      ({ check, state }) => check === 'dexes' && state !== 'ok',
    )
    expect(missing).toHaveLength(
      dexes.filter(
        ({ address }) =>
          address !== dex!.address && address !== lender!.address,
      ).length,
    )
    for (const { state, detail } of missing) {
      const { verified } = dexes.find(({ address }) =>
        detail.includes(address),
      )!
      expect(state).toBe(verified ? 'fault' : 'warning')
    }
  })

  it.each([
    [
      'foreign.sqlite',
      (file: string) => writeFileSync(file, 'no database'.repeat(99)),
      /no SQLite database/,
    ],
    ['folder', (file: string) => mkdirSync(file), /cannot be used as a store/],
    ['none/x.sqlite', () => {}, /nothing can be written to/],
  ] as const)('the database %s', async (name, make, told) => {
    const file = path(name)
    make(file)
    const report = await examine({}, `database = "${file}"`)
    expect(report.exitCode).toBe(1)
    expect(faultOf(report, 'database')).toMatch(told)
  })

  it('a market file that is not written yet is a warning: apex snapshot comes next', async () => {
    const report = await examine({ market: '/nowhere.jsonl' })
    expect([report.exitCode, report.isHealthy]).toEqual([0, true])
    const finding = report.findings.find(({ check }) => check === 'market')
    expect(finding).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/apex snapshot --chain base writes it/),
    })
  })

  it('a kill switch is a warning', async () => {
    const file = path('stop')
    writeFileSync(file, '')
    const report = await examine({}, `killSwitch = "${file}"`)
    expect([report.exitCode, found(report, 'kill switch')]).toEqual([
      0,
      ['warning'],
    ])
  })

  it('no chain at all', async () => {
    const file = path('empty.toml')
    writeFileSync(file, '')
    const run = await runCli(['doctor', '--config', file])
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/\n1 fault\n$/)
  })

  it('an older Node.js, and nothing else: machine code for a newer one may end it', async () => {
    const versions = { ...process.versions, node: '20.20.2' }
    const older = Object.create(process, { versions: { value: versions } })
    vi.stubGlobal('process', older)
    try {
      const report = await examine({})
      expect(report.exitCode).toBe(1)
      expect(report.findings).toEqual([checkNode('20.20.2', '>=22.18')])
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('an older Node.js, a missing part', async () => {
    expect(checkNode('22.17.9', '>=22.18').state).toBe('fault')
    expect(checkNode('22.18.0', '>=22.18').state).toBe('ok')
    expect(checkNode('24.1.0', '>=22.18').state).toBe('ok')
    const part = { name: 'apex-no-such-part', purpose: 'is missing' }
    expect((await checkPart({ ...part, isNeeded: true })).state).toBe('fault')
    expect((await checkPart({ ...part, isNeeded: false })).state).toBe(
      'warning',
    )
  })
})

describe('trading', () => {
  it.each([
    ['base', '', 'key: no account is named', []],
    ['polygon', '', 'key: no account is named', ['relays: everybody']],
    ['polygon', 'key = "env:TEST_KEY"', 'relays: everybody would see', []],
    [
      'ethereum',
      'key = "env:TEST_KEY"\nrelays = []',
      'relays: everybody would see',
      [],
    ],
  ])(
    'what the bot refuses on %s is a fault, in its words: %j',
    async (name, lines, told, before) => {
      const file = path('trading.toml')
      const market = path('trading.jsonl')
      writeFileSync(market, '')
      const section = `rpc = ["env:TEST_RPC"]\nmarket = "${market}"\nexecutor = "${executor}"\n${lines}`
      writeFileSync(file, `[chains.${name}]\n${section}`)
      const refused = await runCli(['bot', '--live', '--config', file])
      expect([refused.exitCode, refused.stdout]).toEqual([2, ''])
      const run = await runCli(['doctor', '--config', file, '--json'])
      runs.push(run)
      const { isHealthy, findings } = JSON.parse(run.stdout) as Report
      expect(isHealthy).toBe(false)
      const faults = findings.filter(({ check }) => check === 'trading')
      expect(faults.every(({ state }) => state === 'fault')).toBe(true)
      expect(refused.stderr).toBe(`apex: ${faults[0]!.detail}\n`)
      for (const [i, words] of [...before, told].entries())
        expect(faults[i]!.detail).toContain(`chains.${name}.${words}`)
      expect(faults).toHaveLength(before.length + 1)
    },
  )

  it('two sections of one chain are warned of: the bot takes one', async () => {
    const file = path('twins.toml')
    writeFileSync(file, '[chains.base]\n[chains.twin]\nchainId = 8453')
    const run = await runCli(['doctor', '--config', file, '--json'])
    runs.push(run)
    const { findings } = JSON.parse(run.stdout) as Report
    expect(findings.filter(({ check }) => check === 'chain')).toMatchObject(
      [
        { about: 'base', state: 'warning', detail: /twin.*--chain base/ },
        { about: 'twin', state: 'warning', detail: /base.*--chain twin/ },
      ].map((one) => ({ ...one, detail: expect.stringMatching(one.detail) })),
    )
  })
})

describe('relays', () => {
  it.each([
    ['', 'ok', 'flashbots-protect, mev-blocker'],
    ['relays = []', 'warning', 'none: others see what waits and outbid it'],
    ['relays = ["flashbots"]', 'fault', 'flashbots wants signed requests'],
    ['relays = ["flashbots"]\nrelayKey = "env:OTHER_KEY"', 'ok', 'flashbots'],
  ])('on Ethereum: %j is %s', async (lines, state, told) => {
    const [finding, ...others] = await relayFindings('ethereum', lines)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ state })
    expect(finding!.detail).toContain(told)
  })

  it('where one sequencer orders none is needed', async () => {
    expect(await relayFindings('optimism', '')).toMatchObject([{ state: 'ok' }])
  })

  it('sending in public beside them is a warning', async () => {
    const findings = await relayFindings('ethereum', 'allowsPublic = true')
    expect(findings.map(({ state }) => state)).toEqual(['ok', 'warning'])
  })

  it('error: a relay that is not known', async () => {
    const file = path('relay.toml')
    writeFileSync(file, '[chains.ethereum]\nrelays = ["eden"]')
    const run = await runCli(['doctor', '--config', file])
    expect([run.exitCode, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toContain('chains.ethereum.relays[0]: none of that name')
  })
})

describe('secrets', () => {
  it('none was in any output of the runs above', () => {
    expect(runs.length).toBeGreaterThan(30)
    expect(leaked(runs, allSecrets)).toEqual([])
  })

  it('nor where a node repeats its URL', async () => {
    server.intercept = async (method) => {
      throw new RpcError(`no access by ${urlKey} at ${url()}`, { method })
    }
    const run = await doctor({}, '')
    expect(run.stdout).toContain('no access by …')
    expect(leaked(run, allSecrets)).toEqual([])
  })

  it('control: the key is in the URL that is asked', () => {
    expect(leaked(url(), allSecrets)).toEqual([urlKey])
  })
})

/** A store of the first version, open. */
function writeOldStore(file: string): Database.Database {
  const store = new Database(file)
  store.pragma('journal_mode = WAL')
  store.exec(migrations[0]!)
  store.pragma(`application_id = ${applicationId}`)
  store.pragma('user_version = 1')
  return store
}

/** Except SQLite's own index of who reads what. */
function filesIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(folder, name), 'hex')]),
  )
}

function url(): string {
  return `http://127.0.0.1:${server.port}/v3/${urlKey}`
}

/** What is said of relays; there is no node. */
async function relayFindings(
  chain: string,
  lines: string,
): Promise<readonly Finding[]> {
  const file = path('relays.toml')
  const toml = `[chains.${chain}]\nkey = "env:TEST_KEY"\n${lines}`
  writeFileSync(file, toml)
  const run = await runCli(['doctor', '--config', file, '--json'])
  runs.push(run)
  const { findings } = JSON.parse(run.stdout) as Report
  return findings.filter(({ check }) => /^relays$|allowsPublic/.test(check))
}

async function doctor(
  changes: Readonly<Record<string, unknown>>,
  shared: string,
  ...flags: readonly string[]
): Promise<CliRun> {
  const section = {
    rpc: ['env:TEST_RPC'],
    executor,
    key: 'env:TEST_KEY',
    dexes: [dex!.name],
    lenders: [lender!.name],
    ...changes,
  }
  const lines = Object.entries(section)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  const own = shared.includes('database')
    ? shared
    : `database = "${path('new.sqlite')}"\n${shared}`
  const file = path('apex.toml')
  writeFileSync(file, `${own}\n[chains.base]\n${lines.join('\n')}\n`)
  const run = await runCli(['doctor', '--config', file, ...flags])
  runs.push(run)
  return run
}

async function examine(
  changes: Readonly<Record<string, unknown>>,
  shared = '',
): Promise<Report> {
  const { exitCode, stdout, stderr } = await doctor(changes, shared, '--json')
  expect(stderr).toBe('')
  return { exitCode, ...JSON.parse(stdout) }
}

function found(report: Report, check: string): readonly string[] {
  return report.findings
    .filter((finding) => finding.check === check)
    .map(({ state }) => state)
}

function detail(report: Report, check: string): string {
  return report.findings.find((finding) => finding.check === check)!.detail
}

function faultOf(report: Report, check: string): string {
  expect(report.exitCode).toBe(1)
  expect(found(report, check)).toContain('fault')
  return detail(report, check)
}

async function fromOwner(signature: string): Promise<void> {
  const data = keccakText(signature).slice(0, 10)
  const transaction = { from: owner, to: executor, data }
  await chain.request('eth_sendTransaction', [transaction])
}
