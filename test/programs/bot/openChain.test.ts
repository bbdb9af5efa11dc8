import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chainNamed } from '../../../src/adapters/chains/index.ts'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../src/adapters/evm/embeddedChain.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import { openChain } from '../../../src/programs/bot/openChain.ts'
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
    const file = place('apex.toml')
    const market = place('market.jsonl')
    writeFileSync(market, '')
    writeFileSync(
      file,
      `[chains.base]\nrpc = ["http://127.0.0.1:${server.port}"]\nmarket = "${market}"\n${line}`,
    )
    const { chains } = await readConfig({ file })
    const { scan } = await openChain(chains[0]!, {
      store: createMemoryStore(),
      killSwitch: async () => undefined,
      isLive: false,
    })
    expect(scan).toEqual({ maxHops: 3, baseTokens })
  },
)
