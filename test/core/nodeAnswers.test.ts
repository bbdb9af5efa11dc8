import { describe, expect, it } from 'vitest'
import { readNonce } from '../../src/core/accountNonce.ts'
import { readFeeHistory } from '../../src/core/feeHistory.ts'
import type { Hex } from '../../src/core/hex.ts'
import { findReceipt } from '../../src/core/receipt.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import { readBlock } from '../../src/core/rpcBlock.ts'
import { RpcError } from '../../src/core/rpcError.ts'
import { notObjects, withoutEach } from '../support/malformed.ts'
import { rejection } from '../support/secrets.ts'

const hash: Hex = `0x${'ab'.repeat(32)}`
const otherHash: Hex = `0x${'cd'.repeat(32)}`
const account: Hex = `0x${'11'.repeat(20)}`

const block = { number: '0x10', timestamp: '0x20', gasLimit: '0x30' }
const log = { address: account, topics: [hash], data: '0x00ff' }
const receipt = {
  transactionHash: hash,
  status: '0x1',
  blockNumber: '0x10',
  blockHash: otherHash,
  transactionIndex: '0x2',
  gasUsed: '0x3',
  effectiveGasPrice: '0x4',
  logs: [log],
}
const fees = { baseFeePerGas: ['0x5', '0x6'], reward: [['0x7']] }

const answering = (answer: unknown): Rpc => ({ request: async () => answer })

/** Each of these answers is a fault of the node. */
async function expectRpcError(
  read: (rpc: Rpc) => Promise<unknown>,
  method: string,
  answers: readonly unknown[],
): Promise<void> {
  for (const answer of answers) {
    const error = await rejection(read(answering(answer)))
    expect(error, JSON.stringify(answer)).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({
      message: expect.stringContaining(method),
      facts: { method },
    })
  }
}

describe('readBlock', () => {
  const read = (rpc: Rpc) => readBlock(rpc, 16)

  it('default: numbers are read', async () => {
    expect(await read(answering(block))).toEqual({
      blockNumber: 16,
      timestamp: 32,
      gasLimit: 48n,
    })
  })

  it('error: no block, or none that is whole', async () => {
    await expectRpcError(read, 'eth_getBlockByNumber', [
      ...[null, ...notObjects],
      ...withoutEach(block),
      { ...block, number: '0x20000000000000' },
    ])
  })
})

describe('findReceipt', () => {
  const read = (rpc: Rpc) => findReceipt(rpc, [hash])

  it('default: numbers are read; what only rollups have is 0 elsewhere', async () => {
    const expected = {
      txHash: hash,
      isReverted: false,
      blockNumber: 16,
      blockHash: otherHash,
      txIndex: 2,
      gasUsed: 3n,
      effectiveGasPrice: 4n,
      logs: [log],
      l1Fee: 0n,
      gasUsedForL1: 0n,
    }
    expect(await read(answering(receipt))).toEqual(expected)
    expect(
      await read(
        answering({
          ...receipt,
          status: '0x0',
          l1Fee: '0x8',
          gasUsedForL1: '0x9',
        }),
      ),
    ).toEqual({ ...expected, isReverted: true, l1Fee: 8n, gasUsedForL1: 9n })
    expect(
      await read(answering({ ...receipt, l1Fee: null, gasUsedForL1: null })),
    ).toEqual(expected)
  })

  it('behavior: of several transactions, that which is in a block', async () => {
    const rpc: Rpc = {
      request: async (_, [asked] = []) => (asked === hash ? receipt : null),
    }
    expect((await findReceipt(rpc, [otherHash, hash]))?.txHash).toBe(hash)
    expect(await findReceipt(rpc, [otherHash])).toBe(undefined)
  })

  it('behavior: what still waits is in no block, though a node has a receipt of it', async () => {
    const waiting = { ...receipt, blockNumber: null, transactionIndex: null }
    expect(await read(answering(waiting))).toBe(undefined)
  })

  it('error: no receipt, or none that is whole, or of another transaction', async () => {
    await expectRpcError(read, 'eth_getTransactionReceipt', [
      ...notObjects,
      ...withoutEach(receipt),
      ...withoutEach(log).map((log) => ({ ...receipt, logs: [log] })),
      { ...receipt, logs: [null] },
      { ...receipt, logs: [{ ...log, topics: ['0x12'] }] },
      { ...receipt, transactionHash: otherHash },
    ])
  })
})

describe('readFeeHistory', () => {
  const read = (rpc: Rpc) => readFeeHistory(rpc, 1, 'latest', [50])

  it('default: fees are read; no rewards are none', async () => {
    expect(await read(answering(fees))).toEqual({
      baseFees: [5n, 6n],
      priorityFees: [[7n]],
    })
    for (const reward of [undefined, null, []])
      expect(await read(answering({ ...fees, reward }))).toEqual({
        baseFees: [5n, 6n],
        priorityFees: [],
      })
  })

  it('error: no history, or none that tells a base fee', async () => {
    await expectRpcError(read, 'eth_feeHistory', [
      ...[null, ...notObjects],
      ...withoutEach({ baseFeePerGas: fees.baseFeePerGas }),
      { ...fees, baseFeePerGas: [] },
      { ...fees, baseFeePerGas: [null] },
      { ...fees, reward: 7 },
      { ...fees, reward: [null] },
      { ...fees, reward: [['7 gwei']] },
    ])
  })
})

describe('readNonce', () => {
  const read = (rpc: Rpc) => readNonce(rpc, account, 'latest')

  it('default: a number is read', async () => {
    expect(await read(answering('0x7'))).toBe(7)
  })

  it('error: anything else is no nonce', async () => {
    await expectRpcError(read, 'eth_getTransactionCount', [
      ...[null, ...notObjects, '0x', '0xgg', '', '0x20000000000000', {}],
    ])
  })
})
