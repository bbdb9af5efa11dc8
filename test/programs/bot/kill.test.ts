import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { writeBotConfig } from '../../support/botConfig.ts'
import { type BotProcess, startBot } from '../../support/botProcess.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import { killBeforeSend } from '../../support/crashWorker.ts'
import {
  type LedgerRow,
  type MinedTransaction,
  readLedger,
  readMined,
} from '../../support/ledgerAndChain.ts'
import { newFolder } from '../../support/newFolder.ts'
import { endQuietly } from '../../support/quietEnd.ts'
import { pause, until } from '../../support/wait.ts'

/**
 * The whole `apex bot --live`, two chains in one process, killed at random
 * moments while users trade. Whatever it was doing, its ledger and the chains
 * tell the same story, and the next process goes on with it.
 */

const { APEX_KILLS = '3' } = process.env
/** How often to kill; the full test is 200. */
const kills = Number(APEX_KILLS)
/** Of so many kills one comes just before something is sent. */
const killsPerSend = 8
/** Of so many others one comes while it is still starting. */
const killsPerStart = 8
const longestStartMs = 1200
/** After it is ready: blocks heard of before the kill, and the wait after the last. */
const mostBlocks = 8
const longestWaitMs = 60
/** Of 95 in 100 starts, on a machine that has nothing else to do: asked of the full test only. */
const mostReadyMs = 3000
/** Between two blocks of users' trades. */
const blockPauseMs = 80

const place = newFolder()
const random = createSeededRandom(31)
let stages: Readonly<Record<'ethereum' | 'bsc', BotStage>>
beforeAll(async () => {
  const [ethereum, bsc] = await Promise.all([
    createBotStage(1),
    createBotStage(56),
  ])
  stages = { ethereum, bsc }
}, 60_000)
afterAll(async () => {
  for (const { anvil } of Object.values(stages ?? {})) await anvil.stop()
})

it(`a bot killed ${kills} times loses, doubles and sends twice nothing`, {
  timeout: 120_000 + kills * 15_000,
}, async () => {
  const config = await writeBotConfig(place('bot'), stages)
  const database = join(place('bot'), 'apex.sqlite')
  const histories = Object.entries(stages).map(
    ([name, stage]) => new History(name, stage, database),
  )
  const readyMs: number[] = []
  const users = new Users()
  for (let kill = 1; kill <= kills; kill++) {
    users.start()
    const bot = startBot({
      config,
      arguments: ['--live'],
      imports: [new URL('../../support/crashWorker.ts', import.meta.url).href],
      environment: { APEX_TEST_CRASHES: place('bot') },
    })
    const ready =
      kill % killsPerSend === 2
        ? await killAtSend(bot)
        : await killAtRandom(bot)
    if (ready !== undefined) readyMs.push(ready)
    await users.stop()
    for (const history of histories) await history.check(bot)
  }

  // Some kill has hit between what is written down and its sending.
  if (kills >= 2)
    expect(
      histories.reduce((sum, { unsentSeen }) => sum + unsentSeen, 0),
    ).toBeGreaterThan(0)
  if (kills >= 20) {
    for (const { openSeen, unsentSeen } of histories) {
      console.log(`${openSeen} open when killed, ${unsentSeen} of them unsent`)
      // Some kill has hit between a send and its block.
      expect(openSeen).toBeGreaterThan(0)
    }
    console.log(report(readyMs))
  }
  if (kills >= 200) expect(quantile(readyMs, 0.95)).toBeLessThan(mostReadyMs)

  users.start()
  const bot = startBot({ config, arguments: ['--live'] })
  await heard(bot, 6)
  await users.stop()
  const summaries = await endQuietly(bot, config, database, stages)
  // No kill has used up a limit: it trades as ever.
  for (const { landed } of summaries) expect(landed).toBeGreaterThan(0)
})

/** How long it took until every chain's first block was acted on, in milliseconds; undefined where it was killed before. */
async function killAtRandom(bot: BotProcess): Promise<number | undefined> {
  const startedAt = performance.now()
  const isEarly = random.next() * killsPerStart < 1
  const blocks = Math.floor(random.next() * mostBlocks)
  const waitMs = random.next() * (isEarly ? longestStartMs : longestWaitMs)
  let readyMs: number | undefined
  if (!isEarly) {
    await heard(bot, 1)
    readyMs = performance.now() - startedAt
    await heard(bot, 1 + blocks)
  }
  await pause(waitMs)
  bot.child.kill('SIGKILL')
  expect(await bot.ended, bot.stderr()).toBe('SIGKILL')
  return readyMs
}

/** As `killAtRandom`, where a transaction is written down and not sent yet. */
async function killAtSend(bot: BotProcess): Promise<number> {
  const startedAt = performance.now()
  await heard(bot, 1)
  const readyMs = performance.now() - startedAt
  writeFileSync(join(place('bot'), killBeforeSend), '')
  let end: number | string | undefined
  void bot.ended.then((how) => {
    end = how
  })
  await until(
    () => end !== undefined,
    () => `nothing is sent: ${bot.stdout().slice(-2000)}\n${bot.stderr()}`,
  )
  expect(end, bot.stderr()).toBe('SIGKILL')
  return readyMs
}

/** Waits until so many blocks of every chain are told. */
async function heard(bot: BotProcess, blocks: number): Promise<void> {
  await bot.until(() =>
    Object.keys(stages).every((name) => bot.blocks(name).length >= blocks),
  )
}

/** Trade on every chain until they are stopped: after that, chains stand still. */
class Users {
  #runs: readonly Promise<void>[] = []
  #isOver = false

  start(): void {
    this.#isOver = false
    this.#runs = Object.values(stages).map(async (stage) => {
      while (!this.#isOver) {
        await stage.tradeBlock()
        await pause(blockPauseMs)
      }
    })
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#runs)
  }
}

/** What is known of one chain, over all kills. */
class History {
  /** Transactions in flight when it was killed. */
  openSeen = 0
  /** Of those: written down, and on no way to the chain. */
  unsentSeen = 0
  readonly #name: string
  readonly #stage: BotStage
  readonly #database: string
  readonly #mined: MinedTransaction[] = []
  #nextBlock = 0

  constructor(name: string, stage: BotStage, database: string) {
    this.#name = name
    this.#stage = stage
    this.#database = database
  }

  async check(bot: BotProcess): Promise<void> {
    const rows = readLedger(this.#database, this.#stage)
    const byHash = new Map(rows.map((row) => [row.hash, row]))
    await this.#readChain()
    const minedHashes = new Set(this.#mined.map(({ hash }) => hash))

    // Nothing lost: all that was mined or waits to be has its row.
    const waiting = await this.#waiting()
    for (const { hash, nonce } of [...this.#mined, ...waiting])
      expect(byHash.get(hash)).toMatchObject({ nonce })
    for (const { hash, status } of this.#mined)
      expect([status, 'intended', 'dropped']).toContain(
        byHash.get(hash)!.status,
      )
    // And whatever was told before it died is there.
    for (const [, end, hash] of bot
      .stderr()
      .matchAll(new RegExp(`^${this.#name}: (\\w+) (0x[0-9a-f]{64})$`, 'gm')))
      expect(byHash.get(hash as `0x${string}`)?.status).toBe(end)

    // Nothing invented: what the ledger calls mined is on the chain.
    for (const { hash, status } of rows)
      if (status === 'landed' || status === 'reverted')
        expect(minedHashes).toContain(hash)

    // Nothing twice: no nonce, and no opportunity.
    const live = rows.filter(
      ({ status }) => status !== 'dropped' && status !== 'refused',
    )
    expectDistinct(live.map(({ nonce }) => nonce))
    expectDistinct(live.map(({ opportunity }) => opportunity))

    const open = rows.filter(({ status }) => status === 'intended')
    const sent = new Set([...minedHashes, ...waiting.map(({ hash }) => hash)])
    this.openSeen += open.length
    this.unsentSeen += open.filter(({ hash }) => !sent.has(hash)).length
  }

  async #readChain(): Promise<void> {
    this.#mined.push(...(await readMined(this.#stage, this.#nextBlock)))
    const { anvil } = this.#stage
    this.#nextBlock = 1 + Number(await anvil.request('eth_blockNumber'))
  }

  /** The operator's transactions in the node's pool. */
  async #waiting(): Promise<readonly Pick<LedgerRow, 'hash' | 'nonce'>[]> {
    const { anvil, operator } = this.#stage
    const { pending, queued } = (await anvil.request('txpool_content')) as Pool
    return [pending, queued].flatMap((pool) =>
      Object.entries(pool)
        .filter(([from]) => from.toLowerCase() === operator.toLowerCase())
        .flatMap(([, byNonce]) => Object.values(byNonce))
        .map(({ hash, nonce }) => ({ hash, nonce: Number(nonce) })),
    )
  }
}

type Pool = Readonly<
  Record<
    'pending' | 'queued',
    Readonly<
      Record<
        string,
        Readonly<Record<string, { hash: `0x${string}`; nonce: string }>>
      >
    >
  >
>

function expectDistinct(values: readonly unknown[]): void {
  expect(new Set(values).size).toBe(values.length)
}

function report(readyMs: readonly number[]): string {
  const at = (share: number): string =>
    `${Math.round(quantile(readyMs, share))} ms`
  return `${readyMs.length} starts: every chain's first block acted on after ${at(0.5)} at p50, ${at(0.95)} at p95, ${at(1)} at most`
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
