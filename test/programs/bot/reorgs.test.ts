import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { type Market, stateHash } from '../../../src/market/index.ts'
import { ledgerOfChain } from '../../../src/programs/bot/ledgerOfChain.ts'
import type { ChainSummary } from '../../../src/programs/bot/options.ts'
import { runChainBot } from '../../../src/programs/bot/runChainBot.ts'
import { botOptionsOn } from '../../support/botOptions.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import {
  expectLedgerIsChain,
  readLedger,
} from '../../support/ledgerAndChain.ts'
import { newFolder } from '../../support/newFolder.ts'
import { pause } from '../../support/wait.ts'

/** APEX_REORGS=200 asks for the long run, as deep as 160 blocks. */
const { APEX_REORGS } = process.env
const reorgs = Number(APEX_REORGS ?? 12)
const deepest = APEX_REORGS === undefined ? 12 : 160
const longestWaitMs = 60_000
/** Blocks after which what was sent has landed or can no more. */
const settlingBlocks = 6

let stage: BotStage
beforeAll(async () => {
  stage = await createBotStage(31340)
}, 60_000)
afterAll(async () => {
  await stage?.anvil.stop()
})

it('stands where the chain does after every reorg, and books what its trades came to, once', async () => {
  const random = createSeededRandom(60)
  const whole = (least: number, most: number): number =>
    least + Math.floor(random.next() * (most - least + 1))
  const { anvil, world } = stage
  const base = await height()
  const bot = await start()
  await anvil.mine()
  await bot.caughtUp()
  // Something to lose: the first reorgs may be as deep as the last.
  await anvil.request('anvil_mine', [`0x${(deepest + 2).toString(16)}`])
  await bot.caughtUp()
  const seen = { pending: 0, mined: 0, replayed: 0 }
  for (let i = 0; i < reorgs; i++) {
    for (let block = whole(1, 4); block > 0; block--) {
      await stage.tradeBlock()
      await bot.caughtUp()
    }
    // Most reorgs are shallow: they meet what was sent just before.
    const most = random.next() < 0.5 ? 3 : deepest
    const depth = whole(1, Math.min(most, (await height()) - base))
    const lost = await operatorTransactions(depth)
    if (lost.length > 0) seen.mined += 1
    if (await hasPending()) seen.pending += 1
    if (random.next() < 0.6) {
      // As nodes do, some of what was mined comes into the new blocks.
      const again = lost.filter(() => random.next() < 0.6)
      if (again.length > 0) seen.replayed += 1
      const places = again.map(() => whole(0, depth - 1)).sort((a, b) => a - b)
      await anvil.request('anvil_reorg', [
        depth,
        again.map((raw, j) => [raw, places[j]]),
      ])
    } else {
      await anvil.request('anvil_rollback', [depth])
      // Shorter, as long or longer than the old branch, traded here and there.
      const length = Math.max(1, depth + whole(-2, 2))
      const traded = Math.min(length, whole(1, 6))
      if (length > traded)
        await anvil.request('anvil_mine', [
          `0x${(length - traded).toString(16)}`,
        ])
      for (let block = 0; block < traded; block++) await stage.tradeBlock()
    }
    await bot.caughtUp()
    expect(stateHash(bot.market()), `reorg ${i} of ${depth}`).toBe(
      stateHash(await world.readMarket()),
    )
  }
  for (let i = 0; i < 4; i++) {
    await stage.tradeBlock()
    await bot.caughtUp()
  }
  while ((await height()) - bot.lastSent() < settlingBlocks) {
    await anvil.mine()
    await bot.caughtUp()
  }
  const summary = await bot.stop()
  expect(summary).toMatchObject({ open: 0, endedBy: undefined })
  expect(bot.reopened()).toBeGreaterThan(0)
  // Reorgs met trades in every state.
  for (const [state, count] of Object.entries(seen))
    expect(count, state).toBeGreaterThan(0)

  const rows = readLedger(bot.database, stage)
  await expectLedgerIsChain(rows, stage)
  const count = (status: string): number =>
    rows.filter((row) => row.status === status).length
  expect(count('landed')).toBeGreaterThan(0)
  expect(summary).toMatchObject({
    landed: count('landed'),
    reverted: count('reverted'),
    dropped: count('dropped'),
  })
  const store = await openSqliteStore(bot.database)
  const account = await store.readRisk(ledger)
  const trades = await store.trades(ledger)
  await store.close()
  expect(account).toMatchObject({ landed: count('landed'), inFlight: [] })
  const lost = rows
    .filter(({ status }) => status === 'reverted')
    .reduce((sum, { gas }) => sum + BigInt(gas!), 0n)
  const earned = trades.reduce(
    (sum, { realNetProfit }) => sum + realNetProfit,
    0n,
  )
  expect(summary.netProfit).toBe(earned - lost)
}, 7_200_000)

const ledger = ledgerOfChain(31340, true)
const fileIn = newFolder()

type Running = {
  readonly database: string
  /** The bot's own. */
  market(): Market
  reopened(): number
  /** The last block it sent something in. */
  lastSent(): number
  /** Waits until the bot stands at the chain's head and has been through it. */
  caughtUp(): Promise<void>
  stop(): Promise<ChainSummary>
}

async function start(): Promise<Running> {
  const database = fileIn('apex.sqlite')
  const store = await openSqliteStore(database)
  let market: Market | undefined
  let reopened = 0
  let last: Hex | undefined
  let lastSent = 0
  const told: string[] = []
  const controller = new AbortController()
  const run = runChainBot(
    await botOptionsOn(stage, {
      onMarket: (own) => {
        market = own
      },
      limits: { maxFailuresInRow: 1_000_000 },
      store,
      ledger,
    }),
    {
      onBlock: ({ blockHash, blockNumber, sent }) => {
        if (sent > 0) lastSent = blockNumber
        last = blockHash
      },
      onReopened: () => {
        reopened += 1
      },
      onFault: (_, message) => told.push(message),
      onNotice: (_, message) => told.push(message),
    },
    controller.signal,
  )
  void run.then(({ endedBy }) => told.push(`ended by ${endedBy}`))
  return {
    database,
    market: () => market!,
    reopened: () => reopened,
    lastSent: () => lastSent,
    async caughtUp() {
      const { hash } = await blockAt('latest')
      const end = Date.now() + longestWaitMs
      while (last !== hash) {
        if (Date.now() > end)
          throw new Error(
            `the bot stands at block ${market?.blockNumber} of ${await height()}: ${told.slice(-5).join('; ')}`,
          )
        await pause(5)
      }
    },
    async stop() {
      controller.abort()
      const summary = await run
      await store.close()
      return summary
    },
  }
}

async function height(): Promise<number> {
  return Number(await stage.anvil.request('eth_blockNumber'))
}

type Block = {
  readonly hash: Hex
  readonly transactions: readonly { readonly from: Hex; readonly hash: Hex }[]
}

async function blockAt(tag: string): Promise<Block> {
  return (await stage.anvil.request('eth_getBlockByNumber', [
    tag,
    true,
  ])) as Block
}

/** Those of the operator in the last blocks, signed. */
async function operatorTransactions(depth: number): Promise<readonly Hex[]> {
  const { anvil, operator } = stage
  const head = await height()
  const found: Hex[] = []
  for (let number = head - depth + 1; number <= head; number++) {
    const { transactions } = await blockAt(`0x${number.toString(16)}`)
    for (const { from, hash } of transactions)
      if (from.toLowerCase() === operator.toLowerCase())
        found.push(
          (await anvil.request('eth_getRawTransactionByHash', [hash])) as Hex,
        )
  }
  return found
}

/** Whether a transaction of the bot is on its way. */
async function hasPending(): Promise<boolean> {
  const mined = await stage.anvil.request('eth_getTransactionCount', [
    stage.operator,
    'latest',
  ])
  return (await stage.nonce()) > Number(mined)
}
