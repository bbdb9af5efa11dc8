import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { encryptKeystoreJson, Interface } from 'ethers'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../src/adapters/evm/embeddedChain.ts'
import { addOperatorGas } from '../../src/cli/planDeployment.ts'
import { executorAbi, executorBytecode } from '../../src/contracts/index.ts'
import { parseAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import { newFolder } from '../support/newFolder.ts'
import { type RpcServer, serveRpc } from '../support/rpcServer.ts'
import { type CliRun, runCli } from '../support/runCli.ts'
import { leaked } from '../support/secrets.ts'

const key = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const deployer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const otherKey =
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'
const operator = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const operator2 = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65'
const cold = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc'
const password = 'tHe-PaSsWoRd'
const urlKey = 'uRlKeY0123456789abc'
const secrets = [key.slice(2), otherKey.slice(2), password, urlKey]

const executor = new Interface(executorAbi)
const path = newFolder()
const runs: CliRun[] = []
let chain: EmbeddedChain
let server: RpcServer
let wrappedNative: Hex

beforeAll(async () => {
  chain = await createEmbeddedChain({
    accounts: [{ address: deployer, balance: 10n ** 18n }],
  })
  server = await serveRpc(chain)
  wrappedNative = await deployWeth(chain)
})
afterAll(() => server.close())
beforeEach(() => {
  vi.stubEnv('APEX_TEST_KEY', key)
  vi.stubEnv('APEX_TEST_RPC', url())
  vi.stubEnv('APEX_TEST_PASSWORD', password)
  server.methods.length = 0
  server.intercept = undefined
})
afterEach(() => vi.unstubAllEnvs())

describe('dry run', () => {
  it('default: simulates, tells the cost, sends nothing', async () => {
    const before = await account()
    const { exitCode, stdout, stderr } = await deploy('--operator', operator)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^dry run: nothing was sent; --live deploys\n/)
    for (const row of [
      `node            127.0.0.1:${server.port}`,
      'chain           31337',
      `deployer        ${deployer}`,
      'balance         1 native coin',
      `owner           ${deployer}`,
      `operators       ${operator}`,
      `wrapped native  ${wrappedNative}`,
      'executor        0x',
      'cost            0.00',
      'cost at most    0.0',
    ])
      expect(stdout).toContain(`\n${row}`)
    expect(stdout).toMatch(/\ngas {13}\d,\d{3},\d{3}\n/)
    expect(await account()).toEqual(before)
    expect(server.methods).toContain('eth_estimateGas')
    expect(server.methods.filter((name) => /send|sign/i.test(name))).toEqual([])
  })

  it('behavior: --json', async () => {
    const { stdout } = await deploy('--operator', operator, '--json')
    const json = JSON.parse(stdout)
    expect(json).toMatchObject({
      live: false,
      node: `127.0.0.1:${server.port}`,
      chainId: 31337,
      deployer,
      owner: deployer,
      operators: [operator],
      wrappedNative,
      executor: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      balance: `${(await account()).balance}`,
      transactions: [],
      cost: null,
    })
    const gas = BigInt(json.gas)
    const price = BigInt(json.baseFeePerGas) + BigInt(json.maxPriorityFeePerGas)
    expect(BigInt(json.expectedCost)).toBe((gas + addOperatorGas) * price)
    expect(BigInt(json.mostCost)).toBeGreaterThan(BigInt(json.expectedCost))
  })

  it('behavior: a keystore needs no password', async () => {
    const file = await keystore('dry.json')
    const run = await deployWith(`keystore:${file}`)
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain(deployer)
  })

  it.each([
    [[], 'no operator is named'],
    [['--operator', deployer], 'the owner is an operator'],
    [['--owner', cold, '--operator', cold], 'the owner is an operator'],
    [['--owner', cold, '--operator', operator], 'addOperator(address)'],
  ])('behavior: %j warns', async (args, text) => {
    const { exitCode, stderr } = await deploy(...args)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^warning: /)
    expect(stderr).toContain(text)
  })

  it('behavior: too few coins warn', async () => {
    vi.stubEnv('APEX_TEST_KEY', otherKey)
    const { exitCode, stderr } = await deploy('--operator', operator)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(
      /^warning: the deployer has 0 native coin, .* may cost 0\./,
    )
  })

  it('behavior: on a rollup the data fee is part of the cost', async () => {
    const rollup = await createEmbeddedChain({ chainId: 8453 })
    const served = await serveRpc(rollup)
    const weth = await deployWeth(rollup)
    await rollup.request('hardhat_setCode', [
      '0x4200000000000000000000000000000000000006',
      await rollup.request('eth_getCode', [weth, 'latest']),
    ])
    const fee = 123_456_789_012_345n
    // The oracle's code is no part of any package: its answer is put in.
    served.intercept = async (method, params, ask) =>
      method === 'eth_call' && JSON.stringify(params).includes('0x420000')
        ? `0x${fee.toString(16).padStart(64, '0')}`
        : await ask()
    const run = await cli(
      ...['deploy', '--rpc', `http://127.0.0.1:${served.port}`],
      ...['--key', 'env:APEX_TEST_KEY', '--operator', operator, '--json'],
    )
    served.close()
    const json = JSON.parse(run.stdout)
    expect(json.l1DataFee).toBe(`${fee}`)
    const price = BigInt(json.baseFeePerGas) + BigInt(json.maxPriorityFeePerGas)
    expect(BigInt(json.expectedCost)).toBe(
      (BigInt(json.gas) + addOperatorGas) * price + fee,
    )
    expect(json.wrappedNative).toBe(
      '0x4200000000000000000000000000000000000006',
    )
  })
})

describe('--live', () => {
  it('default: deploys what was simulated and names the operators', async () => {
    const dry = JSON.parse((await deploy('--json')).stdout)
    const before = await account()
    const { exitCode, stdout, stderr } = await deploy(
      ...['--operator', operator, '--operator', operator2, '--live'],
    )
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^deployed\n/)
    expect(stdout).toContain(`executor        ${dry.executor}\n`)
    expect(stdout.match(/block \d+, gas [\d,]+, cost 0\./g)).toHaveLength(3)
    expect(stderr).toMatch(/^deployment: sending 0x[0-9a-f]{64}\n/)
    expect(stderr).toContain(`the executor lies at ${dry.executor}\n`)
    expect((await account()).nonce).toBe(before.nonce + 3)
    expect(await read(dry.executor, 'owner')).toBe(deployer)
    for (const one of [operator, operator2])
      expect(await read(dry.executor, 'isOperator', [one])).toBe(true)
    expect(await read(dry.executor, 'isOperator', [cold])).toBe(false)
    // Longer than the creation code's constructor alone: the genuine contract.
    const code = (await chain.request('eth_getCode', [dry.executor])) as string
    expect(code.length / 2 - 1).toBe(dry.codeSize)
    expect(executorBytecode).toContain(code.slice(2, 200))
  })

  it('behavior: --json, from a keystore, and costs are those of the balance', async () => {
    const file = await keystore('live.json')
    const before = await account()
    const { exitCode, stdout } = await deployWith(
      `keystore:${file}`,
      ...['--password', 'env:APEX_TEST_PASSWORD', '--operator', operator],
      ...['--live', '--json'],
    )
    expect(exitCode).toBe(0)
    const json = JSON.parse(stdout)
    expect(json.live).toBe(true)
    expect(json.transactions).toHaveLength(2)
    const after = await account()
    expect(before.balance - after.balance).toBe(BigInt(json.cost))
    expect(BigInt(json.cost)).toBeLessThanOrEqual(BigInt(json.mostCost))
    const [, named] = json.transactions
    expect(BigInt(named.gasUsed)).toBeLessThan(addOperatorGas)
    expect(BigInt(named.gasUsed)).toBeGreaterThan(addOperatorGas / 2n)
  })

  it('behavior: another owner names the operators itself', async () => {
    const before = await account()
    const { exitCode, stdout } = await deploy(
      ...['--owner', cold, '--operator', operator, '--live', '--json'],
    )
    expect(exitCode).toBe(0)
    const json = JSON.parse(stdout)
    expect(json.transactions).toHaveLength(1)
    expect(await read(json.executor, 'owner')).toBe(cold)
    expect(await read(json.executor, 'isOperator', [operator])).toBe(false)
    expect((await account()).nonce).toBe(before.nonce + 1)
  })

  it('behavior: a node that hangs up after it took the transaction', async () => {
    server.intercept = async (method, _, ask) => {
      const result = await ask()
      if (method === 'eth_sendRawTransaction') throw new Error('gone')
      return result
    }
    const before = await account()
    const { exitCode, stderr } = await deploy('--live')
    expect(exitCode).toBe(0)
    expect(stderr).toContain('no answer, it may have been sent')
    expect((await account()).nonce).toBe(before.nonce + 1)
  })

  it('error: too few coins, exit 2, nothing sent', async () => {
    vi.stubEnv('APEX_TEST_KEY', otherKey)
    const { exitCode, stdout, stderr } = await deploy('--live')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('apex: the deployer has 0 native')
    expect(server.methods).not.toContain('eth_sendRawTransaction')
  })

  it('error: other code than was simulated, exit 1', async () => {
    server.intercept = async (method, params, ask) =>
      method === 'eth_getCode' && params[0] !== wrappedNative
        ? '0x6000'
        : await ask()
    const { exitCode, stdout, stderr } = await deploy('--live')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /apex: other code lies at 0x\w{40} than was sim.*\n$/,
    )
  })

  it('error: a deployment that reverts, exit 1', async () => {
    server.intercept = async (method, _, ask) => {
      const result = await ask()
      return method === 'eth_getTransactionReceipt' && result !== null
        ? { ...(result as object), status: '0x0' }
        : result
    }
    const { exitCode, stderr } = await deploy('--live')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /apex: deployment: reverted in block \d+: 0x\w{64}\n$/,
    )
  })

  it('error: in no block in time, exit 1, with the hash', async () => {
    server.intercept = async (method, _, ask) =>
      method === 'eth_getTransactionReceipt' ? null : await ask()
    const { exitCode, stderr } = await deploy('--live', '--timeout', '1')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /apex: deployment: in no block after 1 seconds: 0x\w{64} \(it may still land.*\)\n$/,
    )
  })

  it('error: a node that refuses the transaction, exit 1', async () => {
    server.intercept = async (method, _, ask) =>
      method === 'eth_sendRawTransaction'
        ? await chain.request(method, ['0x02'])
        : await ask()
    const { exitCode, stderr } = await deploy('--live')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/apex: eth_sendRawTransaction: [^\n]+\n$/)
  })
})

describe('error', () => {
  it.each([
    ['no URL', ['--rpc', `:${urlKey}`], '--rpc is no http or https URL'],
    ['a web socket', ['--rpc', `ws://h/${urlKey}`], '--rpc is no http or'],
    [
      'no such variable',
      ['--rpc', 'env:APEX_TEST_NONE'],
      'APEX_TEST_NONE is not set',
    ],
    ['a key as key', ['--key', key], 'not a reference to a key'],
    ['a key as variable', ['--key', `env:${key}`], 'variable … is not set'],
    ['a key as owner', ['--owner', key], '--owner: not an address: "…"'],
    ['a key as operator', ['--operator', key], '--operator: not an address'],
    ['a key too many', [key], 'too many arguments'],
    ['a key as option', [`--${key}`], 'unknown option'],
    ['a password', ['--password', password, '--live'], 'not a reference to a'],
    [
      'the zero address',
      ['--owner', `0x${'0'.repeat(40)}`],
      'the zero address',
    ],
    ['no checksum', ['--owner', cold.replace('D', 'd')], 'wrong checksum'],
    ['no contract', ['--wrapped-native', cold], `no contract lies at ${cold}`],
    ['no time', ['--timeout', '0'], '--timeout is no whole number'],
  ])('%s: one line, exit 2', async (_, args, text) => {
    const { exitCode, stdout, stderr } = await deploy(...args)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^apex: [^\n]+\n$/)
    expect(stderr).toContain(text)
  })

  it('an unknown chain: one line, exit 2', async () => {
    const { exitCode, stderr } = await cli(
      ...['deploy', '--rpc', url(), '--key', 'env:APEX_TEST_KEY'],
    )
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      'apex: the wrapped native coin of chain 31337 is not known (name it by --wrapped-native)\n',
    )
  })

  it.each([
    'eth_chainId',
    'eth_getCode',
    'eth_getBlockByNumber',
    'eth_estimateGas',
  ])('nonsense for %s: one line, exit 1', async (method) => {
    for (const nonsense of [null, 'x', `http://h/${urlKey}`, {}, 1, []]) {
      server.intercept = async (asked, _, ask) =>
        asked === method ? nonsense : await ask()
      const { exitCode, stdout, stderr } = await deploy()
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toBe(`apex: ${method}: the answer is not of its form\n`)
    }
  })

  it('a node that is not there: one line, exit 1', async () => {
    const other = await serveRpc(chain)
    other.close()
    const { exitCode, stdout, stderr } = await deploy(
      ...['--rpc', `http://127.0.0.1:${other.port}/${urlKey}`],
    )
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      `apex: eth_chainId: the node at 127.0.0.1:${other.port} cannot be reached: ECONNREFUSED\n`,
    )
  })
})

describe('secrets', () => {
  it('none was printed in any run above', () => {
    expect(runs.length).toBeGreaterThan(40)
    expect(leaked(runs, secrets)).toEqual([])
  })
  it('control: one that is printed is found', () => {
    expect(leaked([...runs, { stdout: url() }], secrets)).toEqual([urlKey])
  })
})

function url(): string {
  return `http://127.0.0.1:${server.port}/v3/${urlKey}`
}

function deploy(...args: string[]): Promise<CliRun> {
  return deployWith('env:APEX_TEST_KEY', ...args)
}

function deployWith(reference: string, ...args: string[]): Promise<CliRun> {
  return cli(
    ...['deploy', '--rpc', 'env:APEX_TEST_RPC', '--key', reference],
    ...['--wrapped-native', wrappedNative, ...args],
  )
}

async function cli(...args: string[]): Promise<CliRun> {
  const run = await runCli(args)
  runs.push(run)
  return run
}

async function account(): Promise<{ nonce: number; balance: bigint }> {
  const at = [deployer, 'latest']
  return {
    nonce: Number(await chain.request('eth_getTransactionCount', at)),
    balance: BigInt((await chain.request('eth_getBalance', at)) as string),
  }
}

async function read(
  to: Hex,
  name: string,
  args: readonly unknown[] = [],
): Promise<unknown> {
  const data = executor.encodeFunctionData(name, args)
  const result = await chain.request('eth_call', [{ to, data }, 'latest'])
  return executor.decodeFunctionResult(name, result as string)[0]
}

/** The deployer's, its stretching as cheap as can be. */
async function keystore(name: string): Promise<string> {
  const account = { address: deployer, privateKey: key }
  const scrypt = { N: 2, r: 8, p: 1 }
  const text = await encryptKeystoreJson(account, password, { scrypt })
  writeFileSync(path(name), text, { mode: 0o600 })
  return path(name)
}

/** The genuine WETH9. */
async function deployWeth(on: EmbeddedChain): Promise<Hex> {
  const from = '0x00000000000000000000000000000000000a11ce'
  await on.setBalance(from, 10n ** 18n)
  await on.impersonate(from)
  const require = createRequire(import.meta.url)
  const { bytecode } = require('canonical-weth/build/contracts/WETH9.json')
  const hash = await on.request('eth_sendTransaction', [
    { from, data: bytecode },
  ])
  const receipt = await on.request('eth_getTransactionReceipt', [hash])
  return parseAddress((receipt as { contractAddress: Hex }).contractAddress)
}
