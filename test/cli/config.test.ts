import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chains } from '../../src/adapters/chains/index.ts'
import { newFolder } from '../support/newFolder.ts'
import { runCli } from '../support/runCli.ts'
import { leaked } from '../support/secrets.ts'

const path = newFolder()
const key = '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const inPath = 'pAtHkEy0123456789'
const inQuery = 'qUeRyKeY0123456789'
const inLogin = 'lOgInPaSsWoRd'
const botToken = '123456:AAbOtToKeN'
const secrets = [key, inPath, inQuery, inLogin, botToken]

beforeEach(() => {
  vi.stubEnv('BASE_RPC', `https://referred.example/${inPath}`)
  vi.stubEnv('BOT_TOKEN', botToken)
})
afterEach(() => vi.unstubAllEnvs())

describe('apex init', () => {
  it('default: writes a file of mode 600 that config show reads', async () => {
    const out = path('new.toml')
    const { exitCode, stdout } = await runCli(['init', '--out', out])
    expect([exitCode, stdout]).toEqual([0, `${out}\n`])
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const shown = await runCli(['config', 'show', '--config', out])
    expect([shown.exitCode, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toMatch(/\nchains\.base\.rpc +env:BASE_RPC\n/)
    expect(shown.stdout).toMatch(/\nchains\.base\.risk\.maxGasCost +0\.01\n/)
  })

  it('error: never overwrites', async () => {
    const out = path('mine.toml')
    writeFileSync(out, 'database = "mine"')
    const { exitCode, stderr } = await runCli(['init', '--out', out])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^apex: .*mine\.toml exists already \(.*\)\n$/)
    expect(readFileSync(out, 'utf8')).toBe('database = "mine"')
  })

  it('error: a folder that is not there', async () => {
    const { exitCode, stderr } = await runCli(['init', '--out', path('no/x')])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^apex: .*no such file or folder\n$/)
  })
})

describe('apex config show', () => {
  const toml = `[chains.base]
    rpc = ["env:BASE_RPC", "https://a.example/v3/${inPath}", "https://b.example/?k=${inQuery}", "http://u:${inLogin}@c.example"]
    key = "file:/keys/${key}"
    password = "env:BOT_TOKEN"`

  it('behavior: environment and --set are merged in', async () => {
    writeFileSync(path('a.toml'), toml)
    vi.stubEnv('APEX__CHAINS__BASE__RISK__MAX_INPUT', '2.5')
    vi.stubEnv('APEX__DATABASE', 'environment.sqlite')
    const args = ['config', 'show', '--config', path('a.toml')]
    const { stdout } = await runCli([...args, '--set', 'database=set.sqlite'])
    expect(stdout).toMatch(/\ndatabase +set\.sqlite\n/)
    expect(stdout).toMatch(/\nchains\.base\.risk\.maxInput +2\.5\n/)
    const json = JSON.parse((await runCli([...args, '--json'])).stdout)
    expect(json.database).toBe('environment.sqlite')
    expect(json.chains[0]).toMatchObject({
      name: 'base',
      chainId: 8453,
      rpc: [
        'env:BASE_RPC',
        'https://a.example/…',
        'https://b.example/…',
        'http://c.example/…',
      ],
      risk: { maxInput: '2500000000000000000' },
    })
  })

  it('default: each line is a setting, as --set takes it', async () => {
    writeFileSync(path('a.toml'), toml)
    const args = ['config', 'show', '--config', path('a.toml')]
    const { stdout } = await runCli(args)
    expect(stdout).toMatch(/\nchains\.base\.newPools\.leastTrade +0\.1\n/)
    const values = stdout.split('\n').slice(1, -1)
    for (const line of values) {
      const [key, value] = line.split(/ +/)
      if (!key || value === '-' || value === 'none') continue
      // Of what may be secret only a part is shown.
      if (/(rpc|key|password)$/.test(key)) continue
      const again = await runCli([...args, '--set', `${key}=${value}`])
      expect(again.stdout, line).toBe(stdout)
    }
  })

  it.each([[], ['--json']])('no secret is shown: %j', async (...flags) => {
    writeFileSync(path('b.toml'), toml)
    expect(leaked(toml, secrets)).toHaveLength(4)
    const run = await runCli([
      ...['config', 'show', '--config', path('b.toml')],
      ...flags,
    ])
    expect(run.exitCode).toBe(0)
    expect(leaked(run, secrets)).toEqual([])
  })

  it.each([
    [`database = "${key}`, /no TOML/],
    [`[chains.base]\nkey = "${key}"`, /chains\.base\.key: not a reference/],
    [`[chains.base]\nrpc = ["${inPath}"]`, /chains\.base\.rpc\[0\]: no http/],
  ])('error: one line, no secret: %s', async (text, told) => {
    writeFileSync(path('c.toml'), text)
    const run = await runCli(['config', 'show', '--config', path('c.toml')])
    expect([run.exitCode, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(told)
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(leaked(run, secrets)).toEqual([])
  })

  it('error: no file says how to get one', async () => {
    const args = ['config', 'show', '--config', path('none.toml')]
    const { exitCode, stderr } = await runCli(args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('none.toml: there is no such file (apex init')
  })

  it('error: a folder is no configuration', async () => {
    const args = ['config', 'show', '--config', path('.')]
    expect((await runCli(args)).exitCode).toBe(2)
  })
})

describe('apex chains', () => {
  it('default: a line for each', async () => {
    const { exitCode, stdout } = await runCli(['chains'])
    expect(exitCode).toBe(0)
    const lines = stdout.trimEnd().split('\n').slice(1)
    expect(lines).toHaveLength(chains.length)
    for (const [i, { name, chainId }] of chains.entries())
      expect(lines[i]).toMatch(new RegExp(`^${name} +${chainId} `))
    expect(lines[0]).toMatch(
      / 12 s {2}64 blocks {2}16,777,216 {2}eip1559 +public /,
    )
  })

  it('behavior: --json', async () => {
    const { stdout } = await runCli(['chains', '--json'])
    const listed = JSON.parse(stdout)
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(
      chains.map(({ name }) => name),
    )
    expect(listed[0].maxTransactionGas).toBe('16777216')
  })
})
