import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRpcPool } from '../../../src/adapters/feeds/rpc/index.ts'
import { createSigner } from '../../../src/adapters/keys/index.ts'
import type { Miss } from '../../../src/adapters/relays/index.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type {
  Outcome,
  PendingTransaction,
  Plan,
} from '../../../src/market/plan.ts'
import type {
  ChainBlockReport,
  ChainSummary,
} from '../../../src/programs/bot/options.ts'
import { runChainBot } from '../../../src/programs/bot/runChainBot.ts'
import { createRisk } from '../../../src/services/risk/createRisk.ts'
import { type BotOverrides, botOptionsOn } from '../../support/botOptions.ts'
import {
  createBotStage as createStage,
  botKey as key,
  type BotStage as Stage,
} from '../../support/botStage.ts'
import { makePair } from '../../support/makePair.ts'
import { wasForestalled } from '../../support/wasForestalled.ts'

let first: Stage
let second: Stage
let secondLives = true
beforeAll(async () => {
  ;[first, second] = await Promise.all([createStage(31337), createStage(31338)])
}, 60_000)
afterAll(async () => {
  await first?.anvil.stop()
  if (secondLives) await second?.anvil.stop()
})

const { APEX_BOT_BLOCKS } = process.env
const blocks = Number(APEX_BOT_BLOCKS ?? 24)

/** A bot on a stage, with what it told. */
type Running = {
  readonly reports: readonly ChainBlockReport[]
  readonly outcomes: readonly Outcome[]
  /** One for each outcome. */
  readonly misses: readonly (Miss | undefined)[]
  readonly restarts: () => number
  /** Has users trade a block, or another be made, and waits until the bot has been through it. */
  nextBlock(make?: () => Promise<void>): Promise<void>
  /** What it came to, once it ends by itself. */
  readonly ended: Promise<ChainSummary>
  stop(): Promise<ChainSummary>
}

async function start(
  stage: Stage,
  isLive: boolean,
  overrides: BotOverrides = {},
  onNotice: (message: string) => void = () => {},
): Promise<Running> {
  const { anvil } = stage
  const rpc = createRpcPool({
    urls: [new URL(`http://127.0.0.1:${anvil.port}`)],
    chainId: anvil.chainId,
    timeoutMs: 1000,
    attempts: 2,
  })
  const reports: ChainBlockReport[] = []
  const outcomes: Outcome[] = []
  const misses: (Miss | undefined)[] = []
  let restarts = 0
  let heard: () => void = () => {}
  const controller = new AbortController()
  const run = runChainBot(
    await botOptionsOn(stage, { rpc, isLive, ...overrides }),
    {
      onBlock: (report) => {
        reports.push(report)
        heard()
      },
      onOutcome: (_, outcome, __, miss) => {
        outcomes.push(outcome)
        misses.push(miss)
      },
      onNotice: (_, message) => onNotice(message),
      onRestart: () => {
        restarts += 1
      },
    },
    controller.signal,
  )
  return {
    reports,
    outcomes,
    misses,
    restarts: () => restarts,
    ended: run,
    async nextBlock(make = () => stage.tradeBlock()) {
      const block = (await anvil.request('eth_blockNumber')) as Hex
      const isThrough = (): boolean =>
        (reports.at(-1)?.blockNumber ?? 0) > Number(block)
      const through = new Promise<void>((resolve) => {
        heard = () => {
          if (isThrough()) resolve()
        }
      })
      await make()
      if (!isThrough()) await through
    },
    stop: () => {
      controller.abort()
      return run
    },
  }
}

const sum = (
  reports: readonly ChainBlockReport[],
  of: 'found' | 'sent' | 'wouldSend',
): number => reports.reduce((total, report) => total + report[of], 0)

it('sends nothing in a dry run, and tells what it would have sent', async () => {
  const before = await first.nonce()
  const bot = await start(first, false)
  for (let i = 0; i < 6; i++) await bot.nextBlock()
  const summary = await bot.stop()
  expect(await first.nonce()).toBe(before)
  expect(sum(bot.reports, 'wouldSend')).toBeGreaterThan(0)
  expect(summary).toMatchObject({
    isLive: false,
    blocks: bot.reports.length,
    sent: 0,
    landed: 0,
    open: 0,
    endedBy: undefined,
    wouldSend: sum(bot.reports, 'wouldSend'),
  })
}, 60_000)

it('lands arbitrage live, its profit as predicted, and stops cleanly', async () => {
  const before = await first.nonce()
  const bot = await start(first, true)
  for (let i = 0; i < 8; i++) await bot.nextBlock()
  await first.anvil.mine()
  const summary = await bot.stop()
  expect(summary.sent).toBeGreaterThan(0)
  expect((await first.nonce()) - before).toBe(summary.sent)
  expect(summary.landed).toBeGreaterThan(0)
  expect(summary.asPredicted).toBeGreaterThan(0)
  expect(summary.netProfit).toBeGreaterThan(0n)
  expect(summary.landed + summary.reverted + summary.dropped).toBe(
    bot.outcomes.length,
  )
  expect(summary.open).toBe(summary.sent - bot.outcomes.length)
  expect(summary.endedBy).toBeUndefined()
  for (const { latencyMs } of bot.reports)
    expect(latencyMs.total).toBeGreaterThanOrEqual(latencyMs.scan)
}, 60_000)

it('loses only what a user traded away before it in the same block', async () => {
  const store = createMemoryStore()
  const sent = new Map<Hex, PendingTransaction>()
  const writeIntent: typeof store.writeIntent = async (intent) => {
    sent.set(intent.txHash, intent)
    await store.writeIntent(intent)
  }
  const bot = await start(first, true, { store: { ...store, writeIntent } })
  // In the block after a user's, our swap is the first of its second in its
  // pool: it writes more than it would have in that block.
  const { mine, timestamp } = first.anvil
  const aSecondLater = async (): Promise<void> => mine((await timestamp()) + 1)
  for (let i = 0; i < blocks; i += 2) {
    await bot.nextBlock()
    await bot.nextBlock(aSecondLater)
  }
  await first.anvil.mine()
  await bot.stop()
  const reverted = bot.outcomes.filter(({ kind }) => kind === 'reverted')
  const unexplained: string[] = []
  for (const { txHash } of reverted)
    if (!(await wasForestalled(first.anvil, sent.get(txHash)!)))
      unexplained.push(txHash)
  expect(unexplained).toEqual([])
  expect(reverted.length).toBeLessThan(bot.outcomes.length)
}, 120_000)

it('tells why what did not land did not: what others traded, what nobody wanted', async () => {
  const { world, executor } = first
  const execution = {
    executor,
    signer: await createSigner(key),
    lenders: world.lenders,
    // Where it goes nobody makes a block.
    submitter: { name: 'drawer', async submit() {} },
  }
  const bot = await start(first, true, { execution })
  while (sum(bot.reports, 'sent') === 0) await bot.nextBlock()
  for (let i = 0; i < 5; i++) await bot.nextBlock(() => first.anvil.mine())
  const unwanted = bot.misses.length
  expect(unwanted).toBeGreaterThan(0)
  expect(new Set(bot.misses.map((miss) => miss?.kind))).toEqual(
    new Set(['unknown']),
  )
  for (let i = 0; i < 8; i++) await bot.nextBlock()
  const { missed, dropped, landed } = await bot.stop()
  expect(landed).toBe(0)
  expect(dropped).toBe(bot.misses.length)
  const taken = bot.misses
    .slice(unwanted)
    .filter((miss) => miss?.kind === 'stale')
  expect(taken.length).toBeGreaterThan(0)
  const counted = Object.values(missed).reduce((a, b) => a + b, 0)
  expect(counted).toBe(dropped)
}, 60_000)

it('sends to the byte what risk has judged, with the gas that was measured', async () => {
  const store = createMemoryStore()
  const sent: PendingTransaction[] = []
  const writeIntent: typeof store.writeIntent = async (intent) => {
    sent.push(intent)
    await store.writeIntent(intent)
  }
  const risk = await createRisk({
    limits: { maxHeadAgeSeconds: 3600 },
    store,
    ledger: 'chain-31337',
    clock: () => Math.floor(Date.now() / 1000),
  })
  const judged = new Map<Hex, Plan>()
  const judgeAll = risk.judgeAll.bind(risk)
  risk.judgeAll = (plans, head) => {
    for (const plan of plans) judged.set(plan.id, plan)
    return judgeAll(plans, head)
  }
  const bot = await start(first, true, {
    risk,
    store: { ...store, writeIntent },
  })
  for (let i = 0; i < 8; i++) await bot.nextBlock()
  await bot.stop()
  expect(sent.length).toBeGreaterThan(2)
  for (const { terms } of sent)
    expect(judged.get(terms.id)).toMatchObject({
      data: terms.data,
      gasLimit: terms.gasLimit,
      gasPrice: terms.gasPrice,
      expected: terms.expected,
    })
}, 60_000)

it('has a pool that is made while it runs join its market', async () => {
  const market = await first.world.readMarket()
  const bot = await start(first, false, {
    openMarket: async () => market,
    growth: { baseTokens: market.tokens.map(({ address }) => address) },
  })
  await bot.nextBlock()
  const before = market.pools.length
  const [user] = first.users
  const pair = await makePair(first.world, user!, 10n ** 27n)
  for (let i = 0; i < 20 && !market.poolAt(pair); i++)
    await bot.nextBlock(() => first.anvil.mine())
  expect(market.pools.length).toBe(before + 1)
  expect(market.pool(pair).dex).toBe('uniswap-v2')
  await bot.stop()
}, 60_000)

it('obeys a halt: nothing is sent, and the reason is told', async () => {
  const before = await first.nonce()
  const store = createMemoryStore()
  const risk = await createRisk({
    limits: { maxHeadAgeSeconds: 3600 },
    store,
    ledger: 'chain-31337',
    clock: () => Math.floor(Date.now() / 1000),
  })
  await risk.halt({ by: 'a test', why: 'to look' })
  const bot = await start(first, true, { store, risk })
  for (let i = 0; i < 4; i++) await bot.nextBlock()
  const summary = await bot.stop()
  expect(await first.nonce()).toBe(before)
  expect(summary.sent).toBe(0)
  const { breaker } = summary.skipped as { breaker?: number }
  expect(breaker).toBeGreaterThan(0)
}, 60_000)

/** A block that is mined while the market is read belongs to it: the bot tells of later ones. */
async function readAnew(notices: readonly string[]): Promise<void> {
  await expect
    .poll(() => notices.at(-1), { timeout: 10_000 })
    .toMatch(/: 12 pools$/)
}

it('reads a market anew that is too old to be led on, and trades on it as predicted', async () => {
  const market = await first.world.readMarket()
  await first.tradeBlock()
  await first.anvil.request('anvil_mine', ['0x102'])
  const notices: string[] = []
  const bot = await start(
    first,
    true,
    { openMarket: async () => market },
    (notice) => notices.push(notice),
  )
  await readAnew(notices)
  for (let i = 0; i < 8; i++) await bot.nextBlock()
  await first.anvil.mine()
  const summary = await bot.stop()
  expect(notices).toEqual([
    expect.stringMatching(/259 blocks old: its 12 pools are read anew/),
    expect.stringMatching(/: 12 pools$/),
  ])
  expect(summary.asPredicted).toBeGreaterThan(0)
  expect(summary).toMatchObject({ endedBy: undefined, restarts: 0 })
}, 60_000)

it('reads the market anew after a reorg deeper than its journal', async () => {
  await first.anvil.request('anvil_mine', ['0x110'])
  const notices: string[] = []
  const bot = await start(first, true, {}, (notice) => notices.push(notice))
  await bot.nextBlock()
  await first.anvil.request('anvil_rollback', [0x108])
  await first.tradeBlock()
  await first.anvil.request('anvil_mine', ['0x110'])
  await readAnew(notices)
  for (let i = 0; i < 8; i++) await bot.nextBlock()
  await first.anvil.mine()
  const summary = await bot.stop()
  expect(summary.asPredicted).toBeGreaterThan(0)
  expect(summary).toMatchObject({ endedBy: undefined, restarts: 1 })
}, 60_000)

it.each([
  ['a young market', 0],
  ['one that is read anew', 0x102],
])(
  'keeps pools of DEXes that it does not follow out of %s',
  async (_, age) => {
    const market = await first.world.readMarket()
    const followed = first.world.dexes.find(
      ({ name }) => name === 'uniswap-v2',
    )!
    const others = market.pools.filter(({ dex }) => dex !== followed.name)
    expect(others.length).toBeGreaterThan(0)
    await first.anvil.request('anvil_mine', [`0x${age.toString(16)}`])
    const notices: string[] = []
    const bot = await start(
      first,
      false,
      { openMarket: async () => market, dexes: [followed] },
      (notice) => notices.push(notice),
    )
    await bot.nextBlock()
    for (let i = 0; i < 4; i++) await bot.nextBlock()
    await bot.stop()
    expect(notices[0]).toBe(
      `${others.length} pools of the market left out: their DEXes are not followed`,
    )
    for (const { skipped } of bot.reports)
      expect(skipped).not.toHaveProperty('untradable')
  },
  60_000,
)

it('ends where a person must look, with a hint: a market of DEXes it is not to follow', async () => {
  const market = await first.world.readMarket()
  const bot = await start(first, false, {
    openMarket: async () => market,
    dexes: [],
  })
  expect(await bot.ended).toMatchObject({
    blocks: 0,
    endedBy: expect.stringMatching(/none of.*12 pools.*apex snapshot/),
  })
}, 60_000)

it('goes on while the node of another chain is dead', async () => {
  const healthy = await start(first, true)
  const doomed = await start(second, true)
  await Promise.all([healthy.nextBlock(), doomed.nextBlock()])
  await second.anvil.stop()
  secondLives = false
  for (let i = 0; i < 4; i++) await healthy.nextBlock()
  // A bot that begins while its node is dead tries again, and counts it.
  const late = await start(second, true, {
    openMarket: async () => second.world.market,
  })
  await expect.poll(late.restarts, { timeout: 10_000 }).toBeGreaterThan(1)
  const [alive, dead, never] = await Promise.all([
    healthy.stop(),
    doomed.stop(),
    late.stop(),
  ])
  expect(alive.blocks).toBeGreaterThanOrEqual(5)
  expect(alive.endedBy).toBeUndefined()
  expect(dead.blocks).toBeGreaterThan(0)
  expect(never.blocks).toBe(0)
  expect(never.faults).toBeGreaterThan(1)
}, 60_000)
