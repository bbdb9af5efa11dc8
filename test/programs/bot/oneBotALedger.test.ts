import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeBotConfig } from '../../support/botConfig.ts'
import { type BotProcess, startBot } from '../../support/botProcess.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import { newFolder } from '../../support/newFolder.ts'
import { runCli } from '../../support/runCli.ts'

/** Several processes of the built `apex bot` with one configuration. */

const place = newFolder()
const bots: BotProcess[] = []
let stage: BotStage
let config: string
beforeAll(async () => {
  stage = await createBotStage(1)
  config = await writeBotConfig(place('bot'), { ethereum: stage })
}, 60_000)
afterEach(() => {
  for (const { child } of bots) child.kill('SIGKILL')
})
afterAll(() => stage?.anvil.stop())

function start(...args: string[]): BotProcess {
  const bot = startBot({ config, arguments: args })
  bots.push(bot)
  return bot
}

async function firstBlock(bot: BotProcess): Promise<void> {
  await stage.tradeBlock()
  await bot.until(() => bot.blocks('ethereum').length > 0)
}

it('a ledger has one bot at a time; the next may begin as soon as that one is killed', async () => {
  const first = start('--live')
  await firstBlock(first)

  const second = start('--live')
  expect(await second.ended).toBe(2)
  expect(second.stdout()).toBe('')
  expect(second.stderr()).toMatch(
    /^apex: another bot trades on the ledger chain-1 of \S+apex\.sqlite \(.+\)\n$/,
  )

  // A dry run keeps a ledger of its own, and commands need none.
  await firstBlock(start())
  const status = await runCli(['bot', 'status', '--config', config])
  expect(status).toMatchObject({ exitCode: 0, stderr: '' })
  const copy = place('copy.sqlite')
  await runCli(['bot', 'backup', copy, '--config', config])
  expect(existsSync(copy)).toBe(true)

  first.child.kill('SIGKILL')
  expect(await first.ended).toBe('SIGKILL')
  const third = start('--live')
  await firstBlock(third)
  await third.stop('SIGTERM')
  expect(await third.ended).toBe(0)
}, 60_000)

it('two sections of one chain are refused together, not one by one', async () => {
  const twin = await writeBotConfig(
    place('twins'),
    { ethereum: stage, twin: stage },
    { twin: { lines: { chainId: '1' } } },
  )
  const both = await runCli(['bot', '--config', twin])
  expect(both).toMatchObject({ exitCode: 2, stdout: '' })
  expect(both.stderr).toMatch(
    /^apex: chains\.ethereum: it is of chain 1, as chains\.twin is \(.+--chain ethereum\)\n$/,
  )
  expect(existsSync(join(place('twins'), 'apex.sqlite'))).toBe(false)
  const one = startBot({ config: twin, arguments: ['--chain', 'twin'] })
  bots.push(one)
  await stage.tradeBlock()
  await one.until(() => one.blocks('twin').length > 0)
}, 60_000)
