import { existsSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chainNamed } from '../../src/adapters/chains/index.ts'
import { createEmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import { RpcError } from '../../src/core/rpcError.ts'
import { readMarketFile } from '../../src/market/marketFile.ts'
import { createKnownChain, type KnownChain } from '../support/knownChain.ts'
import { newFolder } from '../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../support/rpcServer.ts'
import { runCli } from '../support/runCli.ts'

type Served = KnownChain & {
  readonly name: string
  readonly server: RpcServer
  readonly file: string
}

/** Those that can be read: bsc's node is of another chain. */
const names = ['ethereum', 'polygon', 'arbitrum', 'optimism', 'base']
const inFolder = newFolder()
const config = inFolder('apex.toml')
let chains: readonly Served[]

beforeAll(async () => {
  chains = await Promise.all(
    names.map(async (name) => {
      const { chainId } = chainNamed(name)
      const chain = await createEmbeddedChain({ automine: false, chainId })
      const known = await createKnownChain(name, chain, ['one', 'two'])
      const server = await serveRpc(chain)
      return { name, server, file: inFolder(`${name}.jsonl`), ...known }
    }),
  )
  const sections = chains.map(
    ({ name, server, file, world, dex }) => `[chains.${name}]
rpc = ["http://127.0.0.1:${server.port}/SECRETKEY"]
market = "${file}"
wrappedNative = "${world.wrappedNative}"
dexes = ["${dex.name}"]
`,
  )
  writeFileSync(
    config,
    `database = "${inFolder('apex.sqlite')}"
killSwitch = "${inFolder('apex.stop')}"
${sections.join('')}[chains.bsc]
rpc = ["http://127.0.0.1:${chains[0]!.server.port}/SECRETKEY"]
market = "${inFolder('bsc.jsonl')}"
`,
  )
}, 60_000)
afterAll(() => {
  for (const { server } of chains ?? []) server.close()
})

const args = ['snapshot', '--config', config, '--no-token-checks']

/** Stands before every node. */
function intercept(
  meet: (name: string, method: string, ask: () => Promise<unknown>) => unknown,
): void {
  for (const { name, server } of chains)
    server.intercept = async (method, _, ask) => await meet(name, method, ask)
}

describe('apex snapshot of several chains', () => {
  it('reads four at once; one that fails is told at the end and stops no other', async () => {
    const asking = new Map<string, number>()
    let most = 0
    let open = (): void => {}
    const four = new Promise<void>((done) => {
      open = done
    })
    intercept(async (name, _, ask) => {
      asking.set(name, (asking.get(name) ?? 0) + 1)
      const now = [...asking.values()].filter((count) => count > 0).length
      most = Math.max(most, now)
      if (now === 4) open()
      // One chain after the other would wait here for good.
      await four
      try {
        return await ask()
      } finally {
        asking.set(name, asking.get(name)! - 1)
      }
    })
    const filesAtPrint: number[] = []
    const run = await runCli([...args, '--json'], {
      onStdout: () =>
        filesAtPrint.push(chains.filter(({ file }) => existsSync(file)).length),
    })
    expect(run.exitCode).toBe(1)
    expect(most).toBe(4)
    expect(run.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^bsc: apex: .*chain/),
    ])
    expect(run.stdout + run.stderr).not.toContain('SECRET')
    // Each is told of when its file is there, not when all are.
    expect(filesAtPrint[0]).toBeLessThan(chains.length)
    expect(filesAtPrint).toHaveLength(chains.length)
    for (const { file, world } of chains) {
      const market = await readMarketFile(file)
      const truth = await world.readMarket()
      expect([market.chainId, market.blockHash, market.pools.length]).toEqual([
        truth.chainId,
        truth.blockHash,
        2,
      ])
      expect(existsSync(`${file}.progress`)).toBe(false)
    }
  }, 30_000)

  it('each goes on by itself where it was interrupted', async () => {
    let blocks = 0
    intercept((name, method, ask) => {
      // The last question of a reading: whether its block is there still.
      const isBlock = name === 'base' && method === 'eth_getBlockByNumber'
      if (isBlock && ++blocks > 1) throw new RpcError('no more', { method })
      return ask()
    })
    const good = names.flatMap((name) => ['--chain', name])
    const broken = await runCli([...args, ...good, '--json'])
    expect(broken.exitCode).toBe(1)
    expect(broken.stderr).toMatch(/^base: apex: /)
    expect(broken.stdout.trim().split('\n')).toHaveLength(4)
    const base = chains.at(-1)!
    expect(existsSync(`${base.file}.progress`)).toBe(true)
    const before = await base.world.readMarket()
    await base.world.chain.mine()
    intercept((_, __, ask) => ask())
    const mended = await runCli([...args, '--chain', 'base', '--json'])
    expect(JSON.parse(mended.stdout)).toMatchObject({
      blockNumber: before.blockNumber,
      pools: 2,
    })
  }, 60_000)

  it('shows a line of progress for each, one under the other, and takes them away', async () => {
    intercept(async (_, __, ask) => {
      await new Promise((done) => setTimeout(done, 60))
      return await ask()
    })
    const two = ['--chain', 'ethereum', '--chain', 'base']
    const { stderr, exitCode } = await runCli([...args, ...two], {
      stderrColumns: 60,
    })
    expect(exitCode).toBe(0)
    const screens = stderr.split('\r\u001b[K')
    const lines = screens.map((screen) =>
      screen.replaceAll('\u001b[1A\u001b[K', '').split('\n'),
    )
    for (const line of lines.flat()) expect(line.length).toBeLessThan(60)
    expect(
      lines.some(([first, second]) =>
        Boolean(
          first?.startsWith('ethereum: ') && second?.startsWith('base: '),
        ),
      ),
    ).toBe(true)
    expect(shownLast(stderr)).toEqual([''])
  }, 30_000)
})

/** What a terminal shows after all this was written. */
function shownLast(text: string): string[] {
  const rows = ['']
  let row = 0
  const [up, clear] = ['\v', '\f']
  const written = text.replaceAll('\u001b[1A', up).replaceAll('\u001b[K', clear)
  for (const letter of written)
    if (letter === '\n') rows[++row] ??= ''
    else if (letter === up) row -= 1
    else if (letter === clear) rows[row] = ''
    else if (letter !== '\r') rows[row] += letter
  while (rows.length > 1 && rows.at(-1) === '') rows.pop()
  return rows
}
