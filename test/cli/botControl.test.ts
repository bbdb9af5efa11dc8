import { rmSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import picocolors from 'picocolors'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  killSwitchFile,
  openSqliteStore,
} from '../../src/adapters/stores/index.ts'
import { botControlCommands } from '../../src/cli/botControl.ts'
import { createRisk, type Risk } from '../../src/services/risk/createRisk.ts'
import { newFolder } from '../support/newFolder.ts'
import { opportunityOf, planOf } from '../support/plans.ts'

const path = newFolder()
const key = `0x${'8b'.repeat(32)}`
let config: string
let database: string
let killSwitch: string
let tests = 0
beforeEach(() => {
  tests += 1
  config = path(`apex${tests}.toml`)
  database = path(`apex${tests}.sqlite`)
  killSwitch = path(`apex${tests}.stop`)
  writeFileSync(
    config,
    `database = "${database}"
killSwitch = "${killSwitch}"
[chains.base]
rpc = ["http://127.0.0.1:1"]
[chains.ethereum]
rpc = ["http://127.0.0.1:1"]
`,
  )
})

/** What `apex bot …` prints to stdout. */
async function bot(...args: string[]): Promise<string> {
  let stdout = ''
  const io = {
    stdout: (text: string) => {
      stdout += text
    },
    stderr: () => {},
    columns: undefined,
    stderrColumns: undefined,
    colors: picocolors.createColors(false),
    stdin: Readable.from([]),
  }
  const program = new Command('bot')
  for (const command of botControlCommands(io)) program.addCommand(command)
  for (const command of program.commands) command.exitOverride()
  await program.parseAsync([...args, '--config', config], { from: 'user' })
  return stdout
}

/** The risk of a running bot on Base, and whether it lets a plan through. */
async function running(
  ledger = 'chain-8453',
): Promise<{ risk: Risk; close(): Promise<void> }> {
  const store = await openSqliteStore(database)
  const risk = await createRisk({
    limits: {},
    store,
    ledger,
    clock: () => 1_700_000_000,
    killSwitch: killSwitchFile(killSwitch),
  })
  return { risk, close: () => store.close() }
}

async function verdict(risk: Risk, nth: number): Promise<string> {
  const plan = planOf(opportunityOf(100), nth)
  const head = { blockNumber: 100, timestamp: 1_700_000_000 }
  const judgement = await risk.judge(plan, head)
  return judgement.kind === 'allowed' ? 'allowed' : judgement.detail
}

describe('bot pause, resume, halt, status', () => {
  it('default: a running bot obeys at its next trade', async () => {
    const { risk, close } = await running()
    expect(await bot('status', '--json')).toContain('"state":"running"')
    await bot('pause', '--why', 'maintenance')
    expect(await verdict(risk, 1)).toMatch(/paused by .+: maintenance/)
    await bot('resume')
    expect(await verdict(risk, 1)).toBe('allowed')
    await bot('halt', '--chain', 'base')
    expect(await verdict(risk, 2)).toMatch(/halted by .+: by hand/)
    await close()
  })

  it('default: tells each chain’s state, who set it and why', async () => {
    const { close } = await running()
    await bot('pause', '--chain', 'base', '--why', 'to look at it')
    const found = JSON.parse(await bot('status', '--json'))
    expect(found).toMatchObject([
      {
        chain: 'base',
        isLive: true,
        state: 'paused',
        why: 'to look at it',
        inFlight: 0,
      },
      { chain: 'base', isLive: false, state: 'paused', why: 'to look at it' },
      {
        chain: 'ethereum',
        isLive: true,
        state: 'running',
        by: 'risk',
        lostToday: '0',
      },
    ])
    expect(await bot('status')).toMatch(
      /base +live +paused +\S+ +to look at it +0/,
    )
    await close()
  })

  it('default: a dry run that the kill switch halted goes on', async () => {
    const { risk, close } = await running('chain-8453-dry-run')
    writeFileSync(killSwitch, '')
    expect(await verdict(risk, 1)).toMatch(/halted by kill switch/)
    expect(await bot('status')).toMatch(
      /base +dry run +halted +kill switch[\s\S]+\nkill switch: the file \S+stop is there: nothing is sent/,
    )
    const [live] = JSON.parse(await bot('status', '--json'))
    expect(live).toMatchObject({
      state: 'running',
      killSwitch: `the file ${killSwitch} is there`,
    })
    rmSync(killSwitch)
    expect(await bot('status')).not.toContain('kill switch:')
    await bot('resume')
    expect(await verdict(risk, 1)).toBe('allowed')
    await close()
  })

  it('behavior: --live and --dry-run leave the other as it is', async () => {
    const { close } = await running()
    const states = async (...args: string[]): Promise<unknown> =>
      JSON.parse(await bot(...args, '--chain', 'base', '--json')).map(
        ({ state }: { state: string }) => state,
      )
    expect(await states('halt')).toEqual(['halted', 'halted'])
    expect(await states('resume', '--dry-run')).toEqual(['halted', 'running'])
    expect(await states('pause', '--live')).toEqual(['paused', 'running'])
    await close()
  })

  it('behavior: a key given as reason reaches neither terminal nor database', async () => {
    const { risk, close } = await running()
    expect(await bot('halt', '--why', key)).not.toContain(key.slice(2))
    expect(JSON.stringify((await risk.status()).breaker)).not.toContain(
      key.slice(2),
    )
    await close()
  })

  it('error: an unknown chain, a database that is not there', async () => {
    await expect(bot('pause')).rejects.toThrow(/there is no database/)
    const { close } = await running()
    await expect(bot('pause', '--chain', 'bsc')).rejects.toThrow(
      'the configuration has no chain bsc',
    )
    await close()
  })
})
