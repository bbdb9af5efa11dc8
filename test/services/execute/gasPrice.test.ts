import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../src/adapters/evm/embeddedChain.ts'
import {
  BlockContexts,
  type Head,
} from '../../../src/services/execute/blockContext.ts'
import {
  chooseGasPrice,
  effectiveGasPrice,
  replacingGasPrice,
} from '../../../src/services/execute/gasPrice.ts'

const gwei = 10n ** 9n
const head: Head = {
  blockNumber: 1,
  timestamp: 1,
  blockGasLimit: 30_000_000n,
  nextBaseFeePerGas: 8n * gwei,
  medianPriorityFeePerGas: gwei,
}

describe('chooseGasPrice', () => {
  it('default: the cap is what the base fee can rise to within the blocks', () => {
    expect(chooseGasPrice(head, {}, 1)!.maxFeePerGas).toBe(9n * gwei)
    expect(chooseGasPrice(head, {}, 2)!.maxFeePerGas).toBe(10n * gwei)
    expect(chooseGasPrice(head, {}, 3)!.maxFeePerGas).toBe(11_125_000_000n)
  })

  it('behavior: a long window does not multiply the price without end', () => {
    const six = chooseGasPrice(head, {}, 6)
    expect(chooseGasPrice(head, {}, 1000)).toEqual(six)
    expect(six!.maxFeePerGas).toBeLessThan(2n * 9n * gwei)
  })

  it('behavior: no more is offered than the policy allows', () => {
    const policy = { maxFeePerGas: 8n * gwei, maxPriorityFeePerGas: 9n * gwei }
    expect(chooseGasPrice(head, policy, 3)).toEqual({
      maxFeePerGas: 8n * gwei,
      maxPriorityFeePerGas: 8n * gwei,
    })
  })

  it('behavior: a cap below the next base fee offers nothing', () => {
    const policy = { maxFeePerGas: 8n * gwei - 1n }
    expect(chooseGasPrice(head, policy, 1)).toBeUndefined()
  })

  it('property: the price pays whatever a chain may ask within the blocks', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 13n),
        fc.bigInt(0n, 10n ** 11n),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.bigInt(0n, 8n), { minLength: 7, maxLength: 7 }),
        (base, priority, blocks, rises) => {
          const price = chooseGasPrice(
            {
              ...head,
              nextBaseFeePerGas: base,
              medianPriorityFeePerGas: priority,
            },
            {},
            blocks,
          )!
          let fee = base
          // EIP-1559: base fee * gas above target / target / 8.
          for (const rise of rises.slice(0, blocks - 1))
            fee += (fee * rise) / 8n / 8n
          expect(price.maxFeePerGas).toBeGreaterThanOrEqual(fee + priority)
          expect(effectiveGasPrice(price, fee)).toBe(fee + priority)
        },
      ),
    )
  })
})

describe('replacingGasPrice', () => {
  it('property: both fees rise by a tenth at least, and never below what is wanted', () => {
    const price = fc.record({
      maxFeePerGas: fc.bigInt(0n, 10n ** 13n),
      maxPriorityFeePerGas: fc.bigInt(0n, 10n ** 13n),
    })
    fc.assert(
      fc.property(price, price, (wanted, replaced) => {
        const chosen = replacingGasPrice(wanted, replaced)
        for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
          expect(chosen[fee]).toBeGreaterThanOrEqual(wanted[fee])
          expect(10n * chosen[fee]).toBeGreaterThanOrEqual(11n * replaced[fee])
        }
      }),
    )
  })
})

describe('BlockContexts', () => {
  it('default: the next base fee is the one the next block has', async () => {
    const chain = await createEmbeddedChain({ baseFeePerGas: 7n * gwei })
    for (let block = 0; block < 4; block++) {
      const { head } = await new BlockContexts(chain).at(block)
      expect(head.blockNumber).toBe(block)
      await chain.mine()
      const mined = await chain.request('eth_getBlockByNumber', [
        'latest',
        false,
      ])
      const { baseFeePerGas } = mined as { baseFeePerGas: string }
      expect(head.nextBaseFeePerGas).toBe(BigInt(baseFeePerGas))
    }
  })

  it('behavior: one block is read once, the next anew, a fault is not kept', async () => {
    const chain = await createEmbeddedChain()
    let requests = 0
    let isDown = true
    const contexts = new BlockContexts({
      async request(method, params) {
        requests++
        if (isDown) throw new Error('down')
        return await chain.request(method, params)
      },
    })
    await expect(contexts.at(0)).rejects.toThrow('down')
    isDown = false
    requests = 0
    const [a, b] = await Promise.all([contexts.at(0), contexts.at(0)])
    expect(a).toBe(b)
    expect(requests).toBe(2)
    await chain.mine()
    expect(await contexts.at(1)).not.toBe(a)
    expect(requests).toBe(4)
  })

  it('behavior: a node that lags does not say what plans build on', async () => {
    const chain = await createEmbeddedChain()
    await chain.mine()
    await chain.mine()
    const contexts = new BlockContexts({
      request: (method, params = []) =>
        chain.request(
          method,
          params.map((param) => (param === 'latest' ? '0x1' : param)),
        ),
    })
    // Control: it is believed where nothing newer is known.
    expect((await contexts.at(1)).head.blockNumber).toBe(1)
    expect((await contexts.at(2)).head.blockNumber).toBe(2)
  })
})
