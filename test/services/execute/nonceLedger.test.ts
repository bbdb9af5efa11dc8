import { describe, expect, it } from 'vitest'
import { createEmbeddedChain } from '../../../src/adapters/evm/embeddedChain.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { NonceLedger } from '../../../src/services/execute/nonceLedger.ts'

const account = '0x00000000000000000000000000000000000000aa'
const price = { maxFeePerGas: 10n, maxPriorityFeePerGas: 1n }

/** A chain that has used so many nonces of the account. */
async function chainAfter(count: number): Promise<Rpc> {
  const chain = await createEmbeddedChain({
    accounts: [{ address: account, balance: 10n ** 20n }],
  })
  for (let i = 0; i < count; i++)
    await chain.request('eth_sendTransaction', [{ from: account, to: account }])
  return chain
}

/** `offered`: prices of earlier transactions, by nonce. */
function ledgerOn(
  rpc: Rpc,
  held: readonly number[],
  least: number,
  offered: Readonly<Record<number, typeof price>> = {},
): NonceLedger {
  return new NonceLedger(rpc, account, {
    held,
    least,
    offered: async (nonce) => offered[nonce],
  })
}

const next = async (ledger: NonceLedger): Promise<number> =>
  (await ledger.reserve()).nonce

describe('NonceLedger', () => {
  it('default: begins with what the chain has not used', async () => {
    const ledger = ledgerOn(await chainAfter(3), [], 0)
    expect([await next(ledger), await next(ledger)]).toEqual([3, 4])
  })

  it('behavior: what was prepared for a block is not asked again, for another it is', async () => {
    const chain = await chainAfter(3)
    let asked = 0
    const ledger = ledgerOn(
      {
        request: (method, params) => {
          asked += 1
          return chain.request(method, params)
        },
      },
      [],
      0,
    )
    ledger.prepare(7)
    const nonces = [await ledger.reserve(7), await ledger.reserve(7)]
    expect(nonces.map(({ nonce }) => nonce)).toEqual([3, 4])
    expect(asked).toBe(1)
    await chain.request('eth_sendTransaction', [{ from: account, to: account }])
    ledger.release(3)
    expect((await ledger.reserve(8)).nonce).toBe(5)
    expect(asked).toBe(2)
  })

  it('behavior: many at once never get the same', async () => {
    const ledger = ledgerOn(await chainAfter(0), [], 0)
    const nonces = await Promise.all(
      Array.from({ length: 50 }, () => next(ledger)),
    )
    expect(new Set(nonces).size).toBe(50)
    expect(Math.max(...nonces)).toBe(49)
  })

  it('behavior: nonces of unfinished transactions are left out', async () => {
    const ledger = ledgerOn(await chainAfter(1), [1, 3], 0)
    expect([
      await next(ledger),
      await next(ledger),
      await next(ledger),
    ]).toEqual([2, 4, 5])
  })

  it('behavior: a nonce that a reorg took back is held while it is open, and is the next when it is not', async () => {
    const ledger = ledgerOn(await chainAfter(2), [], 0)
    ledger.noteMined(await next(ledger))
    ledger.noteMined(await next(ledger))
    // The chain has two again, both ledgers' transactions are gone.
    ledger.reopen(2)
    ledger.reopen(3)
    expect(await next(ledger)).toBe(4)
    ledger.release(2)
    ledger.release(3)
    expect([await next(ledger), await next(ledger)]).toEqual([2, 3])
  })

  it('behavior: a nonce that the ledger has as mined is not handed out, whatever the node says', async () => {
    const ledger = ledgerOn(await chainAfter(2), [], 0)
    ledger.noteMined(2)
    ledger.noteMined(3)
    // Of two that a reorg may have taken, one is asked about so far.
    ledger.reopen(2)
    expect(ledger.isMined(3)).toBe(true)
    expect(await next(ledger)).toBe(4)
    ledger.release(4)
    ledger.reopen(3)
    ledger.release(2)
    ledger.release(3)
    expect(ledger.isMined(3)).toBe(false)
    expect([await next(ledger), await next(ledger)]).toEqual([2, 3])
  })

  it('behavior: a gap is filled first', async () => {
    const ledger = ledgerOn(await chainAfter(0), [], 0)
    for (let i = 0; i < 3; i++) await next(ledger)
    ledger.release(1)
    expect([await next(ledger), await next(ledger)]).toEqual([1, 3])
  })

  it('behavior: what is known to be mined is not given again by a node that lags behind', async () => {
    const ledger = ledgerOn(await chainAfter(0), [], 2)
    expect(await next(ledger)).toBe(2)
    ledger.noteMined(5)
    expect(await next(ledger)).toBe(6)
  })

  it('behavior: who takes a nonce that was offered before is told the price', async () => {
    const ledger = ledgerOn(await chainAfter(1), [], 0, { 1: price })
    expect(await ledger.reserve()).toEqual({ nonce: 1, replaces: price })
    expect(await ledger.reserve()).toEqual({ nonce: 2, replaces: undefined })
  })

  it('error: a node that fails gives no nonce, and takes none', async () => {
    const chain = await chainAfter(0)
    let isDown = true
    const ledger = ledgerOn(
      {
        async request(method, params) {
          if (isDown) throw new Error('down')
          return await chain.request(method, params)
        },
      },
      [],
      0,
    )
    await expect(ledger.reserve()).rejects.toThrow('down')
    isDown = false
    expect(await next(ledger)).toBe(0)
  })
})
