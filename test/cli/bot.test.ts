import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeBotConfig } from '../support/botConfig.ts'
import { type BotStage, createBotStage } from '../support/botStage.ts'
import { newFolder } from '../support/newFolder.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { pause } from '../support/wait.ts'

/** Ethereum's: its DEXes are known by name, and pools by their addresses. */
const chainId = 1

const place = newFolder()
let stage: BotStage
let config: string
beforeAll(async () => {
  stage = await createBotStage(chainId)
}, 60_000)
afterAll(() => stage?.anvil.stop())

/** @param lines of the chain's section, over the usual ones. */
async function configure(
  lines: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const rpc = `["http://127.0.0.1:${stage.anvil.port}/?key=SECRETSECRET"]`
  config = await writeBotConfig(
    place('.'),
    { ethereum: stage },
    { ethereum: { lines: { rpc, ...lines } } },
  )
}

/** Runs the command while users trade, until what it told is enough; then asks it to stop. */
async function runUntil(
  isEnough: (stdout: string) => boolean,
  args: readonly string[],
  signal: 'SIGINT' | 'SIGTERM',
  makeBlock: (stdout: string) => Promise<void> = () => stage.tradeBlock(),
): Promise<CliRun> {
  let isOver = false
  let stdout = ''
  const run = runCli(['bot', '--config', config, '--json', ...args], {
    onStdout: (text) => {
      stdout += text
    },
  })
  void run.finally(() => {
    isOver = true
  })
  while (!isEnough(stdout) && !isOver) {
    await pause(250)
    await makeBlock(stdout)
  }
  process.emit(signal)
  return await run
}

/** As `runUntil`, for so many blocks. */
async function runBlocks(
  args: readonly string[],
  signal: 'SIGINT' | 'SIGTERM',
): Promise<CliRun> {
  const isEnough = (stdout: string): boolean =>
    linesOf('block', stdout).length >= 8
  return await runUntil(isEnough, args, signal)
}

type Line = {
  readonly chain: string
  readonly outcome: { readonly kind: string; readonly txHash: string }
}

/** Of this kind, among those that are whole. */
function linesOf(kind: string, stdout: string): readonly Line[] {
  const whole = stdout.split('\n').slice(0, -1)
  return whole
    .map((line) => JSON.parse(line))
    .filter((one) => one.kind === kind)
}

type Counts = Record<'blocks' | 'sent' | 'wouldSend' | 'landed', number>

const summaryOf = ({ stdout }: CliRun): Counts =>
  JSON.parse(stdout.trim().split('\n').at(-1)!).chains[0]

describe('apex bot', () => {
  it('behavior: a dry run tells each block and sends nothing', async () => {
    await configure()
    const before = await stage.nonce()
    const run = await runBlocks([], 'SIGTERM')
    expect(await stage.nonce()).toBe(before)
    const summary = summaryOf(run)
    expect(summary).toMatchObject({ chain: 'ethereum', sent: 0, isLive: false })
    expect(summary.blocks).toBeGreaterThan(0)
    expect(summary.wouldSend).toBeGreaterThan(0)
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain('dry run: nothing is sent')
    expect(run.stdout + run.stderr).not.toContain('SECRET')
  }, 60_000)

  it('behavior: --live lands what pays', async () => {
    await configure()
    const before = await stage.nonce()
    const run = await runBlocks(['--live'], 'SIGINT')
    const summary = summaryOf(run)
    expect(summary.landed).toBeGreaterThan(0)
    expect((await stage.nonce()) - before).toBe(summary.sent)
    expect(run.exitCode).toBe(0)
    expect(run.stdout + run.stderr).not.toContain('SECRET')
  }, 60_000)

  it('behavior: --json tells of outcomes that a reorg undid', async () => {
    await configure()
    let undone: string | undefined
    const run = await runUntil(
      (stdout) => linesOf('reopened', stdout).length > 0,
      ['--live'],
      'SIGINT',
      async (stdout) => {
        const landed = linesOf('outcome', stdout).find(
          ({ outcome }) => outcome.kind === 'landed',
        )
        if (landed && undone === undefined) {
          undone = landed.outcome.txHash
          const receipt = await stage.anvil.request(
            'eth_getTransactionReceipt',
            [undone],
          )
          const { blockNumber } = receipt as { blockNumber: string }
          const head = await stage.anvil.request('eth_blockNumber')
          await stage.anvil.request('anvil_rollback', [
            Number(head) - Number(blockNumber) + 1,
          ])
        }
        await stage.tradeBlock()
      },
    )
    const hashes = (kind: string): readonly string[] =>
      linesOf(kind, run.stdout).map(({ outcome }) => outcome.txHash)
    expect(undone).toBeDefined()
    expect(hashes('outcome')).toContain(undone)
    expect(hashes('reopened')).toContain(undone)
    expect(linesOf('reopened', run.stdout)[0]!.chain).toBe('ethereum')
  }, 60_000)

  it('error: what all would see is not sent unless configured', async () => {
    await configure({ allowsPublic: undefined })
    const before = await stage.nonce()
    const run = await runCli(['bot', '--config', config, '--live'])
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toMatch(
      /^apex: chains\.ethereum\.relays: everybody would see what is sent.*\n$/,
    )
    expect(await stage.nonce()).toBe(before)
  }, 60_000)

  it.each([
    ['rpc', 'rpc=env:APEX_NO_SUCH_URL', 'APEX_NO_SUCH_URL is not set'],
    ['market', 'market=nowhere.jsonl', 'nowhere.jsonl cannot be read'],
    ['key', 'key=', 'chains.ethereum.key'],
  ])(
    'error: what is missing is told in a line before anything begins: %s',
    async (_, setting, told) => {
      await configure()
      const run = await runCli([
        ...['bot', '--config', config],
        ...['--set', `chains.ethereum.${setting}`],
      ])
      expect(run).toMatchObject({ exitCode: 2, stdout: '' })
      expect(run.stderr).toContain(told)
      expect(run.stderr.trim().split('\n')).toHaveLength(1)
    },
  )

  it('error: a chain that is not configured', async () => {
    await configure()
    const run = await runCli(['bot', '--config', config, '--chain', 'base'])
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain('no chain base')
  })

  it('behavior: options after a command of the bot are its own', async () => {
    await configure()
    const chain = ['--config', config, '--chain', 'ethereum']
    const halt = await runCli(['bot', 'halt', ...chain])
    expect(halt.stderr).toBe('')
    expect(halt.stdout).toContain('halted')
    const resume = await runCli(['bot', 'resume', ...chain])
    expect(resume.stdout).toContain('running')
  })
})
