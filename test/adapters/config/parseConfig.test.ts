import { describe, expect, it } from 'vitest'
import { chainNamed, chains } from '../../../src/adapters/chains/index.ts'
import {
  type Config,
  configTemplate,
  type KnownNames,
  parseConfig,
  showConfig,
} from '../../../src/adapters/config/index.ts'
import { ApexError } from '../../../src/core/errors.ts'
import { leaked } from '../../support/secrets.ts'

const known: KnownNames = {
  chains,
  dexes: (chainId) => (chainId === 8453 ? ['uniswap-v3', 'hydrex'] : []),
  lenders: (chainId) => (chainId === 8453 ? ['morpho'] : []),
}
const executor = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'

type Layers = {
  readonly environment?: Readonly<Record<string, string>>
  readonly settings?: readonly string[]
}

function read(toml: string, layers: Layers = {}): Config {
  return parseConfig({ toml, file: 'apex.toml', ...layers }, known)
}

/** The one line a mistake is told in. */
function mistake(toml: string, layers?: Layers): string {
  try {
    read(toml, layers)
  } catch (error) {
    if (!(error instanceof ApexError)) throw error
    expect(error.code).toBe('CONFIG_INVALID')
    const text = `${error.message} (${error.hint})`
    expect(text).not.toContain('\n')
    return text
  }
  throw new Error('there was no mistake')
}

describe('defaults', () => {
  it('default: nothing written is nothing configured', () => {
    expect(read('')).toEqual({
      database: 'apex.sqlite',
      killSwitch: 'apex.stop',
      chains: [],
    })
  })

  it('an empty section is a chain under cautious limits', () => {
    const [base] = read('[chains.base]').chains
    expect(base).toMatchObject({
      name: 'base',
      chain: chainNamed('base'),
      rpc: [],
      executor: undefined,
      dexes: undefined,
      maxHops: 3,
      allowsPublic: false,
      tip: { bps: 0 },
      risk: {
        maxInput: 10n ** 18n,
        maxGasCost: 10n ** 16n,
        minNetProfit: 10n ** 14n,
        dailyLoss: 5n * 10n ** 16n,
        maxFailuresInRow: 5,
        maxBlocksBehind: 1,
        blockedTokens: [],
      },
    })
  })

  it('the template shows each default as it is', () => {
    const written = read(configTemplate)
    const bare = read('[chains.base]\nrpc = ["env:BASE_RPC"]')
    expect(written).toEqual(bare)
  })

  it('the template with all its examples taken in is right too', () => {
    const taken = configTemplate
      .replaceAll(/^# (\w+ = .*|\[chains\..*)$/gm, '$1')
      .replace('0x…', executor)
      .replace('aerodrome-v2', 'hydrex')
      .replace(', "balancer-v2"', '')
    const { chains } = read(taken)
    expect(chains.map(({ name }) => name)).toEqual(['base', 'arbitrum'])
    expect(chains[0]).toMatchObject({
      executor,
      dexes: ['uniswap-v3', 'hydrex'],
    })
    expect(taken.split('\n').filter((line) => /^# \w+ = /.test(line))).toEqual(
      [],
    )
  })
})

describe('chains', () => {
  it('an unknown name takes what its id is known by', () => {
    const [fork] = read('[chains.fork]\nchainId = 8453').chains
    expect(fork).toMatchObject({ name: 'fork', chain: { name: 'base' } })
  })

  it('an unknown id is like a local chain, with what is said of it', () => {
    const [mine] = read(`[chains.mine]
      chainId = 4242
      wrappedNative = "${executor.toLowerCase()}"
      blockTimeMs = 500
      finalityBlocks = 7
      feeModel = "opStack"`).chains
    expect(mine!.chain).toMatchObject({
      name: 'local',
      chainId: 4242,
      wrappedNative: { address: executor, decimals: 18 },
      baseTokens: [{ address: executor }],
      blockTimeMs: 500,
      finalityBlocks: 7,
      feeModel: 'opStack',
    })
  })

  it.each([
    [
      '[chains.bass]',
      /^chains\.bass: no chain of that name .*needs its chainId/,
    ],
    [
      '[chains.base]\nchainId = 10',
      /^chains\.base\.chainId: base is chain 8453/,
    ],
    ['[chains.Base]', /^chains\.Base: no name of a chain/],
    [
      '[chains.base]\ndexes = ["hydrex", "nope"]',
      /^chains\.base\.dexes\[1\]: none .*known: uniswap-v3, hydrex/,
    ],
    ['[chains.base]\nlenders = ["nope"]', /^chains\.base\.lenders\[0\]: /],
  ])('error: %s', (toml, told) => {
    expect(mistake(toml)).toMatch(told)
  })
})

describe('layers', () => {
  const toml = `database = "file"
    [chains.base]
    rpc = ["https://file.example"]
    [chains.base.risk]
    maxInput = "1"
    maxFailuresInRow = 1`

  it('the environment overrides the file, a setting overrides both', () => {
    const environment = {
      APEX__DATABASE: 'environment',
      APEX__CHAINS__BASE__RISK__MAX_INPUT: '2',
      APEX__CHAINS__BASE__RISK__MAX_FAILURES_IN_ROW: '2',
      UNRELATED: 'x',
      APEX_KEY: 'y',
    }
    const settings = ['chains.base.risk.maxInput=3']
    const merged = read(toml, { environment, settings })
    expect(merged.database).toBe('environment')
    expect(merged.chains[0]!.rpc).toEqual(['https://file.example'])
    expect(merged.chains[0]!.risk).toMatchObject({
      maxInput: 3n * 10n ** 18n,
      maxFailuresInRow: 2,
    })
    expect(read(toml, { environment }).chains[0]!.risk.maxInput).toBe(
      2n * 10n ** 18n,
    )
    expect(read(toml).chains[0]!.risk.maxInput).toBe(10n ** 18n)
  })

  it('lists, booleans and whole chains come from outside too', () => {
    const { chains } = read('', {
      environment: {
        APEX__CHAINS__BASE__RPC: 'env:A, https://b.example/x',
        APEX__CHAINS__BASE__ALLOWS_PUBLIC: 'true',
        APEX__CHAINS__BASE__MAXHOPS: '4',
        APEX__CHAINS__BASE__RISK__BLOCKED_TOKENS: '',
      },
      settings: ['chains.base.tip.bps=100', 'chains.base.lenders=morpho'],
    })
    expect(chains).toHaveLength(1)
    expect(chains[0]).toMatchObject({
      rpc: ['env:A', 'https://b.example/x'],
      allowsPublic: true,
      maxHops: 4,
      lenders: ['morpho'],
      tip: { bps: 100 },
      risk: { blockedTokens: [] },
    })
  })

  it('the order of equal settings counts: the last wins', () => {
    const settings = ['database=a', 'database=b']
    expect(read('', { settings }).database).toBe('b')
  })

  it.each<[Layers, RegExp]>([
    [
      { environment: { APEX__CHAINS__BASE__RPCS: 'x' } },
      /^the environment variable APEX__CHAINS__BASE__RPCS: it names no key/,
    ],
    [{ environment: { APEX__CHAINS: 'x' } }, /it names no key/],
    [{ settings: ['database'] }, /^--set: it names no key/],
    [
      { settings: ['chains.base.risk=1'] },
      /^--set chains\.base\.risk: it names/,
    ],
    [{ settings: ['__proto__.x=1'] }, /it names no key/],
    [{ settings: ['chains.__proto__.rpc=1'] }, /no name of a chain/],
    [
      { environment: { APEX__CHAINS__BASE__RISK__MAX_INPUT: 'much' } },
      /^chains\.base\.risk\.maxInput: no amount .*it comes from the environment variable APEX__CHAINS__BASE__RISK__MAX_INPUT\)$/,
    ],
    [
      { settings: ['chains.base.tip.bps=ten'] },
      /^chains\.base\.tip\.bps: expected is a whole number \(it comes from --set chains\.base\.tip\.bps\)$/,
    ],
    [
      { settings: ['chains.base.rpc=env:A,nonsense'] },
      /^chains\.base\.rpc\[1\]: no http .*it comes from --set/,
    ],
  ])('error: %j', (layers, told) => {
    expect(mistake(toml, layers)).toMatch(told)
    expect({}).not.toHaveProperty('rpc')
  })
})

describe('malformed files', () => {
  it.each<[string, RegExp]>([
    ['database = ', /^apex\.toml:1:\d+: no TOML: /],
    ['a = 1\na = 2', /^apex\.toml:2:\d+: no TOML: /],
    ['database = "a"\n\n[chains', /^apex\.toml:3:\d+: no TOML: /],
    ['__proto__ = 1', /^apex\.toml.*: no TOML: /],
    [
      'databse = "a"',
      /^the configuration: there is no key databse \(known: database, killSwitch, chains\)$/,
    ],
    [
      'database = 3',
      /^database: expected is a text \(texts and amounts stand in quotes\)$/,
    ],
    ['database = ""', /^database: the path is empty/],
    ['chains = 3', /^chains: expected is a section/],
    ['[chains]\nbase = 3', /^chains\.base: expected is a section/],
    [
      '[chains.base]\nrpc = "env:A"',
      /^chains\.base\.rpc: expected is a list in brackets/,
    ],
    [
      '[chains.base]\nrpc = ["wss://a.example"]',
      /^chains\.base\.rpc\[0\]: no http or https URL \(nor a reference/,
    ],
    [
      '[chains.base]\nwebSocket = ["https://a.example"]',
      /^chains\.base\.webSocket\[0\]: no ws or wss URL/,
    ],
    ['[chains.base]\nrpc = ["env:1A"]', /^chains\.base\.rpc\[0\]: /],
    ['[chains.base]\nrpc = ["file:"]', /^chains\.base\.rpc\[0\]: /],
    [
      '[chains.base]\nmaxHops = 5',
      /^chains\.base\.maxHops: expected is 2, 3 or 4/,
    ],
    [
      '[chains.base]\nallowsPublic = "yes"',
      /^chains\.base\.allowsPublic: expected is true or false/,
    ],
    [
      '[chains.base]\nexecutor = "0x12"',
      /^chains\.base\.executor: not an address/,
    ],
    [
      `[chains.base]\nexecutor = "${executor.replace('F', 'f')}"`,
      /^chains\.base\.executor: not an address, or its checksum is wrong/,
    ],
    [
      '[chains.base]\nkey = "0x01"',
      /^chains\.base\.key: not a reference to a key/,
    ],
    [
      '[chains.base]\npassword = "keystore:a"',
      /^chains\.base\.password: not a reference to a password/,
    ],
    [
      '[chains.base]\nfeeModel = "free"',
      /^chains\.base\.feeModel: expected one of/,
    ],
    [
      '[chains.base.tip]\nbps = 10001',
      /^chains\.base\.tip\.bps: expected number to be <=10000/,
    ],
    [
      '[chains.base.tip]\nbps = 1.5',
      /^chains\.base\.tip\.bps: expected is a whole number/,
    ],
    [
      '[chains.base.risk]\nmaxInput = 0.5',
      /^chains\.base\.risk\.maxInput: expected is a text \(texts and amounts stand in quotes\)/,
    ],
    [
      '[chains.base.risk]\nmaxInput = "-1"',
      /^chains\.base\.risk\.maxInput: no amount/,
    ],
    [
      '[chains.base.risk]\nmaxInput = "1e3"',
      /^chains\.base\.risk\.maxInput: no amount/,
    ],
    [
      '[chains.base.risk]\nminNetProfit = "0.0000000000000000001"',
      /^chains\.base\.risk\.minNetProfit: no amount/,
    ],
    [
      '[chains.base.risk]\nblockedPools = ["0x12"]',
      /^chains\.base\.risk\.blockedPools\[0\]: neither/,
    ],
    [
      '[chains.base.risk]\nmaxBlocksBehind = 99999999999999999999',
      /^apex\.toml:2:\d+: no TOML: integer/,
    ],
  ])('error: %j', (toml, told) => {
    expect(mistake(toml)).toMatch(told)
  })

  it('an amount is exact to the wei', () => {
    const [base] = read(
      '[chains.base.risk]\nmaxInput = "1234567.000000000000000001"',
    ).chains
    expect(base!.risk.maxInput).toBe(1234567000000000000000001n)
  })
})

describe('secrets', () => {
  const key = '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
  const mnemonic = 'test test test test test test test test test test test junk'
  const inPath = 'pAtHkEy0123456789'
  const inQuery = 'qUeRyKeY0123456789'
  const inLogin = 'lOgInPaSsWoRd'
  const inHash = 'hAsHkEy0123456'
  const secrets = [key, mnemonic, inPath, inQuery, inLogin, inHash]

  const urls = [
    `https://a.example/v3/${inPath}`,
    `https://b.example?apikey=${inQuery}`,
    `https://name:${inLogin}@c.example`,
    `https://d.example/#${inHash}`,
  ]

  it('of a URL only scheme and host are shown', () => {
    const config = read(`[chains.base]
      rpc = ${JSON.stringify([...urls, 'https://bare.example', 'env:BASE_RPC'])}
      webSocket = ["wss://e.example/${inPath}"]
      key = "file:/keys/${key}"`)
    expect(leaked(config, secrets)).toEqual([
      key,
      inPath,
      inQuery,
      inLogin,
      inHash,
    ])
    const shown = showConfig(config)
    expect(leaked(shown, secrets)).toEqual([])
    expect(shown.chains[0]).toMatchObject({
      chainId: 8453,
      rpc: [
        'https://a.example/…',
        'https://b.example/…',
        'https://c.example/…',
        'https://d.example/…',
        'https://bare.example',
        'env:BASE_RPC',
      ],
      webSocket: ['wss://e.example/…'],
      key: 'file:/keys/…',
    })
  })

  const places = [
    (secret: string) => `database = ${secret}`,
    (secret: string) => `[chains.base]\nrpc = ["${secret}"]`,
    (secret: string) => `[chains.base]\nrpc = "${secret}"`,
    (secret: string) => `[chains.base]\nrpc = ["ftp://x/${secret}"]`,
    (secret: string) => `[chains.base]\nkey = "${secret}"`,
    (secret: string) => `[chains.base]\npassword = "${secret}"`,
    (secret: string) => `[chains.base]\nexecutor = "${secret}"`,
    (secret: string) => `[chains.base]\nfeeModel = "${secret}"`,
    (secret: string) => `[chains.base]\nmaxHops = "${secret}"`,
    (secret: string) => `[chains.base]\ndexes = ["${secret}"]`,
    (secret: string) => `[chains.base.risk]\nmaxInput = "${secret}"`,
    (secret: string) => `[chains.base.risk]\nblockedPools = ["x${secret}"]`,
    (secret: string) => `[chains.base]\nrpc = ["https://x/${secret}"`,
    (secret: string) => `key = "${secret}`,
  ]
  /** Where a word in plain letters is right, or is what the mistake is about. */
  const placesOfWords = [
    (secret: string) => `"${secret}" = 1`,
    (secret: string) => `[chains."${secret}"]`,
    (secret: string) => `[chains.base]\nrpc = ["env:${secret}"]`,
  ]
  it.each([
    ...placesOfWords.flatMap((place) => [place(`0x${key}`), place(mnemonic)]),
    ...places.flatMap((place) =>
      [`0x${key}`, key, mnemonic, inPath].map(place),
    ),
  ])('no mistake repeats a value: %s', (toml) => {
    let thrown: unknown
    try {
      read(toml)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ApexError)
    expect(leaked(thrown, secrets)).toEqual([])
  })

  it.each([`0x${key}`, mnemonic])('nor do settings: %s', (secret) => {
    for (const setting of [
      secret,
      `chains.base.key=${secret}`,
      `chains.base.risk.maxInput=${secret}`,
      `${secret}=1`,
    ]) {
      let thrown: unknown
      try {
        read('', { settings: [setting] })
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(ApexError)
      expect(leaked(thrown, secrets)).toEqual([])
    }
  })

  it('control: a message that repeats a value is noticed', () => {
    const error = new Error(`no URL: ${urls[0]}`)
    expect(leaked(error, secrets)).toEqual([inPath])
  })
})
