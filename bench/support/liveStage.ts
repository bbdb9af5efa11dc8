import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigner } from '../../src/adapters/keys/index.ts'
import { openSqliteStore } from '../../src/adapters/stores/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import type { Market } from '../../src/market/market.ts'
import type { Pool } from '../../src/market/pool.ts'
import type {
  ChainBlockReport,
  ChainBotOptions,
  ChainSummary,
} from '../../src/programs/bot/options.ts'
import { runChainBot } from '../../src/programs/bot/runChainBot.ts'
import { deployExecutor } from '../../src/programs/simulate/deployExecutor.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { approximateDepth } from '../../src/programs/simulate/drawSwaps.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { type Anvil, startAnvil } from '../../test/support/anvil.ts'
import { botOptionsOn } from '../../test/support/botOptions.ts'
import { widen } from './widen.ts'

const user: Hex = '0x0000000000000000000000000000000000005e11'
const owner: Hex = '0x00000000000000000000000000000000000a11ce'
const key = keccakText('operator of the bench')
const chainId = 31337
const seed = 42
/** Least and greatest share of a pool's depth that a user sells. */
const shares = [0.001, 0.006] as const

/** A node with genuine pools, an executor, and users who trade each block. */
export type LiveStage = {
  readonly anvil: Anvil
  readonly world: World
  readonly market: Market
  readonly executor: Hex
  /** Has a user trade in so many pools, each once. */
  tradeIn(pools: number): Promise<void>
}

/** Starts the node and deploys all. */
export async function createLiveStage(options: {
  readonly pools: number
  readonly tokens: number
}): Promise<LiveStage> {
  const anvil = await startAnvil(chainId)
  const world = await createWorld({
    chain: anvil,
    market: drawMarket({ ...options, seed }),
  })
  const { address: operator } = await createSigner(key)
  await anvil.setBalance(operator, 10n ** 24n)
  const { wrappedNative, market } = world
  const executor = await deployExecutor(anvil, {
    owner,
    operator,
    wrappedNative,
  })
  const random = createSeededRandom(7)
  const tradeIn = async (count: number): Promise<void> => {
    const pools = new Set<Pool>()
    while (pools.size < count)
      pools.add(market.pools[Math.floor(random.next() * market.pools.length)]!)
    for (const pool of pools) {
      const side = random.next() < 0.5 ? 0 : 1
      const share = shares[0] + random.next() * (shares[1] - shares[0])
      await world.swap({
        user,
        pool: pool.address,
        tokenIn: pool.tokens[side],
        amountIn: BigInt(Math.ceil(approximateDepth(pool)[side] * share)),
      })
    }
    await anvil.mine()
  }
  return { anvil, world, market, executor, tradeIn }
}

/** A bot that trades on a stage, live, its ledger in a file. */
export type StageBot = {
  /** What it told of each block. */
  readonly reports: readonly ChainBlockReport[]
  /** Has a block made, and waits until the bot has been through it. */
  through(makeBlock: () => Promise<void>): Promise<ChainBlockReport>
  stop(): Promise<ChainSummary>
}

/**
 * Starts a bot as `apex bot --live` would, WebSocket for heads; its market is
 * widened to `poolCount` pools.
 */
export async function startStageBot(
  stage: LiveStage,
  poolCount: number,
  logs: NonNullable<ChainBotOptions['logs']>,
): Promise<StageBot> {
  const { anvil, world, executor } = stage
  const folder = mkdtempSync(join(tmpdir(), 'apex-bench-'))
  const store = await openSqliteStore(join(folder, 'apex.db'))
  const signer = await createSigner(key)
  const market = widen(await world.readMarket(), poolCount, seed)
  const reports: ChainBlockReport[] = []
  let heard: (report: ChainBlockReport) => void = () => {}
  const controller = new AbortController()
  const run = runChainBot(
    await botOptionsOn(stage, {
      chain: { chainId, blockTimeMs: 1000 },
      openMarket: async () => market,
      execution: { executor, signer, lenders: world.lenders },
      store,
      scan: { maxHops: 3 },
      logs,
    }),
    {
      onBlock: (report) => {
        reports.push(report)
        heard(report)
      },
      onFault: (_, message) => console.error(message),
    },
    controller.signal,
  )
  return {
    reports,
    async through(makeBlock) {
      const before = Number(await anvil.request('eth_blockNumber'))
      const next = new Promise<ChainBlockReport>((resolve) => {
        heard = (report) => {
          if (report.blockNumber > before) resolve(report)
        }
      })
      await makeBlock()
      return await next
    },
    async stop() {
      controller.abort()
      const summary = await run
      await store.close()
      rmSync(folder, { recursive: true })
      return summary
    },
  }
}
