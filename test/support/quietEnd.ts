import { expect } from 'vitest'
import type { BotProcess, SummaryLine } from './botProcess.ts'
import type { BotStage } from './botStage.ts'
import { expectLedgerIsChain, readLedger } from './ledgerAndChain.ts'
import { runCli } from './runCli.ts'

/** More than a transaction has to land in. */
const blocksToSettle = 5

/**
 * Pauses a bot, lets land or expire what is in flight, stops it, and holds its
 * ledger against every chain. Users must have stopped to trade.
 */
export async function endQuietly(
  bot: BotProcess,
  config: string,
  database: string,
  stages: Readonly<Record<string, BotStage>>,
): Promise<readonly SummaryLine[]> {
  await control('pause', config)
  for (let i = 0; i < blocksToSettle; i++)
    await Promise.all(
      Object.entries(stages).map(async ([name, { anvil }]) => {
        const told = bot.blocks(name).length
        await anvil.mine()
        await bot.until(() => bot.blocks(name).length > told)
      }),
    )
  const summaries = await bot.stop('SIGTERM')
  expect(await bot.ended, bot.stderr()).toBe(0)
  for (const { chain, open, endedBy } of summaries)
    expect([chain, open, endedBy]).toEqual([chain, 0, undefined])
  for (const stage of Object.values(stages))
    await expectLedgerIsChain(readLedger(database, stage), stage)
  await control('resume', config)
  return summaries
}

async function control(verb: string, config: string): Promise<void> {
  const { exitCode, stderr } = await runCli(['bot', verb, '--config', config])
  expect(exitCode, stderr).toBe(0)
}
