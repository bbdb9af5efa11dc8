import { AbiCoder, Interface } from 'ethers'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/hex.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import {
  arbitrumL1DataFee,
  l1DataFeeOf,
  noL1DataFee,
  opStackL1DataFee,
} from '../../../src/services/execute/l1DataFee.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'
import { notObjects } from '../../support/malformed.ts'

const to: Hex = '0x00000000000000000000000000000000000000eE'
const data: Hex = `0x${'ab'.repeat(700)}`

/** A node that answers one call; asked anything else it fails. */
function answering(
  target: string,
  signature: string,
  answer: (...args: bigint[]) => readonly bigint[],
): { request(method: string, params?: readonly unknown[]): Promise<unknown> } {
  const abi = new Interface([`function ${signature}`])
  const name = signature.slice(0, signature.indexOf('('))
  return {
    async request(method, params) {
      const [call, block] = params as [{ to: string; data: string }, string]
      expect([method, call.to, block]).toEqual(['eth_call', target, 'latest'])
      const args = abi.decodeFunctionData(name, call.data)
      return abi.encodeFunctionResult(name, answer(...args))
    },
  }
}

describe('l1DataFee', () => {
  it('error: a chain that lacks the contract', async () => {
    const rpc = { request: async () => '0x' }
    for (const dataFee of [opStackL1DataFee, arbitrumL1DataFee])
      await expect(dataFee.read(rpc, to, data)).rejects.toMatchObject({
        code: 'RPC_FAILED',
        message: expect.stringContaining('there is no contract at 0x'),
      })
  })

  it('error: an answer that makes no sense is a fault of the node', async () => {
    for (const answer of [null, ...notObjects, {}, '0x12', '0xzz'])
      for (const dataFee of [opStackL1DataFee, arbitrumL1DataFee])
        await expect(
          dataFee.read({ request: async () => answer }, to, data),
        ).rejects.toThrow(RpcError)
  })

  it('default: by the kind of chain', () => {
    expect([1, 10, 8453, 42161, 56, 137].map(l1DataFeeOf)).toEqual([
      noL1DataFee,
      opStackL1DataFee,
      opStackL1DataFee,
      arbitrumL1DataFee,
      noL1DataFee,
      noL1DataFee,
    ])
  })

  it('default: OP Stack is asked for the bound of a size that no unsigned transaction with this calldata exceeds', async () => {
    const rpc = answering(
      '0x420000000000000000000000000000000000000F',
      'getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)',
      (size) => [size! * 1000n],
    )
    const { fee, gas } = await opStackL1DataFee.read(rpc, to, data)
    expect(gas).toBe(0n)
    const { Transaction } = await import('ethers')
    const largest = Transaction.from({
      type: 2,
      chainId: 2n ** 32n,
      nonce: 2 ** 40,
      to,
      data,
      gasLimit: 2n ** 40n,
      maxFeePerGas: 2n ** 63n,
      maxPriorityFeePerGas: 2n ** 63n,
    })
    const size = largest.unsignedSerialized.length / 2 - 1
    expect(fee / 1000n).toBeGreaterThanOrEqual(BigInt(size))
    expect(fee / 1000n).toBeLessThan(BigInt(size + 40))
  })

  it('default: Arbitrum is asked for the gas of this very calldata', async () => {
    const coder = AbiCoder.defaultAbiCoder()
    const rpc = {
      async request(_: string, params?: readonly unknown[]) {
        const [call] = params as [{ to: string; data: string }]
        expect(call.to).toBe('0x00000000000000000000000000000000000000C8')
        const args = coder.decode(
          ['address', 'bool', 'bytes'],
          `0x${call.data.slice(10)}`,
        )
        expect([...args]).toEqual([to, false, data])
        return coder.encode(
          ['uint64', 'uint256', 'uint256'],
          [123_456n, 10n ** 7n, 1n],
        )
      },
    }
    expect(await arbitrumL1DataFee.read(rpc, to, data)).toEqual({
      fee: 0n,
      gas: 123_456n,
    })
  })
})

describe('plan with an L1 data fee', () => {
  let world: ExecutionWorld

  it('default: the fee is a cost of its own, the gas part of the limit, and the least profit covers both', async () => {
    world = await createExecutionWorld()
    await world.disturb()
    const plain = await world.apex()
    const [opportunity] = plain.scan({ limit: 1 }).opportunities
    const [fee, gas] = [10n ** 14n, 300_000n]
    const rollup = await world.apex({
      l1DataFee: { read: async () => ({ fee, gas }) },
    })
    const simulations = await Promise.all(
      [plain, rollup].map(async (apex) => {
        const result = await apex.plan(opportunity!)
        if (result.kind !== 'planned') throw new Error(result.detail)
        expect(result.plan.expected.l1DataFee).toBe(apex === plain ? 0n : fee)
        const simulation = await apex.simulate(result.plan)
        if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
        return simulation
      }),
    )
    const [without, withFee] = simulations
    expect(withFee!.plan.expected.l1DataFee).toBe(fee)
    const moreGas = withFee!.gasUsed - without!.gasUsed
    // The least profit's own bytes may differ.
    expect(moreGas - gas).toBeLessThan(200n)
    expect(gas - moreGas).toBeLessThan(200n)
    expect(withFee!.plan.gasLimit).toBeGreaterThan(without!.plan.gasLimit + gas)
    const { maxFeePerGas } = withFee!.plan.gasPrice
    expect(withFee!.plan.minProfit).toBeGreaterThanOrEqual(
      withFee!.gasUsed * maxFeePerGas + fee,
    )
  })
})
