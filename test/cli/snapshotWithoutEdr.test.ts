import { existsSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { newFolder } from '../support/newFolder.ts'
import { runCli } from '../support/runCli.ts'

vi.mock('@nomicfoundation/edr', () => {
  throw new Error('it is not there')
})

const inFolder = newFolder()
/** Nobody listens there: what is asked of it fails. */
const node = 'http://127.0.0.1:9'

it('error: without the machine for trials that is said first, and how to do without', async () => {
  const file = inFolder('market.jsonl')
  const run = await runCli([
    ...['snapshot', '--rpc', node, '--chain', 'base', '--out', file],
  ])
  expect(run).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      'apex: tokens cannot be tried out: @nomicfoundation/edr is not installed (npm install @nomicfoundation/edr, or leave traps in: --no-token-checks)\n',
  })
  expect(existsSync(`${file}.progress`)).toBe(false)
})

it('behavior: a market file is verified without it', async () => {
  const run = await runCli([
    ...['snapshot', '--rpc', node, '--chain', 'base'],
    ...['--verify', inFolder('nowhere.jsonl')],
  ])
  expect(run.stderr).toMatch(/nowhere\.jsonl: no such file/)
})
