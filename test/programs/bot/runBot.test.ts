import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encryptKeystoreJson } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApexError } from '../../../src/core/errors.ts'
import type { ChainSummary } from '../../../src/programs/bot/options.ts'
import { runBot } from '../../../src/programs/bot/runBot.ts'
import { readConfig } from '../../../src/programs/readConfig.ts'
import { writeBotConfig } from '../../support/botConfig.ts'
import {
  type BotStage,
  botKey,
  createBotStage,
} from '../../support/botStage.ts'
import { newFolder } from '../../support/newFolder.ts'
import { pause } from '../../support/wait.ts'

/** From source, its worker too. */

const place = newFolder()
const password = 'of the keystore'
let stage: BotStage
beforeAll(async () => {
  stage = await createBotStage(1)
  const { operator: address } = stage
  writeFileSync(
    place('keystore.json'),
    await encryptKeystoreJson({ address, privateKey: botKey }, password, {
      scrypt: { N: 1024 },
    }),
    { mode: 0o600 },
  )
}, 60_000)
afterAll(() => stage?.anvil.stop())

/** Trades, with a keystore whose password nobody has configured, until so many blocks are told. */
async function trade(
  askPassword: (() => Promise<string>) | undefined,
  blocks: number,
  onBlock: () => void = () => {},
): Promise<{
  readonly summary: ChainSummary
  readonly faults: readonly string[]
}> {
  const file = await writeBotConfig(
    place('bot'),
    { ethereum: stage },
    {
      ethereum: { lines: { key: `"keystore:${place('keystore.json')}"` } },
    },
  )
  const { chains } = await readConfig({ file })
  const stop = new AbortController()
  const faults: string[] = []
  let told = 0
  const run = runBot(
    {
      chains,
      database: join(place('bot'), 'apex.sqlite'),
      killSwitch: join(place('bot'), 'apex.stop'),
      isLive: true,
      ...(askPassword && { askPassword }),
    },
    {
      onBlock: () => {
        told += 1
        onBlock()
        if (told === blocks) stop.abort()
      },
      onFault: (_, message) => faults.push(message),
    },
    stop.signal,
  )
  let isOver = false
  const end = (): void => {
    isOver = true
  }
  run.then(end, end)
  while (!isOver && told < blocks) {
    await pause(100)
    await stage.tradeBlock()
  }
  const [summary] = await run
  return { summary: summary!, faults }
}

describe('the password of a keystore', () => {
  it('is asked for here and told to the worker, which trades', async () => {
    let asked = 0
    const before = await stage.nonce()
    const { summary } = await trade(async () => {
      asked += 1
      return password
    }, 4)
    expect(asked).toBe(1)
    expect(summary.blocks).toBeGreaterThanOrEqual(4)
    expect(summary.endedBy).toBeUndefined()
    expect(summary.sent).toBeGreaterThan(0)
    expect((await stage.nonce()) - before).toBe(summary.sent)
  })

  it.each([
    ['is not told', 'chains.ethereum.password: nobody is there', refuse],
    ['nobody can ask for', 'none is configured', undefined],
    ['is wrong', 'password', async () => `${password}?`],
  ])('that %s ends the chain, with the reason', async (_, reason, ask) => {
    const { summary, faults } = await trade(ask, 1)
    expect(summary.endedBy).toContain(reason)
    expect(summary).toMatchObject({ blocks: 0, sent: 0, restarts: 0 })
    expect(faults).toEqual([summary.endedBy])
  })
})

it('what an observer throws ends the run', async () => {
  const own = new Error('of the observer')
  const run = trade(
    async () => password,
    9,
    () => {
      throw own
    },
  )
  await expect(run).rejects.toBe(own)
})

async function refuse(): Promise<string> {
  throw new ApexError('USAGE', 'nobody is there')
}
