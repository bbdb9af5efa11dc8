import {
  createHeadFeed,
  createRpcPool,
} from '../../src/adapters/feeds/rpc/index.ts'
import { createSigner } from '../../src/adapters/keys/index.ts'
import { createMemoryStore } from '../../src/adapters/stores/index.ts'
import type { ExecutionStore } from '../../src/market/executionStore.ts'
import type { Market } from '../../src/market/market.ts'
import type { RiskStore } from '../../src/market/risk.ts'
import type { ChainBotOptions } from '../../src/programs/bot/options.ts'
import { createNodePost } from '../../src/programs/nodePost.ts'
import {
  createRisk,
  type RiskLimits,
} from '../../src/services/risk/createRisk.ts'
import { type BotStage, botKey } from './botStage.ts'

/** What is other than by default. */
export type BotOverrides = Partial<Omit<ChainBotOptions, 'store'>> & {
  readonly store?: ExecutionStore & RiskStore
  /** Hears of the market that the bot moves, in place of `openMarket`. */
  readonly onMarket?: (market: Market) => void
  /** Of the risk that is made where none is given. */
  readonly limits?: RiskLimits
}

/** A live bot on a stage's node, over HTTP and WebSocket, its ledger in memory; whatever is given replaces that. */
export async function botOptionsOn(
  { anvil, world, executor }: Pick<BotStage, 'anvil' | 'world' | 'executor'>,
  { limits = {}, onMarket, ...overrides }: BotOverrides = {},
): Promise<ChainBotOptions> {
  const { chainId, port } = anvil
  const place = `127.0.0.1:${port}`
  const {
    rpc = createRpcPool({
      urls: [new URL(`http://${place}`)],
      chainId,
      post: createNodePost(),
    }),
    store = createMemoryStore(),
    ledger = `chain-${chainId}`,
  } = overrides
  return {
    name: `local-${chainId}`,
    chain: { chainId, blockTimeMs: 100, multicall: world.multicall3 },
    async openMarket() {
      const market = await world.readMarket()
      onMarket?.(market)
      return market
    },
    rpc,
    openHeads: () =>
      createHeadFeed({
        webSocketUrls: [new URL(`ws://${place}`)],
        rpc,
        chainId,
        blockTimeMs: 1000,
      }),
    dexes: world.dexes,
    execution: {
      executor,
      signer: await createSigner(botKey),
      lenders: world.lenders,
    },
    risk: await createRisk({
      // Blocks are made as fast as they can be: clock and chain part company.
      limits: { maxHeadAgeSeconds: 1_000_000, ...limits },
      store,
      ledger,
      clock: () => Math.floor(Date.now() / 1000),
    }),
    store,
    ledger,
    isLive: true,
    backoffMs: 20,
    stopMs: 2000,
    ...overrides,
  }
}
