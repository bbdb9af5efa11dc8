import { createBlockDecoder } from '../../src/adapters/dexes/createBlockDecoder.ts'
import { fetchHeader } from '../../src/adapters/feeds/sync/fetchHeader.ts'
import {
  type BlockSync,
  type BlockSyncOptions,
  createBlockSync,
  type SyncEvent,
} from '../../src/adapters/feeds/sync/index.ts'
import { type Apex, createApex } from '../../src/apex.ts'
import type { BlockHeader, HeadFeed } from '../../src/core/headFeed.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import type { SeededRandom } from '../../src/core/seededRandom.ts'
import type { Pool } from '../../src/market/index.ts'
import { compareMarkets } from '../../src/programs/simulate/compareMarkets.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import {
  drawSwaps,
  swapWeights,
} from '../../src/programs/simulate/drawSwaps.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { until } from './wait.ts'

const users: readonly Hex[] = [
  '0x000000000000000000000000000000000000a11c',
  '0x0000000000000000000000000000000000000b0b',
]

/** Genuine pools on an anvil chain, users who trade, and an Apex that follows by logs. */
export type SyncStage = {
  readonly anvil: Anvil
  readonly apex: Apex
  readonly sync: BlockSync
  readonly events: readonly SyncEvent[]
  readonly feed: ManualFeed
  /** Blocks of random trades. */
  trade(blocks: number): Promise<void>
  /** A block with one swap in the pool, of a thousandth of what it holds. */
  tradeIn(pool: Pool): Promise<void>
  latest(): Promise<BlockHeader>
  /** Tells the head and waits until the market stands there. */
  followed(): Promise<void>
  /** How the market differs from its contracts at the latest block. */
  differences(): Promise<string[]>
  readMarket: () => Promise<Apex['market']>
  stop(): Promise<void>
}

/** Tells the heads that it is given. */
export type ManualFeed = HeadFeed & {
  tell(header: BlockHeader): void
}

export type SyncStageOptions = Pick<
  BlockSyncOptions,
  'logs' | 'provesLogs' | 'onFault'
> & {
  readonly random: SeededRandom
  readonly depth?: number
  readonly rpcOf?: (rpc: Rpc) => Rpc
}

export async function createSyncStage({
  random,
  depth,
  rpcOf = (rpc) => rpc,
  ...options
}: SyncStageOptions): Promise<SyncStage> {
  const anvil = await startAnvil()
  const world = await createWorld({
    chain: anvil,
    market: drawMarket({ pools: 10, tokens: 4, seed: 3 }),
    lenders: [],
    users,
  })
  const market = await world.readMarket()
  const weights = swapWeights(market, () => 1)
  const apex = await createApex({ market })
  const feed = manualFeed()
  const sync = await createBlockSync({
    rpc: rpcOf(anvil),
    market,
    target: apex,
    decoder: createBlockDecoder(market, world.dexes, options.onFault),
    heads: feed,
    retryMs: 2,
    ...options,
    ...(depth !== undefined && { depth }),
  })
  const controller = new AbortController()
  const events: SyncEvent[] = []
  const run = (async () => {
    for await (const event of sync.events(controller.signal)) events.push(event)
  })()
  const latest = async (): Promise<BlockHeader> => {
    const header = await fetchHeader(anvil, 'latest')
    if (!header) throw new Error('anvil has no latest block')
    return header
  }
  return {
    anvil,
    apex,
    sync,
    events,
    feed,
    latest,
    readMarket: world.readMarket,
    async trade(blocks) {
      for (let i = 0; i < blocks; i++) {
        const swaps = drawSwaps(market, weights, { swapsPerBlock: 3 }, random)
        for (const [place, swap] of swaps.entries()) {
          const { pool, zeroForOne, amountIn, maxPriorityFeePerGas } = swap
          await world.swap({
            user: users[place % users.length]!,
            pool: pool.address,
            tokenIn: pool.tokens[zeroForOne ? 0 : 1],
            amountIn,
            priorityFeePerGas: maxPriorityFeePerGas,
          })
        }
        await anvil.mine()
      }
    },
    async tradeIn(pool) {
      await world.swap({
        user: users[0]!,
        pool: pool.address,
        tokenIn: pool.tokens[0],
        amountIn: heldOf(pool) / 1000n,
      })
      await anvil.mine()
    },
    async followed() {
      const header = await latest()
      feed.tell(header)
      await until(
        () => sync.head.blockHash === header.blockHash,
        () =>
          `at block ${sync.head.blockNumber}, not ${header.blockNumber}: ${events.at(-1)?.kind}`,
      )
    },
    async differences() {
      return compareMarkets(market, await world.readMarket())
    },
    async stop() {
      controller.abort()
      await run
      await anvil.stop()
    },
  }
}

/** About what a pool holds of token0, in base units. */
function heldOf(pool: Pool): bigint {
  if (pool.family === 'concentrated')
    return (pool.liquidity << 96n) / pool.sqrtPriceX96
  return pool.family === 'stable' ? 0n : pool.reserves[0]
}

export function manualFeed(): ManualFeed {
  let listener: Parameters<HeadFeed['start']>[0] | undefined
  return {
    state: 'live',
    start(started) {
      listener = started
    },
    tell(header) {
      void listener?.onHeads({ headers: [header], connected: true })
    },
    close() {
      listener = undefined
    },
  }
}
