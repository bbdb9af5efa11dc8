import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import { readMarketFile } from '../../src/market/marketFile.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { newFolder } from '../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../support/rpcServer.ts'
import { runCli } from '../support/runCli.ts'
import { marketOfPools, setTraps } from '../support/traps.ts'
import { compareSwaps, worldOf } from '../support/world.ts'

const { APEX_KILLS = '3' } = process.env
const kills = Number(APEX_KILLS)
const cli = join(import.meta.dirname, '../../src/cli/index.ts')
const inFolder = newFolder()
let world: World
let server: RpcServer
let args: readonly string[]

beforeAll(async () => {
  world = await worldOf(
    marketOfPools(
      Array.from({ length: 12 }, (_, i) => ({
        dex: i % 2 === 0 ? 'uniswap-v2' : 'uniswap-v3',
        tokens: ['WETH', `token ${i >> 1}`],
      })),
    ),
  )
  await setTraps(world, new Map([['token 3', 'NoSell']]))
  server = await serveRpc(world.chain)
  args = [
    ...['snapshot', '--rpc', `http://127.0.0.1:${server.port}`],
    ...['--multicall3', world.multicall3],
    ...['--wrapped-native', world.wrappedNative],
    ...world.dexes.flatMap(({ name, protocol, address, feePips }) => [
      '--add-dex',
      [name, protocol, address, feePips].filter(Boolean).join(),
    ]),
  ]
})
afterAll(() => server.close())

/** Runs the command in a process of its own and kills it at its n-th request; whether it lived so long. */
async function killAt(request: number, file: string): Promise<boolean> {
  let isKilled = false
  const run = `import(${JSON.stringify(cli)}).then(({ main }) => main(['node', 'apex', ...process.argv.slice(1)]))`
  const child = spawn(process.execPath, ['-e', run, ...args, '--out', file], {
    stdio: 'ignore',
  })
  let asked = 0
  server.intercept = async (_method, _params, ask) => {
    asked += 1
    if (asked === request) {
      isKilled = true
      child.kill('SIGKILL')
    }
    return await ask()
  }
  await new Promise<void>((done) => child.once('exit', () => done()))
  server.intercept = undefined
  return isKilled
}

it(`goes on after each of ${kills} kills, at the block it began at, with the same result`, async () => {
  const random = createSeededRandom(17)
  let resumed = 0
  for (let i = 0; i < kills; i++) {
    const file = inFolder(`market-${i}.jsonl`)
    const truth = await world.readMarket()
    const wasKilled = await killAt(3 + Math.floor(random.next() * 60), file)
    const journal = `${file}.progress`
    const isBegun = wasKilled && existsSync(journal)
    // A market file is whole or not there.
    if (wasKilled && existsSync(file)) await readMarketFile(file)
    const lines = isBegun ? readFileSync(journal, 'utf8').split('\n') : []
    await compareSwaps(world, 1, random)
    const { stdout, exitCode, stderr } = await runCli([
      ...args,
      ...['--out', file, '--json'],
    ])
    expect(exitCode, stderr).toBe(0)
    const expected =
      isBegun && lines.length > 1 ? truth : await world.readMarket()
    const market = await readMarketFile(file)
    expect(market.blockNumber).toBe(expected.blockNumber)
    expect(market.pools).toHaveLength(10)
    for (const pool of market.pools)
      expect(pool).toEqual(expected.pool(pool.address))
    expect(
      JSON.parse(stdout).leftOut.filter((one: object) => !('pool' in one)),
    ).toEqual([expect.objectContaining({ reason: 'the token cannot be sold' })])
    expect(existsSync(journal)).toBe(false)
    if (lines.length > 2) resumed += 1
    rmSync(file)
  }
  expect(resumed).toBeGreaterThan(0)
}, 600_000)
