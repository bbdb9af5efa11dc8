import { expect, it } from 'vitest'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { BlockContexts } from '../../../src/services/execute/blockContext.ts'

const hex = (value: number): string => `0x${value.toString(16)}`

/** A node that stands at a block, with what it was asked. */
function startNode(blockNumber: number) {
  const node = { blockNumber, isDown: false, heads: 0 }
  const rpc: Rpc = {
    async request(method, [tag] = []) {
      if (node.isDown) throw new RpcError('down', { method })
      if (method === 'eth_feeHistory') return { baseFeePerGas: ['0x7'] }
      if (tag === 'latest') node.heads += 1
      else if (Number(tag) > node.blockNumber) return null
      return {
        number: hex(node.blockNumber),
        timestamp: '0x1',
        gasLimit: '0x2',
      }
    },
  }
  return { node, contexts: new BlockContexts(rpc) }
}

const noLoans = async () => []

it('reads a block once, whoever asks, and each block anew', async () => {
  const { node, contexts } = startNode(5)
  const [first, second] = await Promise.all([contexts.at(5), contexts.at(5)])
  expect(first).toBe(second)
  expect(node.heads).toBe(1)
  node.blockNumber = 6
  expect((await contexts.at(6)).head.blockNumber).toBe(6)
  expect(node.heads).toBe(2)
})

it('has what was prepared, loans of the tokens of the block before included', async () => {
  const { node, contexts } = startNode(5)
  await (await contexts.at(5)).loans.get('0x01', noLoans)
  node.blockNumber = 6
  const asked: string[] = []
  contexts.prepare(6, async (token) => {
    asked.push(token)
    return []
  })
  const context = await contexts.at(6)
  await context.loans.get('0x01', () =>
    Promise.reject(new Error('asked again')),
  )
  expect(asked).toEqual(['0x01'])
  expect(node.heads).toBe(2)
})

it('asks once more where it was prepared before the node had the block', async () => {
  const { node, contexts } = startNode(5)
  contexts.prepare(6, noLoans)
  // Until that has failed.
  await new Promise((resolve) => setTimeout(resolve))
  node.blockNumber = 6
  const [first, second] = await Promise.all([contexts.at(6), contexts.at(6)])
  expect(first.head.blockNumber).toBe(6)
  expect(first).toBe(second)
  expect(node.heads).toBe(2)
})

it('error: a node that still lacks the block is asked once more, no oftener', async () => {
  const { node, contexts } = startNode(5)
  contexts.prepare(6, noLoans)
  await expect(contexts.at(6)).rejects.toThrow('no block 0x6')
  expect(node.heads).toBe(2)
})

it('keeps no fault of what was prepared', async () => {
  const { node, contexts } = startNode(5)
  node.isDown = true
  contexts.prepare(5, noLoans)
  await expect(contexts.at(5)).rejects.toThrow(RpcError)
  node.isDown = false
  expect((await contexts.at(5)).head.blockNumber).toBe(5)
})
