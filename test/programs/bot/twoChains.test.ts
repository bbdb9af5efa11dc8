import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeBotConfig } from '../../support/botConfig.ts'
import {
  type BlockLine,
  type BotProcess,
  type BotProcessOptions,
  type SummaryLine,
  startBot,
} from '../../support/botProcess.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import { crashSecret } from '../../support/crashWorker.ts'
import { type LedgerRow, readLedger } from '../../support/ledgerAndChain.ts'
import { newFolder } from '../../support/newFolder.ts'
import { endQuietly } from '../../support/quietEnd.ts'
import { runCli } from '../../support/runCli.ts'

/**
 * The built `apex bot --live` on two nodes with genuine contracts, configured
 * as a user would: one database, a worker a chain. Each test begins with the
 * ledger that the last one left, and leaves it equal to the chains.
 */

const crashModule = new URL('../../support/crashWorker.ts', import.meta.url)
  .href

const names = ['ethereum', 'bsc'] as const
/** More than a market is led over. */
const blocksUntilOld = '0x12c'
const place = newFolder()
const folder = place('bot')
const config = join(folder, 'apex.toml')
const database = join(folder, 'apex.sqlite')
let ethereum: BotStage
let bsc: BotStage
beforeAll(async () => {
  ;[ethereum, bsc] = await Promise.all([
    createBotStage(1),
    createBotStage(56, { file: place('bsc.json') }),
  ])
}, 60_000)
afterAll(async () => {
  await Promise.all([ethereum?.anvil.stop(), bsc?.anvil.stop()])
})

/** A bot that begins with the chains as they are. */
async function start(
  options: Partial<BotProcessOptions> = {},
): Promise<BotProcess> {
  await writeBotConfig(folder, { ethereum, bsc })
  return startBot({ config, arguments: ['--live'], ...options })
}

/** Users trade a block, and the bot is through it. */
async function nextBlock(
  bot: BotProcess,
  name: string,
  stage: BotStage,
): Promise<void> {
  const told = bot.blocks(name).length
  await stage.tradeBlock()
  await bot.until(() => bot.blocks(name).length > told)
}

async function nextBlocks(bot: BotProcess, count: number): Promise<void> {
  for (let i = 0; i < count; i++)
    await Promise.all([
      nextBlock(bot, 'ethereum', ethereum),
      nextBlock(bot, 'bsc', bsc),
    ])
}

/** Lets what is in flight come to its end, stops, and holds what was told against ledger and chains. */
async function end(bot: BotProcess): Promise<readonly SummaryLine[]> {
  const summaries = await endQuietly(bot, config, database, { ethereum, bsc })
  for (const { chain, blocks, sent } of summaries) {
    expect(blocks).toBe(bot.blocks(chain).length)
    expect(sent).toBe(sentIn(bot.blocks(chain)))
  }
  return summaries
}

function ledgerOf(stage: BotStage): readonly LedgerRow[] {
  return readLedger(database, stage)
}

function sentIn(blocks: readonly BlockLine[]): number {
  return blocks.reduce((sum, block) => sum + block.sent, 0)
}

it('earns on both what the ledger says, and goes on where the node of one dies until it is back', async () => {
  const bot = await start()
  await nextBlocks(bot, 8)

  await bsc.anvil.stop()
  const before = bot.blocks('bsc').length
  for (let i = 0; i < 5; i++) await nextBlock(bot, 'ethereum', ethereum)
  await bot.until(() => /^bsc: WebSocket: /m.test(bot.stderr()))
  expect(bot.blocks('bsc').length).toBe(before)
  await bsc.revive()
  await nextBlocks(bot, 8)

  const summaries = await end(bot)
  for (const [name, stage] of Object.entries({ ethereum, bsc })) {
    const summary = summaries.find(({ chain }) => chain === name)!
    expect(summary.landed).toBeGreaterThan(0)
    expect(BigInt(summary.netProfit)).toBeGreaterThan(0n)
    const landed = ledgerOf(stage).filter(({ status }) => status === 'landed')
    expect(landed.length).toBe(summary.landed)
  }
}, 120_000)

it.each([
  ['throw', 'its worker died: Error'],
  ['exit', 'its worker ended with exit code 7'],
  ['memory', 'its worker died: Error ERR_WORKER_OUT_OF_MEMORY'],
  ['hang', 'its worker hung: it was ended after 30 s of silence'],
])(
  'a worker that ends by %s is followed by another, and the other chain trades on',
  async (way, told) => {
    const bot = await start({
      imports: [crashModule],
      environment: {
        APEX_TEST_CRASHES: folder,
        NODE_OPTIONS: '--max-old-space-size=96',
      },
    })
    await nextBlocks(bot, 2)
    expect(bot.stderr()).not.toContain('restart')
    writeFileSync(join(folder, way), '')
    await bot.until(() => bot.stderr().includes(told))
    const dead = /^(\w+): its worker/m.exec(bot.stderr())![1]!
    if (dead === 'bsc') await nextBlock(bot, 'ethereum', ethereum)
    else await nextBlock(bot, 'bsc', bsc)
    await nextBlocks(bot, 3)
    const summaries = await end(bot)
    for (const { chain, restarts } of summaries)
      expect(restarts).toBe(chain === dead ? 1 : 0)
    expect(bot.stdout() + bot.stderr()).not.toContain(crashSecret)
  },
  120_000,
)

it('pause, resume and the kill switch act on all chains of a running bot', async () => {
  const bot = await start()
  /** Blocks traded after what is told to the bot, and what was sent in them. */
  const sentAfter = async (tell: () => unknown): Promise<number[]> => {
    await tell()
    const before = { ethereum: 0, bsc: 0 }
    for (const name of names) before[name] = bot.blocks(name).length
    await nextBlocks(bot, 3)
    return names.map((name) => sentIn(bot.blocks(name).slice(before[name])))
  }
  const stopFile = join(folder, 'apex.stop')
  const control = (verb: string) => runCli(['bot', verb, '--config', config])
  await nextBlocks(bot, 1)
  expect(await sentAfter(() => control('pause'))).toEqual([0, 0])
  const resumed = await sentAfter(() => control('resume'))
  expect(resumed.every((sent) => sent > 0)).toBe(true)
  expect(await sentAfter(() => writeFileSync(stopFile, ''))).toEqual([0, 0])
  // Only a person ends a halt, once the file is gone.
  expect(await sentAfter(() => rmSync(stopFile))).toEqual([0, 0])
  const again = await sentAfter(() => control('resume'))
  expect(again.every((sent) => sent > 0)).toBe(true)
  await end(bot)
}, 120_000)

it('a database that somebody holds too long stops nothing for good', async () => {
  const bot = await start()
  await nextBlocks(bot, 1)
  const holder = new Sqlite(database)
  holder.exec('BEGIN IMMEDIATE')
  await Promise.all([ethereum.tradeBlock(), bsc.tradeBlock()])
  await bot.until(() => bot.stderr().includes('database is locked'))
  holder.exec('ROLLBACK')
  holder.close()
  await nextBlocks(bot, 3)
  await end(bot)
}, 120_000)

it('a second signal ends it at once; the next start settles what was open, with a market that is too old', async () => {
  const bot = await start()
  await nextBlocks(bot, 2)
  while (!isOpen()) await nextBlocks(bot, 1)
  bot.child.kill('SIGINT')
  await bot.until(() => bot.stderr().includes('stopping'))
  bot.child.kill('SIGINT')
  expect(await bot.ended).toBe(130)
  expect(isOpen()).toBe(true)
  for (const { anvil } of [ethereum, bsc])
    await anvil.request('anvil_mine', [blocksUntilOld])
  const next = startBot({ config, arguments: ['--live'] })
  // Whoever is at the head has nothing to act on until a block comes.
  await next.until(() => next.stderr().match(/: read at block/g)?.length === 2)
  await nextBlocks(next, 2)
  await end(next)
}, 120_000)

function isOpen(): boolean {
  return [ethereum, bsc].some((stage) =>
    ledgerOf(stage).some(({ status }) => status === 'intended'),
  )
}
