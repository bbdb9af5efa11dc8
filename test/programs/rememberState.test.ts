import { expect, it } from 'vitest'
import { rememberState } from '../../src/programs/rememberState.ts'

function counting(answer: (n: number) => unknown) {
  let asked = 0
  const rpc = rememberState({
    async request() {
      asked += 1
      return answer(asked)
    },
  })
  return { rpc, asked: () => asked }
}

it('default: state at a numbered block is asked for once, by many at once too', async () => {
  const { rpc, asked } = counting((n) => n)
  const ask = (account: string, block: string) =>
    rpc.request('eth_getCode', [account, block])
  const answers = await Promise.all([ask('0x1', '0x5'), ask('0x1', '0x5')])
  expect([...answers, await ask('0x1', '0x5')]).toEqual([1, 1, 1])
  expect(await ask('0x2', '0x5')).toBe(2)
  expect(await ask('0x1', '0x6')).toBe(3)
  expect(asked()).toBe(3)
})

it('behavior: what may change is asked for anew', async () => {
  const { rpc, asked } = counting((n) => n)
  await rpc.request('eth_getCode', ['0x1', 'latest'])
  await rpc.request('eth_getCode', ['0x1', 'latest'])
  await rpc.request('eth_blockNumber')
  await rpc.request('eth_blockNumber')
  expect(asked()).toBe(4)
})

it('error: a failure is not remembered', async () => {
  const { rpc } = counting((n) => {
    if (n === 1) throw new Error('not now')
    return n
  })
  const ask = () => rpc.request('eth_getBalance', ['0x1', '0x5'])
  await expect(ask()).rejects.toThrow('not now')
  expect(await ask()).toBe(2)
})

it('behavior: too much is forgotten as a whole', async () => {
  const { rpc, asked } = counting(() => 'f'.repeat(30_000_000))
  const ask = (account: string) => rpc.request('eth_getCode', [account, '0x5'])
  await ask('0x1')
  await ask('0x2')
  await ask('0x1')
  expect(asked()).toBe(3)
})
