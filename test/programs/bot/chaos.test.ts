import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createHeadFeed,
  createRpcPool,
} from '../../../src/adapters/feeds/rpc/index.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import type { Market } from '../../../src/market/market.ts'
import type {
  ChainBlockReport,
  ChainSummary,
} from '../../../src/programs/bot/options.ts'
import { runChainBot } from '../../../src/programs/bot/runChainBot.ts'
import { compareMarkets } from '../../../src/programs/simulate/compareMarkets.ts'
import type { RiskLimits } from '../../../src/services/risk/createRisk.ts'
import { startAnvil } from '../../support/anvil.ts'
import { botOptionsOn } from '../../support/botOptions.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import {
  type ChaosProxy,
  everyHarm,
  serveChaos,
} from '../../support/chaosProxy.ts'
import { pause, until } from '../../support/wait.ts'

/** How often the state is held against the chain: APEX_CHECKPOINTS asks for the long run. */
const { APEX_CHECKPOINTS } = process.env
const checkpoints = Number(APEX_CHECKPOINTS ?? 20)
const timeoutMs = 120_000 + 10_000 * checkpoints
const chainId = 31341
const fastBlockTimeMs = 250
/** Longer than a request may hang, as blocks of most chains are. */
const slowBlockTimeMs = 1_000
/** More of them, where these have not seen every harm. */
const mostMore = 40
/** As by default. */
const maxBlocksBehind = 1
/** An answer that no newer block is there counts for a quarter of a block's time, and to decide takes a moment. */
const graceMs = 100
/** How often faults end, and it has to be whole again. */
const recoveries = 3
/** Blocks in a row of which none may open anything. */
const mostQuietBlocks = 8

let stage: BotStage
let proxies: ChaosProxy[]
beforeAll(async () => {
  stage = await createBotStage(chainId)
  proxies = await serveChaos(stage.anvil, stage.anvil.port, 3)
}, 60_000)
afterAll(async () => {
  for (const proxy of proxies ?? []) proxy.close()
  await stage?.anvil.stop()
})

/** A block of the chain, and when it was there. */
type Truth = {
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly at: number
}

/** A trade that was sent or would have been: of the state of which block, and when. */
type Trade = {
  readonly blockNumber: number
  readonly at: number
}

/** Users trade a block; tells what it is. */
async function nextBlock(): Promise<Truth> {
  await stage.tradeBlock()
  const block = (await stage.anvil.request('eth_getBlockByNumber', [
    'latest',
    false,
  ])) as { number: Hex; hash: Hex }
  return {
    blockNumber: Number(block.number),
    blockHash: block.hash,
    at: performance.now(),
  }
}

/** How many blocks those were behind that were further than the guard allows. */
function staleAmong(
  trades: readonly Trade[],
  truths: readonly Truth[],
): readonly number[] {
  return trades
    .map(({ blockNumber, at }) => {
      const head = truths.findLast((truth) => truth.at <= at - graceMs)
      return (head?.blockNumber ?? 0) - blockNumber
    })
    .filter((behind) => behind > maxBlocksBehind)
}

type Running = {
  readonly market: () => Market
  readonly reports: readonly ChainBlockReport[]
  readonly faults: readonly string[]
  readonly trades: readonly Trade[]
  /** Waits until its market is at a block; what a fault cut short is not traded on again. */
  reaches(block: Truth): Promise<void>
  /** Waits until it has traded on a block. */
  isThrough(block: Truth): Promise<void>
  stop(): Promise<ChainSummary>
}

/** A bot that knows the chain by the proxies alone; whoever watches it knows better. */
async function start(
  isLive: boolean,
  limits: RiskLimits,
  blockTimeMs = fastBlockTimeMs,
): Promise<Running> {
  const rpc = createRpcPool({
    urls: proxies.map(({ http }) => http),
    chainId,
    // Of a busy machine, too.
    timeoutMs: 400,
    backoffMs: 5,
    headLookMs: 500,
    recheckMs: 250,
  })
  const memory = createMemoryStore()
  const reports: ChainBlockReport[] = []
  const faults: string[] = []
  const trades: Trade[] = []
  let market: Market | undefined
  const note = ({ blockNumber }: { readonly blockNumber: number }): void => {
    trades.push({ blockNumber, at: performance.now() })
  }
  const store: typeof memory = {
    ...memory,
    async recordDecision(of, decision) {
      if (decision.verdict === 'dry-run') note(decision.opportunity)
      await memory.recordDecision(of, decision)
    },
    async writeIntent(intent) {
      note(intent.terms)
      await memory.writeIntent(intent)
    },
  }
  const controller = new AbortController()
  const run = runChainBot(
    await botOptionsOn(stage, {
      chain: { chainId, blockTimeMs },
      onMarket: (own) => {
        market = own
      },
      rpc,
      openHeads: () =>
        createHeadFeed({
          webSocketUrls: proxies.map(({ webSocket }) => webSocket),
          rpc,
          chainId,
          blockTimeMs,
        }),
      limits,
      store,
      isLive,
    }),
    {
      onBlock: (report) => reports.push(report),
      onFault: (_, message) => faults.push(message),
    },
    controller.signal,
  )
  const comes = async (holds: () => boolean): Promise<void> => {
    const ended = await Promise.race([until(holds), run])
    expect(ended?.endedBy).toBeUndefined()
  }
  // Blocks from now on are told.
  await until(() => market !== undefined)
  return {
    market: () => market!,
    reports,
    faults,
    trades,
    reaches: ({ blockHash }) => comes(() => market?.blockHash === blockHash),
    isThrough: ({ blockHash }) =>
      comes(() => reports.at(-1)?.blockHash === blockHash),
    stop() {
      controller.abort()
      return run
    },
  }
}

/** What the proxies have done since these were counted. */
function harmsSince(before: readonly ChaosProxy['done'][]): readonly string[] {
  return everyHarm.filter((harm) =>
    proxies.some(({ done }, i) => (done[harm] ?? 0) > (before[i]![harm] ?? 0)),
  )
}

/**
 * The time between two blocks, longer where the machine is slow just now: the
 * bot and its node have had their turn in each part of it.
 */
async function blockTime(blockTimeMs: number): Promise<void> {
  const parts = 25
  for (let part = 0; part < parts; part++) {
    await pause(blockTimeMs / parts)
    await stage.anvil.request('eth_blockNumber')
  }
}

it.each([
  ['dry run', false],
  ['live', true],
])(
  '%s: however its nodes fail and lie, its state is the chain’s, and none of its trades is stale',
  async (_, isLive) => {
    const random = createSeededRandom(60)
    const bot = await start(isLive, {})
    const truths = [await nextBlock()]
    await bot.reaches(truths.at(-1)!)
    const before = proxies.map(({ calls, harmed, done }) => ({
      calls,
      harmed,
      done: { ...done },
    }))
    const harms = (): readonly string[] =>
      harmsSince(before.map(({ done }) => done))
    for (const proxy of proxies) proxy.share = 0.3
    // A short run may have to be a little longer until it has seen every harm.
    const isOver = (i: number): boolean =>
      i >= checkpoints &&
      (harms().length === everyHarm.length || i >= checkpoints + mostMore)
    for (let i = 0; !isOver(i); i++) {
      for (let block = 0; block < 3; block++) {
        truths.push(await nextBlock())
        await pause(fastBlockTimeMs * (0.5 + random.next()))
      }
      await bot.reaches(truths.at(-1)!)
      const fresh = await stage.world.readMarket()
      expect(compareMarkets(bot.market(), fresh), `checkpoint ${i}`).toEqual([])
    }
    expect(harms()).toEqual(everyHarm)
    for (const [i, { calls, harmed }] of proxies.entries())
      expect(
        (harmed - before[i]!.harmed) / (calls - before[i]!.calls),
      ).toBeGreaterThan(0.25)

    for (const proxy of proxies) proxy.share = 0
    truths.push(await nextBlock())
    await bot.reaches(truths.at(-1)!)
    await expectTrading(bot, truths)

    const summary = await bot.stop()
    expect(summary.endedBy).toBeUndefined()
    expect(bot.faults.length).toBeGreaterThan(0)
    const why = `skipped: ${JSON.stringify(summary.skipped)}`
    const { refused = 0 } = summary.skipped as { refused?: number }
    expect(bot.trades.length, why).toBe(
      isLive ? summary.sent + refused : summary.wouldSend,
    )
    expect(bot.trades.length, why).toBeGreaterThan(checkpoints / 4)
    expect(staleAmong(bot.trades, truths)).toEqual([])
    // What nodes do to a trade is none of its faults.
    expect(summary.skipped).not.toHaveProperty('breaker')
    if (isLive) expect(summary.landed, why).toBeGreaterThan(0)
  },
  timeoutMs,
)

/** Whole again, it weighs what blocks open, and no node fails it: not every block opens something. */
async function expectTrading(bot: Running, truths: Truth[]): Promise<void> {
  const after = truths.at(-1)!.blockNumber
  let weighed = 0
  for (let block = 0; block < mostQuietBlocks; block++) {
    truths.push(await nextBlock())
    await bot.isThrough(truths.at(-1)!)
    const { found, skipped } = bot.reports.at(-1)!
    if (found > 0 && !('node-fault' in skipped)) weighed += 1
    if (weighed === 2) return
  }
  const seen = bot.reports.filter(({ blockNumber }) => blockNumber > after)
  const told = seen.map(({ found, skipped }) => ({ found, skipped }))
  expect.fail(`it does not trade on as before: ${JSON.stringify(told)}`)
}

it(
  'two blocks after the faults have ended it has caught up, while blocks keep coming',
  async () => {
    const bot = await start(true, {}, slowBlockTimeMs)
    /** As they come on a chain: none waits for the bot. */
    const makeBlocks = async (blocks: number): Promise<Truth> => {
      for (let block = 1; block < blocks; block++) {
        await nextBlock()
        await blockTime(slowBlockTimeMs)
      }
      return await nextBlock()
    }
    for (let round = 0; round < recoveries; round++) {
      for (const proxy of proxies) proxy.share = 0.3
      await makeBlocks(4)
      await blockTime(slowBlockTimeMs)
      for (const proxy of proxies) proxy.share = 0
      const { blockNumber } = await makeBlocks(2)
      await blockTime(slowBlockTimeMs)
      const next = await nextBlock()
      // The third block has come: of the two before it none may be missing.
      expect(bot.market().blockNumber).toBeGreaterThanOrEqual(blockNumber)
      await bot.reaches(next)
    }
    await bot.stop()
  },
  timeoutMs,
)

it.each<[string, RiskLimits]>([
  ['default: the chain moves on while a plan is simulated: it is not sent', {}],
  ['control: without the guard it would be', { maxBlocksBehind: 1000 }],
])(
  '%s',
  async (_, limits) => {
    const bot = await start(false, limits)
    const truths = [await nextBlock()]
    await bot.isThrough(truths[0]!)
    const stale = () => staleAmong(bot.trades, truths)
    // Not every block opens something that pays.
    for (let round = 0; round < 4 && stale().length === 0; round++) {
      const told = truths.length
      let simulatedAt: unknown
      let moved: Promise<void> | undefined
      const move = async (): Promise<void> => {
        simulatedAt = await stage.anvil.request('eth_blockNumber')
        await until(() => truths.length > told)
        for (let block = 0; block < 2; block++) {
          truths.push(await nextBlock())
          await pause(fastBlockTimeMs)
        }
      }
      /** Two blocks come during the first simulations, which are of the state before them; no socket tells. */
      const slow: ChaosProxy['node'] = {
        async request(method, params = []) {
          const [call] = params as [{ to?: Hex }?]
          const to = method === 'eth_call' ? call?.to?.toLowerCase() : undefined
          if (to !== stage.executor.toLowerCase())
            return await stage.anvil.request(method, params)
          moved ??= move()
          await moved
          return await stage.anvil.request(
            method,
            params.map((param) => (param === 'latest' ? simulatedAt : param)),
          )
        },
      }
      for (const proxy of proxies) {
        proxy.isDeaf = true
        proxy.node = slow
      }
      truths.push(await nextBlock())
      await until(() => truths.length === told + 3)
      await bot.isThrough(truths.at(-1)!)
      for (const proxy of proxies) {
        proxy.isDeaf = false
        proxy.node = stage.anvil
      }
    }
    const summary = await bot.stop()
    if (limits.maxBlocksBehind !== undefined)
      expect(stale().length).toBeGreaterThan(0)
    else {
      expect(stale()).toEqual([])
      expect(summary.skipped).toHaveProperty('stale-state')
    }
  },
  60_000,
)

it('nodes that become nodes of another chain are not traded on; it goes on when they are right again', async () => {
  const other = await startAnvil(chainId + 1)
  const bot = await start(true, {})
  await bot.reaches(await nextBlock())
  for (const proxy of proxies) proxy.node = other
  for (let block = 0; block < 4; block++) {
    await other.mine()
    await nextBlock()
    await pause(fastBlockTimeMs)
  }
  await until(() => bot.faults.some((fault) => /is of chain/.test(fault)))
  const sent = bot.trades.length
  const blocks = bot.reports.length
  await pause(4 * fastBlockTimeMs)
  expect(
    await other.request('eth_getTransactionCount', [stage.operator, 'pending']),
  ).toBe('0x0')
  expect([bot.trades.length, bot.reports.length]).toEqual([sent, blocks])
  for (const proxy of proxies) proxy.node = stage.anvil
  await bot.reaches(await nextBlock())
  const fresh = await stage.world.readMarket()
  expect(compareMarkets(bot.market(), fresh)).toEqual([])
  const summary = await bot.stop()
  expect(summary.endedBy).toBeUndefined()
  await other.stop()
}, 60_000)
