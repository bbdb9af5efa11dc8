import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { webSocketChainId } from '../../src/cli/webSocketChainId.ts'
import { type Anvil, startAnvil } from '../support/anvil.ts'
import { newFolder } from '../support/newFolder.ts'
import { runCli } from '../support/runCli.ts'

const path = newFolder()
let anvil: Anvil
let silent: Server

beforeAll(async () => {
  anvil = await startAnvil(4242)
  silent = createServer(() => {})
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  silent.close()
  await anvil.stop()
})

it("a genuine node's chain id", async () => {
  const url = new URL(`ws://127.0.0.1:${anvil.port}/?key=x`)
  expect(await webSocketChainId(url, 10_000)).toBe(4242)
})

it('undefined where nobody listens, or nobody answers', async () => {
  expect(
    await webSocketChainId(new URL('ws://127.0.0.1:9/key'), 10_000),
  ).toBeUndefined()
  const { port } = silent.address() as AddressInfo
  expect(
    await webSocketChainId(new URL(`ws://127.0.0.1:${port}/key`), 50),
  ).toBeUndefined()
})

it.each([
  [4242, 'ok', /: opens$/],
  [4243, 'fault', /of chain 4242, expected was chain 4243$/],
])('the doctor expects chain %i: %s', async (chainId, state, told) => {
  const file = path('apex.toml')
  const host = `127.0.0.1:${anvil.port}`
  writeFileSync(
    file,
    `database = "${path('x.sqlite')}"
    [chains.mine]
    chainId = ${chainId}
    rpc = ["http://${host}"]
    webSocket = ["ws://${host}/?key=sEcReTkEy"]`,
  )
  const run = await runCli(['doctor', '--config', file, '--json'])
  expect(run.stdout).not.toContain('sEcReT')
  const { findings } = JSON.parse(run.stdout) as {
    findings: { check: string; state: string; detail: string }[]
  }
  const finding = findings.find(({ check }) => check === 'webSocket[0]')!
  expect(finding.state).toBe(state)
  expect(finding.detail).toMatch(told)
})
