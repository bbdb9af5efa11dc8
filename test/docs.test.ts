import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Miss } from '../src/adapters/relays/landing.ts'
import { missInWords } from '../src/adapters/relays/missInWords.ts'
import { errorCodes } from '../src/core/errors.ts'
import type { SkipReason } from '../src/programs/bot/skipReason.ts'
import { packageFolder } from './support/builtPackage.ts'
import { runCli } from './support/runCli.ts'

const guides = ['README.md', 'docs/DEPLOYMENT.md', 'docs/TROUBLESHOOTING.md']
const troubles = read('docs/TROUBLESHOOTING.md')

describe.each(guides)('%s', (file) => {
  it('names commands that exist, with flags that they have', async () => {
    const commands = commandsIn(read(file))
    expect(commands.length).toBeGreaterThan(5)
    const faults = await Promise.all(commands.map(faultOf))
    expect(faults.filter((fault) => fault !== undefined)).toEqual([])
  })

  it('names error codes that exist', () => {
    const codes = [...read(file).matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)]
      .map(([, code]) => code!)
      .filter((code) => !notCodes.has(code))
    for (const code of codes) expect(errorCodes).toHaveProperty(code)
  })
})

describe('commands in a text', () => {
  it.each([
    ['`apex bot resmue`', 'bot resmue'],
    ['`apex fly`', 'fly'],
    ['```sh\nas_apex apex bot --liv\n```', '--liv'],
    ['```console\n$ apex scan --markt x\n```', '--markt'],
  ])('control: %j is found out', async (text, fault) => {
    const faults = await Promise.all(commandsIn(text).map(faultOf))
    expect(faults.join()).toContain(fault)
  })

  it('control: what exists is not', async () => {
    const commands = commandsIn('`apex bot pause --why x` and `apex chains`')
    expect(commands).toHaveLength(2)
    expect(await Promise.all(commands.map(faultOf))).toEqual([
      undefined,
      undefined,
    ])
  })
})

describe('docs/TROUBLESHOOTING.md', () => {
  it('explains every reason why nothing was sent, and no other', () => {
    const explained = rowsUnder('## The bot runs and sends nothing')
    expect(explained.sort()).toEqual(Object.keys(skipReasons).sort())
  })

  it('explains every reason why what was sent earned nothing, and no other', () => {
    const explained = rowsUnder('## It was sent and earned nothing')
    const given = Object.values(misses).map(missInWords)
    expect(explained).toHaveLength(given.length)
    for (const words of given)
      expect(
        explained.filter((reason) => words.startsWith(reason)),
        words,
      ).toHaveLength(1)
  })

  it('quotes messages that the code has', () => {
    const quoted = [
      'there is no such file',
      'it names no key of the configuration',
      'the environment variable',
      'cannot be read',
      'another bot trades on the ledger',
      'everybody would see what is sent through the node',
      'none of that name is known on chain',
      'is wrong',
      'is open to others: its mode is',
      'expected was chain',
      'there is no contract at',
      'which tells what data costs on L1: feeModel is wrong for this chain',
      'cannot be used as a store',
      'it is no SQLite database',
      'it is of version',
      'there is no database',
      'exists already',
      'not installed: ',
      'is older than',
      'the chain cannot be followed from the market',
      'it could have been mined and was not',
    ]
    const folders = ['adapters', 'cli', 'core', 'programs', 'services']
    const places = folders.flatMap((folder) =>
      globSync(`src/${folder}/**/*.ts`, { cwd: packageFolder }),
    )
    const code = places.map(read).join('\n')
    for (const text of [troubles, code])
      expect(quoted.filter((message) => !text.includes(message))).toEqual([])
  })
})

it('docs/DEPLOYMENT.md names files that exist', () => {
  const named = read('docs/DEPLOYMENT.md').matchAll(
    /(?:(?<![\w/])|apex-arbitrage\/)(deploy\/(?!apex-arb)[\w.*-]+)/g,
  )
  const files = [...named].map(([, file]) => file!)
  expect(files.length).toBeGreaterThan(4)
  for (const file of files)
    expect(globSync(file, { cwd: packageFolder }), file).not.toEqual([])
})

it('docs/DEPLOYMENT.md runs commands with the PATH that the units have', () => {
  const paths = [
    'docs/DEPLOYMENT.md',
    'deploy/apex.service',
    'deploy/apex-backup.service',
  ].map(
    (file) => /^(?:Environment=| {2}export )PATH=(\S+)$/m.exec(read(file))?.[1],
  )
  expect(paths[0]).toContain('/usr/local/bin:')
  expect(new Set(paths).size).toBe(1)
})

it('CONTRIBUTING.md names every variable that tests and benches read, and files that exist', () => {
  const text = read('CONTRIBUTING.md')
  const readers = globSync(
    ['test/**/*.ts', 'bench/*.ts', 'bench/support/*.ts'],
    {
      cwd: packageFolder,
    },
  )
  const variables = readers.flatMap((file) =>
    [
      ...read(file).matchAll(
        /\{ (APEX_[A-Z_]+)(?: = '\d+')? \} = process\.env/g,
      ),
    ].map(([, name]) => name!),
  )
  expect(variables).toContain('APEX_SOAK_SHARE')
  expect(
    [...new Set(variables)].filter(
      (name) => name !== setByCoverage && !text.includes(name),
    ),
  ).toEqual([])
  const files = [
    ...text.matchAll(
      /(?:npx vitest run|`)(?: |)((?:test|src|bench)\/[\w./ -]+)`/g,
    ),
  ].flatMap(([, paths]) => paths!.split(' '))
  expect(files.length).toBeGreaterThan(20)
  expect(
    files.filter(
      (file) => globSync(`${file}*`, { cwd: packageFolder }).length === 0,
    ),
  ).toEqual([])
})

it('bench/README.md tells what each bench asks', () => {
  const told = [...read('bench/README.md').matchAll(/^\| `([\w-]+)` /gm)]
  const benches = globSync('*.bench.ts', { cwd: join(packageFolder, 'bench') })
  expect(told.map(([, name]) => `${name}.bench.ts`).sort()).toEqual(
    benches.sort(),
  )
})

/** Of `npm run coverage:contracts`, for its own tests. */
const setByCoverage = 'APEX_COVERAGE'

/** The compiler holds that none is missing and none is too many. */
const skipReasons: Readonly<
  Record<
    | Exclude<SkipReason, `simulation reverted: ${string}`>
    | 'simulation reverted',
    true
  >
> = {
  'only watched': true,
  reorg: true,
  stopping: true,
  'shares-pool': true,
  'node-fault': true,
  'unknown-head': true,
  refused: true,
  'simulation reverted': true,
  unprofitable: true,
  'no-lender': true,
  untradable: true,
  'no-price': true,
  'fee-cap': true,
  breaker: true,
  'stale-head': true,
  'stale-state': true,
  'blocked-token': true,
  'blocked-pool': true,
  'max-input': true,
  'max-input-worth': true,
  'max-gas-cost': true,
  'min-net-profit': true,
  'in-flight': true,
  'route-cool-down': true,
  'rate-limit': true,
  'daily-loss': true,
}

const mined = { by: '0x5e11', blockNumber: 7, isMined: true } as const

/** Of each kind one; what landed or is still open missed nothing. */
const misses: {
  readonly [Kind in Exclude<Miss['kind'], 'landed' | 'open'>]: Miss & {
    readonly kind: Kind
  }
} = {
  outbid: { kind: 'outbid', ...mined },
  stale: { kind: 'stale', ...mined },
  reverted: { kind: 'reverted', blockNumber: 7 },
  'too-late': { kind: 'too-late' },
  'fee-too-low': { kind: 'fee-too-low', baseFee: 9n },
  replaced: { kind: 'replaced' },
  unknown: { kind: 'unknown' },
}

/** What a section's table explains, by the code at the head of its rows. */
function rowsUnder(heading: string): string[] {
  const from = troubles.indexOf(heading)
  expect(from, heading).toBeGreaterThanOrEqual(0)
  const section = troubles.slice(from + heading.length).split('\n## ')[0]!
  return [...section.matchAll(/^\| `([a-z][a-z -]*?)(?:: …)?` /gm)].map(
    ([, reason]) => reason!,
  )
}

/** Names in capitals that are no codes. */
const notCodes = new Set(['NAME', 'FILE', 'WETH', 'NO_COLOR', 'PATH'])

type Command = {
  readonly words: readonly string[]
  readonly flags: readonly string[]
}

/** The calls of apex in a text's blocks of shell and in its inline code. */
function commandsIn(text: string): readonly Command[] {
  const blocks = [
    ...text.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```$/gm),
  ].flatMap(([, body]) => body!.replaceAll('\\\n', ' ').split('\n'))
  const inline = [...text.matchAll(/`(apex [a-z][^`]*)`/g)].map(
    ([, code]) => code!,
  )
  return [...blocks, ...inline].flatMap((line) => {
    const [code = ''] = line.split(/ # |\s#\s/)
    return [...code.matchAll(/(?:^|[\s'"])apex((?: [a-z]+)*)((?: [^|&;>]*)?)/g)]
      .filter(([, words]) => words)
      .map(([, words, rest]) => ({
        words: words!.trim().split(' ').filter(Boolean),
        flags: [...rest!.matchAll(/(?:^|\s)(--[a-z][a-z0-9-]*)/g)].map(
          ([, flag]) => flag!,
        ),
      }))
  })
}

/** What is wrong with a command, by its help; undefined where nothing is. */
async function faultOf({ words, flags }: Command): Promise<string | undefined> {
  const help = await helpOf(words)
  if (help === undefined) return `apex ${words.join(' ')} does not exist`
  const unknown = flags.filter((flag) => !help.includes(`${flag} `))
  return unknown.length > 0
    ? `apex ${words.join(' ')} has no ${unknown.join(', ')}`
    : undefined
}

/** The help of the longest command that the words begin with; words behind a command without commands are its arguments. */
async function helpOf(words: readonly string[]): Promise<string | undefined> {
  let help = (await runCli(['--help'])).stdout
  const path: string[] = []
  for (const word of words) {
    if (!help.includes('\nCommands:\n')) return help
    if (
      !new RegExp(`^ +${word}[ |]`, 'm').test(help.split('\nCommands:\n')[1]!)
    )
      return undefined
    path.push(word)
    help = (await runCli([...path, '--help'])).stdout
  }
  return help
}

function read(file: string): string {
  return readFileSync(join(packageFolder, file), 'utf8')
}
