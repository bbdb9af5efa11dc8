import { writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { newFolder } from '../support/newFolder.ts'
import { type CliRun, runCli } from '../support/runCli.ts'

vi.mock('@nomicfoundation/edr', () => {
  throw new Error('it is not there')
})

const inFolder = newFolder()

/** Runs a bot that lacks its market file, too: that is looked at later. */
async function runBot(newPools: string): Promise<CliRun> {
  const config = inFolder('apex.toml')
  writeFileSync(
    config,
    `database = "${inFolder('apex.sqlite')}"
killSwitch = "${inFolder('apex.stop')}"
[chains.base]
rpc = ["http://127.0.0.1:9"]
market = "${inFolder('none.jsonl')}"
[chains.base.newPools]
${newPools}
`,
  )
  return await runCli(['bot', '--config', config])
}

it('error: tokens that are to be tried out need the machine for it, which is said before trading begins', async () => {
  const lacking = await runBot('withNewTokens = true')
  expect(lacking).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^apex: not installed: @nomicfoundation\/edr: .*npm install @nomicfoundation\/edr/,
    ),
  })
})

it.each(['', 'withNewTokens = true\njoin = false'])(
  'control: without such tokens it is not asked for: %j',
  async (newPools) => {
    const { stderr } = await runBot(newPools)
    expect(stderr).toContain('none.jsonl cannot be read')
  },
)
