import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../src/adapters/evm/embeddedChain.ts'
import type { Hex } from '../../../src/core/hex.ts'
import {
  calldataGas,
  gasLimitFor,
  transactionGas,
} from '../../../src/services/execute/transactionGas.ts'

const sender = '0x00000000000000000000000000000000000000aa'

describe('calldataGas', () => {
  it('vector: EIP-2028 and EIP-7623 by hand', () => {
    expect(calldataGas('0x')).toEqual({ intrinsic: 21_000n, floor: 21_000n })
    expect(calldataGas('0x00ff')).toEqual({
      intrinsic: 21_020n,
      floor: 21_050n,
    })
  })

  it('equals what a chain charges for calldata to an account without code', async () => {
    const chain = await createEmbeddedChain({
      accounts: [{ address: sender, balance: 10n ** 20n }],
    })
    const samples = fc.sample(fc.uint8Array({ maxLength: 300 }), {
      numRuns: 30,
      seed: 7,
    })
    for (const bytes of samples) {
      const data: Hex = `0x${Buffer.from(bytes).toString('hex')}`
      const hash = await chain.request('eth_sendTransaction', [
        { from: sender, to: sender, data, gas: '0x30d40' },
      ])
      const receipt = await chain.request('eth_getTransactionReceipt', [hash])
      const { gasUsed } = receipt as { gasUsed: string }
      expect(calldataGas(data).intrinsic).toBe(BigInt(gasUsed))
    }
  })
})

describe('transactionGas', () => {
  it('default: intrinsic gas and execution; the floor where that is more', () => {
    const data: Hex = `0x${'ff'.repeat(100)}`
    expect(transactionGas(data, 50_000n)).toBe(72_600n)
    expect(transactionGas(data, 1n)).toBe(25_000n)
  })
})

describe('gasLimitFor', () => {
  it('default: a fifth more, never above the block or EIP-7825', () => {
    expect(gasLimitFor(200_000n, 30_000_000n)).toBe(240_000n)
    expect(gasLimitFor(200_000n, 210_000n)).toBe(210_000n)
    expect(gasLimitFor(16_000_000n, 30_000_000n)).toBe(16_777_216n)
  })
})
