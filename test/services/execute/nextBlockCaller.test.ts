import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../src/adapters/evm/index.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { NextBlockCaller } from '../../../src/services/execute/nextBlockCaller.ts'
import { type Anvil, startAnvil } from '../../support/anvil.ts'

/** Returns the block's time: TIMESTAMP, MSTORE at 0, RETURN of 32 bytes. */
const tellTime = { data: '0x425f5260205ff3' }
/** REVERT without data. */
const revert = { data: '0x5f5ffd' }

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil?.stop())

/** A node whose questions are counted. */
function counted(rpc: Rpc): Rpc & { readonly asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    request: (method, params) => {
      asked += 1
      return rpc.request(method, params)
    },
  }
}

it('runs a call at the time of the next block', async () => {
  const next = (await anvil.timestamp()) + 12
  const caller = new NextBlockCaller(anvil)
  expect(BigInt(await caller.call(tellTime, next))).toBe(BigInt(next))
})

it('runs it at the time of the latest where the node refuses, and asks that once', async () => {
  const chain = await createEmbeddedChain()
  const now = BigInt(await chain.timestamp())
  const node = counted(chain)
  const caller = new NextBlockCaller(node)
  for (const asked of [2, 3]) {
    const time = await caller.call(tellTime, Number(now) + 12)
    expect(BigInt(time as string)).toBe(now)
    expect(node.asked()).toBe(asked)
  }
})

it('hands on why a call reverted, and goes on asking at that time', async () => {
  const next = (await anvil.timestamp()) + 12
  const node = counted(anvil)
  const caller = new NextBlockCaller(node)
  await expect(caller.call(revert, next)).rejects.toThrow(RpcError)
  const time = await caller.call(tellTime, next)
  expect(BigInt(time as string)).toBe(BigInt(next))
  expect(node.asked()).toBe(2)
})
