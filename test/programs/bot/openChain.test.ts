import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chainNamed } from '../../../src/adapters/chains/index.ts'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../src/adapters/evm/embeddedChain.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import { openChain } from '../../../src/programs/bot/openChain.ts'
import type { ChainBotOptions } from '../../../src/programs/bot/options.ts'
import { readConfig } from '../../../src/programs/readConfig.ts'
import { newFolder } from '../../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../../support/rpcServer.ts'

const place = newFolder()
const { chainId, wrappedNative } = chainNamed('base')
let chain: EmbeddedChain
let server: RpcServer
beforeAll(async () => {
  chain = await createEmbeddedChain({
    chainId,
    genesisTimestamp: 1_700_000_000,
    blockTime: 1,
    accounts: [],
  })
  server = await serveRpc(chain)
})
afterAll(() => server.close())

it.each([
  ['', [wrappedNative!.address]],
  ['baseTokens = ["WETH", "USDC"]', ['WETH', 'USDC']],
])(
  'cycles begin with the wrapped native coin unless told: %j',
  async (line, baseTokens) => {
    const { scan } = await open(line)
    expect(scan).toEqual({ maxHops: 3, baseTokens })
  },
)

it.each([
  ['', false],
  ['[chains.base.newPools]\nwithNewTokens = true', true],
])('new tokens join only where they are tried out: %j', async (line, joins) => {
  const { growth } = await open(line)
  expect([growth?.joinsNewTokens, growth?.tryTokens !== undefined]).toEqual([
    joins,
    joins,
  ])
})

/** Opens the chain of a configuration with these lines. */
async function open(lines: string): Promise<ChainBotOptions> {
  const file = place('apex.toml')
  const market = place('market.jsonl')
  writeFileSync(market, '')
  writeFileSync(
    file,
    `[chains.base]\nrpc = ["http://127.0.0.1:${server.port}"]\nmarket = "${market}"\n${lines}`,
  )
  const { chains } = await readConfig({ file })
  return await openChain(chains[0]!, {
    store: createMemoryStore(),
    killSwitch: async () => undefined,
    isLive: false,
  })
}
