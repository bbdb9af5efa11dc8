import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chainNamed } from '../../src/adapters/chains/index.ts'
import { readMarketFile } from '../../src/market/marketFile.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { type Anvil, startAnvil } from '../support/anvil.ts'
import { createKnownChain } from '../support/knownChain.ts'
import { newFolder } from '../support/newFolder.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { setTraps, tokenNamed } from '../support/traps.ts'

const { chainId } = chainNamed('ethereum')
const inFolder = newFolder()
let anvil: Anvil
let world: World

beforeAll(async () => {
  anvil = await startAnvil(chainId)
  ;({ world } = await createKnownChain('ethereum', anvil, [
    'one',
    'two',
    'trap',
  ]))
  await setTraps(world, new Map([['trap', 'NoSell']]))
}, 60_000)
afterAll(() => anvil?.stop())

/** Writes apex.toml; returns its path and that of the market file it names. */
function configure(more = '', rpcPort = anvil.port): [string, string] {
  const config = inFolder('apex.toml')
  const market = inFolder('ethereum.jsonl')
  writeFileSync(
    config,
    `database = "${inFolder('apex.sqlite')}"
killSwitch = "${inFolder('apex.stop')}"
[chains.ethereum]
rpc = ["http://127.0.0.1:${rpcPort}/?key=SECRETSECRET"]
market = "${market}"
wrappedNative = "${world.wrappedNative}"
dexes = ["uniswap-v2"]
lenders = []
relays = []
blockTimeMs = 50
${more}`,
  )
  return [config, market]
}

/** Runs the bot, which sends nothing, until it has told of a block. */
async function dryRun(config: string): Promise<CliRun> {
  let isOver = false
  const run = runCli(['bot', '--config', config, '--json'], {
    onStdout: (text) => {
      isOver ||= text.includes('"block"')
    },
  })
  void run.finally(() => {
    isOver = true
  })
  for (let i = 0; i < 100 && !isOver; i++) {
    await wait(250)
    await anvil.mine()
  }
  process.emit('SIGTERM')
  return await run
}

describe('apex.toml alone', () => {
  it('default: doctor, snapshot, verify and bot, one after another, without more flags', async () => {
    const [config, file] = configure()
    const runs: CliRun[] = []
    const apex = async (...args: string[]): Promise<CliRun> => {
      const run = await runCli([...args, '--config', config])
      runs.push(run)
      expect([run.exitCode, run.stderr]).toEqual([0, ''])
      return run
    }
    const before = await apex('doctor')
    expect(before.stdout).toMatch(/ethereum +market +warning/)

    const taken = await apex('snapshot')
    expect(taken.stdout).toContain(`2 pools and 3 tokens of chain ${chainId}`)
    expect(taken.stdout).toMatch(/token +1 +the token cannot be sold\n/)
    expect(taken.stdout).toMatch(/uniswap-v2 +1 +a token of it is kept out\n/)
    const market = await readMarketFile(file)
    expect(market.wrappedNative?.address).toBe(world.wrappedNative)
    expect(market.pools.map(({ address }) => address).toSorted()).toEqual(
      world.market.pools
        .filter(
          ({ tokens }) => !tokens.includes(tokenNamed(world.market, 'trap')),
        )
        .map(({ address }) => address)
        .toSorted(),
    )

    expect((await apex('snapshot', '--verify')).stdout).toMatch(
      /2 of 2 pools equal/,
    )
    const after = await apex('doctor')
    expect(after.stdout).toMatch(/ethereum +market +ok/)
    const traded = await dryRun(config)
    runs.push(traded)
    expect(traded.exitCode, traded.stderr).toBe(0)
    const summary = JSON.parse(traded.stdout.trim().split('\n').at(-1)!)
    expect(summary.chains[0].blocks).toBeGreaterThan(0)
    for (const { stdout, stderr } of runs)
      expect(stdout + stderr).not.toContain('SECRET')
  }, 60_000)

  it('behavior: --no-token-checks leaves them in; --dex, --out over the configuration', async () => {
    const [config] = configure('[chains.ethereum.risk]\n')
    const out = inFolder('other.jsonl')
    const run = await runCli([
      ...['snapshot', '--config', config, '--chain', 'ethereum'],
      ...['--no-token-checks', '--out', out, '--json'],
    ])
    expect(JSON.parse(run.stdout)).toMatchObject({
      file: out,
      pools: 3,
      leftOut: [],
      untried: [],
    })
  })

  it('behavior: --pools-limit takes the oldest', async () => {
    const [config] = configure()
    const out = inFolder('oldest.jsonl')
    const poolsOf = async (limit: string): Promise<number> => {
      const run = await runCli([
        ...['snapshot', '--config', config, '--no-token-checks', '--json'],
        ...['--out', out, '--pools-limit', limit],
      ])
      return JSON.parse(run.stdout).pools
    }
    expect([await poolsOf('2'), await poolsOf('all')]).toEqual([2, 3])
  })

  it('behavior: of several chains one that fails stops no other', async () => {
    const file = inFolder('base.jsonl')
    const [config, market] = configure(`[chains.base]
rpc = ["http://127.0.0.1:${anvil.port}/?key=SECRETSECRET"]
market = "${file}"
`)
    const run = await runCli([
      ...['snapshot', '--config', config, '--json', '--no-token-checks'],
      ...['--chain', 'base', '--chain', 'ethereum'],
    ])
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(/^base: apex: .*chain/)
    expect(run.stderr).not.toContain('SECRET')
    expect(JSON.parse(run.stdout)).toMatchObject({ file: market, pools: 3 })
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    [['--chain', 'arbitrum'], 'no chain arbitrum'],
    [['--set', 'chains.ethereum.market='], 'chains.ethereum.market'],
    [['--set', 'chains.ethereum.rpc='], 'chains.ethereum.rpc'],
    [['--out', 'a.jsonl', '--verify'], 'either --out'],
    [['--rpc', 'http://127.0.0.1:9', '--chain', 'moon'], 'moon'],
  ])('error: %j is the user’s mistake', async (args, told) => {
    const [config] = configure()
    const run = await runCli(['snapshot', '--config', config, ...args])
    expect([run.exitCode, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toContain(told)
    expect(run.stderr.trim().split('\n')).toHaveLength(1)
  })
})
