import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RpcError } from '../../src/core/rpcError.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import { createMarket } from '../../src/market/index.ts'
import { readMarketFile, writeMarketFile } from '../../src/market/marketFile.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { newFolder } from '../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../support/rpcServer.ts'
import { runCli } from '../support/runCli.ts'
import { compareSwaps, worldOf } from '../support/world.ts'

const inFolder = newFolder()
let world: World
let server: RpcServer
let args: readonly string[]

beforeAll(async () => {
  world = await worldOf(
    generateMarket({
      pools: 6,
      tokens: 4,
      seed: 3,
      families: { constantProduct: 1 },
    }),
  )
  server = await serveRpc(world.chain)
  args = [
    'snapshot',
    '--rpc',
    `http://127.0.0.1:${server.port}/v3/secretkey123`,
    '--multicall3',
    world.multicall3,
    ...world.dexes.flatMap(({ name, protocol, address, feePips }) => [
      '--add-dex',
      [name, protocol, address, feePips].join(),
    ]),
  ]
})
afterAll(() => server.close())

describe('apex snapshot', () => {
  it('default: writes what the contracts tell, and verifies it', async () => {
    const file = inFolder('market.jsonl.gz')
    const written = await runCli([...args, '--out', file, '--json'])
    expect(written.exitCode, written.stderr).toBe(0)
    const truth = await world.readMarket()
    const market = await readMarketFile(file)
    expect(market.blockHash).toBe(truth.blockHash)
    expect(market.pools.length).toBe(truth.pools.length)
    for (const pool of truth.pools)
      expect(market.pool(pool.address)).toEqual(pool)
    expect(JSON.parse(written.stdout)).toMatchObject({
      pools: truth.pools.length,
      leftOut: [],
    })
    expect(existsSync(`${file}.progress`)).toBe(false)

    const same = await runCli([...args, '--verify', file])
    expect(same.exitCode).toBe(0)
    expect(same.stdout).toContain(
      `${truth.pools.length} of ${truth.pools.length} pools equal`,
    )

    const [moved] = await compareSwaps(world, 1, createSeededRandom(2))
    const later = await runCli([...args, '--verify', file, '--block', 'latest'])
    expect(later.exitCode).toBe(1)
    expect(later.stdout).toContain(moved!.pool.address)
    expect(later.stdout).toContain('reserves')
    expect(written.stdout + later.stdout + later.stderr).not.toContain(
      'secretkey123',
    )
  })

  it('behavior: --verify tells field by field what a file has wrong, and that its block was replaced', async () => {
    const truth = await world.readMarket()
    const file = inFolder('wrong.jsonl')
    const [wrong] = truth.pools
    if (wrong?.family !== 'constantProduct') throw new Error('no pair')
    const [reserve0, reserve1] = wrong.reserves
    await writeMarketFile(
      file,
      createMarket({
        chainId: truth.chainId,
        blockNumber: truth.blockNumber,
        blockHash: `0x${'ab'.repeat(32)}`,
        tokens: truth.tokens,
        pools: truth.pools.map((pool) =>
          pool === wrong
            ? { ...wrong, reserves: [reserve0 + 1n, reserve1] }
            : pool,
        ),
      }),
    )
    const run = await runCli([...args, '--verify', file])
    expect([run.exitCode, run.stderr]).toEqual([1, ''])
    const lines = run.stdout.trim().split('\n')
    expect(lines).toEqual([
      `${wrong.dex} ${wrong.address}: reserves ["${reserve0 + 1n}","${reserve1}"] in the file, ["${reserve0}","${reserve1}"] on the chain`,
      `block ${truth.blockNumber} was replaced: the chain's has hash ${truth.blockHash}`,
      expect.stringMatching(/: 5 of 6 pools equal at block \d+$/),
    ])
    const { stdout } = await runCli([...args, '--verify', file, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      compared: 6,
      replacedBy: truth.blockHash,
      differences: [{ pool: wrong.address, fields: [{ name: 'reserves' }] }],
    })
  })

  it('behavior: on a terminal it tells how far it is, and leaves nothing of it', async () => {
    // Longer than work may take in silence, then longer than a line stays.
    const waits = new Map([
      ['eth_chainId', 510],
      ['eth_call', 110],
    ])
    server.intercept = async (method, _, ask) => {
      await new Promise((done) => setTimeout(done, waits.get(method) ?? 0))
      return await ask()
    }
    const out = inFolder('shown.jsonl')
    const run = await runCli([...args, '--out', out, '--no-token-checks'], {
      stderrColumns: 90,
    })
    server.intercept = undefined
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toMatch(/reading pools \[#+\.*\] \d+ of \d+ /)
    expect(run.stderr.endsWith('\r\u001b[K')).toBe(true)
    const piped = await runCli([...args, '--out', out])
    expect(piped.stderr).toBe('')
  })

  it('behavior: a DEX that cannot be read is left out and told; exit code 1', async () => {
    const [dex, ...others] = world.dexes
    server.intercept = async (method, [filter], ask) => {
      const { address } = (filter ?? {}) as { readonly address?: string }
      if (method === 'eth_getLogs' && address === dex!.address)
        throw new RpcError('this contract is not served', { method })
      return await ask()
    }
    const out = inFolder('lacking.jsonl')
    const run = await runCli([...args, '--discovery', 'logs', '--out', out])
    server.intercept = undefined
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^${dex!.name} of chain 31337 is left out: .*not served`),
      ),
    ])
    const { pools } = await readMarketFile(out)
    expect(new Set(pools.map((pool) => pool.dex))).toEqual(
      new Set(others.map(({ name }) => name)),
    )
    expect(run.stdout).toMatch(new RegExp(`${dex!.name} +1 +its DEX cannot be`))
  })

  it('behavior: begins anew where the node has lost the state that was read so far', async () => {
    const out = inFolder('pruned.jsonl')
    const isState = (method: string) =>
      method === 'eth_call' || method === 'eth_getCode'
    let blocks = 0
    server.intercept = async (method, _, ask) => {
      // The last question of a reading: whether its block is there still.
      if (method === 'eth_getBlockByNumber' && ++blocks > 1)
        throw new RpcError('no more', { method })
      return await ask()
    }
    const broken = await runCli([...args, '--out', out])
    expect(broken.exitCode).toBe(1)
    const { blockNumber } = await world.readMarket()
    await world.chain.mine()
    server.intercept = async (method, params, ask) => {
      if (isState(method) && Number(params[1]) === blockNumber)
        throw new RpcError('missing trie node', { method })
      return await ask()
    }
    const run = await runCli([...args, '--out', out])
    server.intercept = undefined
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `pruned.jsonl.progress: what was read at block ${blockNumber} is of no use, the node does not have its state any more.*: begun anew at block ${blockNumber + 1}\n$`,
        ),
      ),
    ])
    const market = await readMarketFile(out)
    expect(market.blockNumber).toBe(blockNumber + 1)
    expect(existsSync(`${out}.progress`)).toBe(false)
  }, 60_000)

  it.each([
    [['--out', 'a.jsonl', '--verify', 'a.jsonl'], 'either --out'],
    [['--out', 'a.jsonl', '--dex', 'nonesuch'], 'nonesuch'],
    [['--out', 'a.jsonl', '--add-dex', 'x'], '--add-dex'],
  ])('error: %j is the user’s mistake', async (more, text) => {
    const run = await runCli([...args, ...more])
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain(text)
  })
})
