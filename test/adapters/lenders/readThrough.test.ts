import { expect, it } from 'vitest'
import { readThrough } from '../../../src/adapters/lenders/readThrough.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'

const places = [1n, 2n].map(
  (word): Hex => `0x${word.toString(16).padStart(40, '0')}`,
)

function newRpc(): Rpc {
  return { request: () => Promise.reject(new Error('nothing is asked of it')) }
}

/** Reads through an address that is told as late as possible; what was read by then comes along. */
async function read(
  rpc: Rpc,
  word: bigint,
  question = 'collector',
): Promise<{ readonly value: string; readonly early: readonly Hex[] }> {
  const asked: Hex[] = []
  const tell = Promise.withResolvers<bigint>()
  const value = readThrough(rpc, question, tell.promise, async (at) => {
    asked.push(at)
    if (at !== places[Number(word) - 1])
      throw new RpcError('gone', { method: 'eth_call' })
    return `at ${at}`
  })
  const early = [...asked]
  tell.resolve(word)
  return { value: await value, early }
}

it('asks at once at the address that was told last', async () => {
  const rpc = newRpc()
  expect(await read(rpc, 1n)).toEqual({ value: `at ${places[0]}`, early: [] })
  const second = await read(rpc, 1n)
  expect(second).toEqual({ value: `at ${places[0]}`, early: [places[0]] })
})

it('asks again where the address is another one now, whatever the old one answered', async () => {
  const rpc = newRpc()
  await read(rpc, 1n)
  const moved = await read(rpc, 2n)
  expect(moved).toEqual({ value: `at ${places[1]}`, early: [places[0]] })
  expect((await read(rpc, 2n)).early).toEqual([places[1]])
})

it('knows of other questions and other nodes nothing', async () => {
  const rpc = newRpc()
  await read(rpc, 1n)
  expect((await read(rpc, 1n, 'aToken')).early).toEqual([])
  expect((await read(newRpc(), 1n)).early).toEqual([])
})

it('a fault of either answer is told', async () => {
  const rpc = newRpc()
  const fail = (): Promise<never> =>
    Promise.reject(new RpcError('busy', { method: 'eth_call' }))
  await expect(readThrough(rpc, 'a', fail(), fail)).rejects.toThrow('busy')
  await read(rpc, 1n, 'b')
  const told = Promise.resolve(1n)
  await expect(readThrough(rpc, 'b', told, fail)).rejects.toThrow('busy')
})
