import { Wallet } from 'ethers'
import { expect, it } from 'vitest'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../src/adapters/evm/embeddedChain.ts'
import { ApexError } from '../../../src/core/errors.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { receiptOf } from '../../support/world.ts'

const alice: Hex = '0x00000000000000000000000000000000000a11ce'
const bob: Hex = '0x0000000000000000000000000000000000000b0b'
const accounts = [
  { address: alice, balance: 10n ** 20n },
  { address: bob, balance: 10n ** 20n },
]
/** Creation code that reverts with the word 42. */
const revertWith42 = '0x602a60005260206000fd'
const gwei = 10n ** 9n

type Block = {
  readonly number: Hex
  readonly hash: Hex
  readonly timestamp: Hex
  readonly baseFeePerGas: Hex
  readonly gasLimit: Hex
  readonly miner: Hex
  readonly transactions: readonly Hex[]
}

async function latest(chain: EmbeddedChain): Promise<Block> {
  return (await chain.request('eth_getBlockByNumber', [
    'latest',
    false,
  ])) as Block
}

async function send(
  chain: EmbeddedChain,
  from: Hex,
  priorityFee: bigint,
): Promise<Hex> {
  return (await chain.request('eth_sendTransaction', [
    {
      from,
      to: from,
      gas: '0x5208',
      maxFeePerGas: toHex(priorityFee + 10n * gwei),
      maxPriorityFeePerGas: toHex(priorityFee),
    },
  ])) as Hex
}

it('default: the same requests make the same blocks', async () => {
  const run = async (): Promise<Hex> => {
    const chain = await createEmbeddedChain({ accounts })
    await send(chain, alice, gwei)
    await chain.setAutomine(false)
    await send(chain, bob, gwei)
    await chain.mine()
    return (await latest(chain)).hash
  }
  expect(await run()).toBe(await run())
})

it('blocks are 12 seconds apart, however many requests are on their way', async () => {
  const chain = await createEmbeddedChain({ accounts })
  await Promise.all([1n, 2n, 3n].map((fee) => send(chain, alice, fee)))
  await chain.mine()
  expect(await chain.timestamp()).toBe(1_700_000_000 + 4 * 12)
  await chain.mine(1_700_001_000)
  await chain.mine()
  expect(await chain.timestamp()).toBe(1_700_001_012)
})

it('a call at the pending block sees the time that block will have', async () => {
  const chain = await createEmbeddedChain({ accounts })
  // Returns block.timestamp.
  const data = '0x4260005260206000f3'
  const seen = await chain.request('eth_call', [
    { from: alice, data },
    'pending',
  ])
  expect(Number(seen)).toBe(1_700_000_012)
})

it('waiting transactions race by tip', async () => {
  const chain = await createEmbeddedChain({ accounts, automine: false })
  const slow = await send(chain, alice, gwei)
  const fast = await send(chain, bob, 2n * gwei)
  await chain.mine()
  expect((await latest(chain)).transactions).toEqual([fast, slow])
})

it('a signed transaction is mined', async () => {
  const wallet = new Wallet(`0x${'42'.repeat(32)}`)
  const chain = await createEmbeddedChain({ accounts })
  await chain.setBalance(wallet.address as Hex, 10n ** 18n)
  const raw = await wallet.signTransaction({
    chainId: chain.chainId,
    nonce: 0,
    to: alice,
    value: 5n,
    gasLimit: 21_000,
    maxFeePerGas: 10n * gwei,
    maxPriorityFeePerGas: gwei,
  })
  const hash = (await chain.request('eth_sendRawTransaction', [raw])) as Hex
  expect((await receiptOf(chain, hash)).status).toBe('0x1')
})

it('a transaction that reverts is mined, and its receipt says so', async () => {
  const chain = await createEmbeddedChain({ accounts })
  const hash = (await chain.request('eth_sendTransaction', [
    { from: alice, data: revertWith42, gas: '0x186a0' },
  ])) as Hex
  expect((await receiptOf(chain, hash)).status).toBe('0x0')
})

it.each(['eth_call', 'eth_estimateGas'])(
  'error: %s of what reverts carries the data',
  async (method) => {
    const chain = await createEmbeddedChain({ accounts })
    const failing = chain.request(method, [{ from: alice, data: revertWith42 }])
    await expect(failing).rejects.toBeInstanceOf(RpcError)
    await expect(failing).rejects.toMatchObject({
      data: `0x${'2a'.padStart(64, '0')}`,
    })
  },
)

it('error: an unknown account cannot send until it is impersonated', async () => {
  const stranger: Hex = '0x00000000000000000000000000000000005742a6'
  const chain = await createEmbeddedChain({ accounts })
  await chain.setBalance(stranger, 10n ** 18n)
  await expect(send(chain, stranger, gwei)).rejects.toMatchObject({
    code: 'RPC_FAILED',
  })
  await chain.impersonate(stranger)
  const hash = await send(chain, stranger, gwei)
  expect((await receiptOf(chain, hash)).status).toBe('0x1')
})

it('after a set-up base fee, gas limit and mining are as before, even where it fails', async () => {
  const chain = await createEmbeddedChain({ accounts })
  const before = await latest(chain)
  const setUp = chain.whileSettingUp(async () => {
    for (let i = 0; i < 5; i++) await chain.mine()
    expect(BigInt((await latest(chain)).gasLimit)).toBeGreaterThan(10n ** 12n)
    throw new Error('half-way')
  })
  await expect(setUp).rejects.toThrow('half-way')
  const hash = await send(chain, alice, gwei)
  expect((await receiptOf(chain, hash)).status).toBe('0x1')
  const { baseFeePerGas, gasLimit, miner } = await latest(chain)
  expect({ baseFeePerGas, gasLimit, miner }).toEqual({
    baseFeePerGas: before.baseFeePerGas,
    gasLimit: before.gasLimit,
    miner: '0xc01bba5e00000000000000000000000000000000',
  })
})

it('error: a fork whose node does not answer names no URL', async () => {
  const url = 'http://127.0.0.1:9/a-secret-key'
  const error = await createEmbeddedChain({
    fork: { url, blockNumber: 5 },
  }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApexError)
  const { message, stack, facts } = error as ApexError
  expect(`${message} ${stack} ${JSON.stringify(facts)}`).not.toContain('secret')
  expect(message).toContain('block 5')
})

function toHex(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
