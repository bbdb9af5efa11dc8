import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { Wallet } from 'ethers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Stdin } from '../../src/cli/io.ts'
import { newFolder } from '../support/newFolder.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { leaked } from '../support/secrets.ts'

const key = '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba'
const address = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc'
/** Account 5 of it is the one above. */
const mnemonic = `${'test '.repeat(11)}junk`
const password = 'a PaSsWoRd, long'
const secrets = [key.slice(2), key.slice(2, 60), mnemonic.slice(10), password]

const path = newFolder()
const runs: CliRun[] = []
beforeEach(() => {
  vi.stubEnv('APEX_TEST_KEY', key)
  vi.stubEnv('APEX_TEST_WORDS', mnemonic)
  vi.stubEnv('APEX_TEST_PASSWORD', password)
})
afterEach(() => vi.unstubAllEnvs())

describe('key new', () => {
  it('default: asks twice, writes a keystore of mode 600, prints its address', async () => {
    const out = path('new.json')
    const terminal = new Terminal()
    const run = cli(['key', 'new', '--out', out], terminal)
    await terminal.asks('password for the keystore: ')
    expect(terminal.isRaw).toBe(true)
    terminal.press(`${password}\r`)
    await terminal.asks('the same again: ')
    terminal.press(password)
    terminal.press('\r')
    const { exitCode, stdout, stderr } = await run
    expect(exitCode).toBe(0)
    expect(terminal.isRaw).toBe(false)
    expect(stderr).toMatch(/encrypting: 0 %/)
    const made = /^address {3}(0x\w{40})\nkeystore {2}(.*)\n$/.exec(stdout)!
    expect(made[2]).toBe(out)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const wallet = await Wallet.fromEncryptedJson(
      readFileSync(out, 'utf8'),
      password,
    )
    expect(wallet.address).toBe(made[1])
    expect(leaked({ stdout, stderr }, [wallet.privateKey.slice(2)])).toEqual([])
  })

  it('behavior: --json, with a password file whose line end is no part of it', async () => {
    const out = path('json.json')
    const file = secretFile('password', `${password}\n`)
    const args = ['key', 'new', '--out', out, '--password-file', file]
    const { exitCode, stdout, stderr } = await cli([...args, '--json'])
    expect([exitCode, stderr]).toEqual([0, ''])
    const made = JSON.parse(stdout)
    expect(made).toEqual({ address: expect.any(String), keystore: out })
    const proof = ['key', 'address', `keystore:${out}`, '--json']
    const proved = await cli([...proof, '--password', 'env:APEX_TEST_PASSWORD'])
    expect(JSON.parse(proved.stdout)).toEqual({
      address: made.address,
      key: `keystore:${out}`,
      verified: true,
    })
    const { stdout: unproved } = await cli(proof)
    expect(JSON.parse(unproved)).toMatchObject({ verified: false })
    const wrong = secretFile('wrong', 'wRoNg')
    const refused = await cli([...proof, '--password-file', wrong])
    expect(refused).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `apex: the password of keystore ${out} is wrong\n`,
    })
  })

  it('error: a file that exists is refused before anybody is asked', async () => {
    const out = secretFile('mine', 'mine')
    const { exitCode, stderr } = await cli(
      ['key', 'new', '--out', out],
      new Terminal(),
    )
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^apex: .*mine exists already \([^\n]*\)\n$/)
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })

  it('error: a file that appears meanwhile is left as it is', async () => {
    const out = path('race')
    const terminal = new Terminal()
    const run = cli(['key', 'new', '--out', out], terminal)
    await terminal.asks('password for the keystore: ')
    writeFileSync(out, 'mine')
    terminal.press(`${password}\r${password}\r`)
    const { exitCode, stdout } = await run
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })

  it.each([
    ['two that differ', 'abc\rabd\r', 'the two passwords differ'],
    ['an empty one', '\r\r', 'the password is empty'],
    ['Ctrl-C', 'abc\u0003', 'interrupted'],
    ['Ctrl-C at the second', 'abc\rab\u0003', 'interrupted'],
    ['Ctrl-D', '\u0004', 'interrupted'],
  ])(
    'error: %s: the terminal is as before, nothing is written',
    async (_, keys, text) => {
      const out = path('never.json')
      const terminal = new Terminal()
      const run = cli(['key', 'new', '--out', out], terminal)
      await terminal.asks('password for the keystore: ')
      expect(terminal.isRaw).toBe(true)
      terminal.press(keys)
      const { exitCode, stdout, stderr } = await run
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr.split('\n').at(-2)).toBe(`apex: ${text}`)
      expect(terminal.isRaw).toBe(false)
      expect(terminal.listenerCount('data')).toBe(0)
      expect(existsSync(out)).toBe(false)
    },
  )

  it('error: a terminal that goes away', async () => {
    const terminal = new Terminal()
    const run = cli(['key', 'new', '--out', path('never.json')], terminal)
    await terminal.asks('password for the keystore: ')
    terminal.end()
    expect((await run).exitCode).toBe(2)
    expect(terminal.isRaw).toBe(false)
  })

  it.each([
    ['no terminal', [], /no terminal to ask .*--password-file PATH/],
    ['a password itself', ['--password', password], /not a reference to a pas/],
    [
      'an unset variable',
      ['--password', 'env:APEX_TEST_NONE'],
      /NONE is not set/,
    ],
    ['an empty file', ['--password-file', 'EMPTY'], /password is empty/],
    ['a file open to others', ['--password-file', 'OPEN'], /mode is 644/],
    ['no file', ['--password-file', 'NONE'], /there is no password file/],
    [
      'two of them',
      ['--password-file', 'OPEN', '--password', 'env:X'],
      /either --password-file or --password/,
    ],
  ])('error: %s', async (_, args, text) => {
    secretFile('EMPTY', '\n')
    chmodSync(secretFile('OPEN', password), 0o644)
    const out = path('never.json')
    const { exitCode, stdout, stderr } = await cli([
      ...['key', 'new', '--out', out],
      ...args.map((arg) => (/^[A-Z]+$/.test(arg) ? path(arg) : arg)),
    ])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^apex: [^\n]+\n$/)
    expect(stderr).toMatch(text)
    expect(existsSync(out)).toBe(false)
  })

  it('error: a folder others may write', async () => {
    const { exitCode, stderr } = await cli([
      ...['key', 'new', '--out', path('absent/k.json')],
      ...['--password', 'env:APEX_TEST_PASSWORD'],
    ])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/there is no folder [^\n]*absent \(make it first/)
  })
})

describe('key import', () => {
  it('default: asks for the key, then twice for the password; editing keys work', async () => {
    const out = path('typed.json')
    const terminal = new Terminal()
    const run = cli(['key', 'import', '--out', out], terminal)
    await terminal.asks('private key: ')
    terminal.press(`oops\u0015${key}00\u007f\b\u001b[D\n`.slice(0, -1))
    terminal.press('\n')
    await terminal.asks('password for the keystore: ')
    for (const piece of [...Buffer.from(`p\u00e4s\u{1f511}x\b\r`)])
      terminal.write(Buffer.from([piece]))
    await terminal.asks('the same again: ')
    terminal.press('p\u00e4s\u{1f511}\u0007\r')
    const { exitCode, stdout } = await run
    expect([exitCode, stdout]).toEqual([
      0,
      `address   ${address}\nkeystore  ${out}\n`,
    ])
    const json = readFileSync(out, 'utf8')
    const wallet = await Wallet.fromEncryptedJson(json, 'p\u00e4s\u{1f511}')
    expect(wallet.privateKey).toBe(key)
  })

  it('behavior: from a pipe', async () => {
    await imports(
      [],
      Readable.from([`${key.slice(2, 20)}`, `${key.slice(20)}\n`]),
    )
  })

  it('behavior: from a mnemonic behind a reference', async () => {
    await imports([
      '--from',
      'env:APEX_TEST_WORDS',
      '--mnemonic',
      '--index',
      '5',
    ])
  })

  it.each([
    ['a malformed key', [], `${key}0`, /not a private key/],
    ['a mnemonic as key', [], mnemonic, /several words \(a mnemonic\?\)/],
    ['a key as mnemonic', ['--mnemonic'], key, /not a mnemonic/],
    ['a wrong word', ['--mnemonic'], `${mnemonic}s`, /not a mnemonic/],
    ['nothing', [], '\n', /stdin holds no private key/],
    ['too much', [], key.repeat(100), /too long/],
    ['a key in place of its reference', ['--from', key], '', /not a reference/],
    ['a key too many', [key], '', /too many arguments/],
    ['a mnemonic too many', mnemonic.split(' '), '', /too many arguments/],
    ['a key as option', [`--from=${key}`], '', /not a reference/],
    ['a key as index', ['--index', key], '', /--index is no whole number/],
    ['a key as option’s name', [`--${key}`], '', /unknown option/],
    [
      'a malformed key behind a reference',
      ['--from', 'env:APEX_TEST_WORDS'],
      '',
      /not a private key/,
    ],
  ])(
    'error: %s: one line that does not repeat it',
    async (_, args, stdin, text) => {
      const out = path('never.json')
      const { exitCode, stdout, stderr } = await cli(
        [
          ...['key', 'import', '--out', out, ...args],
          ...['--password', 'env:APEX_TEST_PASSWORD'],
        ],
        Readable.from([stdin]),
      )
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^apex: [^\n]+\n$/)
      expect(stderr).toMatch(text)
      expect(existsSync(out)).toBe(false)
    },
  )

  async function imports(
    args: readonly string[],
    stdin?: Stdin,
  ): Promise<void> {
    const out = path(`import${runs.length}.json`)
    const run = await cli(
      [
        ...['key', 'import', '--out', out, ...args, '--json'],
        ...['--password', 'env:APEX_TEST_PASSWORD'],
      ],
      stdin,
    )
    expect(run.exitCode).toBe(0)
    expect(JSON.parse(run.stdout)).toEqual({ address, keystore: out })
    expect(leaked(readFileSync(out, 'utf8'), secrets)).toEqual([])
  }
})

describe('key address', () => {
  it.each(['env:APEX_TEST_KEY', 'file:KEY'])(
    'default: %s',
    async (reference) => {
      const place = reference.replace('KEY', secretFile('KEY', key))
      const from = reference.startsWith('file') ? place : reference
      expect(await cli(['key', 'address', from])).toEqual({
        exitCode: 0,
        stdout: `${address}\n`,
        stderr: '',
      })
    },
  )

  it('error: a keystore open to others', async () => {
    const file = secretFile('loose.json', '{}')
    chmodSync(file, 0o640)
    const { exitCode, stderr } = await cli([
      'key',
      'address',
      `keystore:${file}`,
    ])
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      `apex: keystore ${file} is open to others: its mode is 640 (chmod 600 it)\n`,
    )
  })

  it.each([
    [[], "missing required argument 'reference'"],
    [[key], 'not a reference to a key'],
    [[`${key}0`], 'not a reference to a key'],
    [['env:'], 'not a reference to a key'],
    [['env:APEX_TEST_NONE'], 'APEX_TEST_NONE is not set'],
    [[`env:${key}`], 'variable … is not set'],
    [['env:APEX_TEST_WORDS'], 'env:APEX_TEST_WORDS holds no private key'],
    [['file:/'], '/ is no file'],
    [[`keystore:/${key}`], 'there is no keystore /…'],
  ])('error: %j', async (args, text) => {
    const { exitCode, stdout, stderr } = await cli(['key', 'address', ...args])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^apex: [^\n]+\n$/)
    expect(stderr).toContain(text)
  })

  it('error: a key as a command', async () => {
    for (const args of [['key', key], [key]])
      expect((await cli(args)).stderr).toMatch(/unknown command '…'/)
  })
})

describe('a real terminal', () => {
  // util-linux's `script` opens one.
  const hasScript = existsSync('/usr/bin/script')
  it.skipIf(!hasScript)(
    'Ctrl-C at the prompt: echo is on again and nothing was echoed',
    async () => {
      const cliModule = new URL('../../src/cli/index.ts', import.meta.url)
      const program = `import('${cliModule}').then(async ({ main }) => { process.exitCode = await main(process.argv) })`
      const out = path('terminal.json')
      const node = `'${process.execPath}' -e "${program}" apex key new --out '${out}'`
      const inside = `stty -a; ${node}; echo "exit $?"; stty -a`
      const child = spawn('/usr/bin/script', ['-qec', inside, '/dev/null'])
      let text = ''
      child.stdout.on('data', (piece) => {
        const hadAsked = text.includes('password for the keystore: ')
        text += piece
        if (!hadAsked && text.includes('password for the keystore: '))
          child.stdin.write('tYpEd\u0003')
      })
      await new Promise((done) => child.on('close', done))
      const echoes = text.match(/[ -]echo\b/g)
      expect(echoes).toEqual([' echo', ' echo'])
      expect(text).toContain('apex: interrupted')
      expect(text).toContain('exit 2')
      expect(text).not.toContain('tYpEd')
      const states = text.match(/speed[\s\S]*?extproc/g)
      expect(states).toHaveLength(2)
      expect(states![1]).toBe(states![0])
      expect(existsSync(out)).toBe(false)
    },
  )
})

describe('secrets', () => {
  it('none was printed in any run above', () => {
    expect(runs.length).toBeGreaterThan(45)
    expect(leaked(runs, secrets)).toEqual([])
  })
  it('control: one that is printed is found', () => {
    const run = { stdout: `${key} ${mnemonic} ${password}` }
    expect(leaked([...runs, run], secrets)).toEqual(secrets)
  })
})

/** A stream that behaves as a terminal's: raw or not, keys as they are pressed. */
class Terminal extends PassThrough {
  readonly isTTY = true
  isRaw = false
  #shown = ''
  #isLeft = false
  #waiting: (() => void) | undefined

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }

  press(keys: string): void {
    this.write(keys)
  }

  show(text: string): void {
    this.#shown += text
    this.#waiting?.()
  }

  /** Nothing more is shown. */
  leave(): void {
    this.#isLeft = true
    this.#waiting?.()
  }

  async asks(question: string): Promise<void> {
    while (!this.#shown.includes(question)) {
      if (this.#isLeft) throw new Error(`only shown: ${this.#shown}`)
      await new Promise<void>((done) => {
        this.#waiting = done
      })
    }
  }
}

function secretFile(name: string, text: string): string {
  writeFileSync(path(name), text, { mode: 0o600 })
  chmodSync(path(name), 0o600)
  return path(name)
}

async function cli(args: readonly string[], stdin?: Stdin): Promise<CliRun> {
  const isTerminal = stdin instanceof Terminal
  const run = await runCli(args, {
    ...(stdin && { stdin }),
    ...(isTerminal && {
      stderrColumns: 80,
      onStderr: (text) => stdin.show(text),
    }),
  })
  if (isTerminal) stdin.leave()
  runs.push(run)
  return run
}
