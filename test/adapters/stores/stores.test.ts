import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createMemoryStore,
  openSqliteStore,
  StoreInvalidError,
} from '../../../src/adapters/stores/index.ts'
import type {
  Ending,
  ExecutionStore,
  Intent,
} from '../../../src/market/executionStore.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
  revertedOf,
} from '../../support/plans.ts'

const ledger = 'chain-1'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apex-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each([
  ['memory', async () => createMemoryStore()],
  ['SQLite', () => openSqliteStore(join(folder, 'apex.db'))],
] as const)('%s store', (_, open) => {
  let store: ExecutionStore
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  /** Writes down a transaction, as a sender does. */
  async function intend(
    nonce: number,
    blockNumber = 100,
    inLedger = ledger,
  ): Promise<Intent> {
    const plan = planOf(opportunityOf(blockNumber), nonce)
    await store.recordPlan(inLedger, plan)
    const intent = intentOf(inLedger, plan, nonce)
    await store.writeIntent(intent)
    return intent
  }

  const account = planOf(opportunityOf()).operator
  const unfinished = async (): Promise<readonly number[]> =>
    (await store.unfinished(ledger, account)).map(({ nonce }) => nonce)

  it('default: what is intended is unfinished until it ends', async () => {
    const [first, second] = [await intend(5), await intend(4)]
    expect(await unfinished()).toEqual([4, 5])
    await store.recordEnding(ledger, landedOf(first))
    expect(await unfinished()).toEqual([4])
    await store.recordEnding(ledger, revertedOf(second))
    expect(await unfinished()).toEqual([])
  })

  it('default: what is opened again is unfinished, and earns nothing until it ends anew', async () => {
    const [first, second] = [await intend(4), await intend(5)]
    await store.recordEnding(ledger, landedOf(first))
    await store.recordEnding(ledger, revertedOf(second))
    const { submitter: _, ...pending } = first
    const { blockNumber } = landedOf(first) as { readonly blockNumber: number }
    const mined = await store.minedFrom(ledger, account, blockNumber)
    expect(mined[0]).toEqual({ pending, kind: 'landed', blockNumber })
    expect(mined.map(({ kind }) => kind)).toEqual(['landed', 'reverted'])
    expect(await store.minedFrom(ledger, account, blockNumber + 1)).toEqual([])
    await store.reopen(ledger, first.txHash)
    expect(await unfinished()).toEqual([4])
    expect(await store.trades(ledger)).toEqual([])
    expect(await store.nonceAfterMined(ledger, account)).toBe(6)
    await store.reopen(ledger, second.txHash)
    expect(await store.nonceAfterMined(ledger, account)).toBe(0)
    await store.recordEnding(ledger, landedOf(first))
    expect(await store.trades(ledger)).toHaveLength(1)
    expect(await unfinished()).toEqual([5])
  })

  it('default: knows of a plan what became of its transaction', async () => {
    const first = await intend(4)
    const { submitter: _, ...pending } = first
    const { txHash, terms } = pending
    const kept = () => store.transactionOf(ledger, terms.id)
    expect(await kept()).toEqual({ pending, kind: 'intended' })
    const landed = landedOf(first) as { readonly blockNumber: number } & Ending
    const { blockNumber } = landed
    await store.recordEnding(ledger, landed)
    expect(await kept()).toEqual({ pending, kind: 'landed', blockNumber })
    await store.recordEnding(ledger, revertedOf(first))
    expect(await kept()).toMatchObject({ kind: 'reverted' })
    await store.reopen(ledger, txHash)
    expect(await kept()).toEqual({ pending, kind: 'intended' })
    const [reason, refusal] = ['expired', 'nonce too low'] as const
    await store.recordEnding(ledger, { kind: 'dropped', txHash, reason })
    expect(await kept()).toEqual({ pending, kind: 'dropped', reason })
    await store.recordEnding(ledger, {
      kind: 'refused',
      txHash,
      reason: refusal,
    })
    expect(await kept()).toEqual({ pending, kind: 'refused' })
    expect(await store.transactionOf(`other-${ledger}`, terms.id)).toBe(
      undefined,
    )
    expect(await store.transactionOf(ledger, `0x${'ab'.repeat(32)}`)).toBe(
      undefined,
    )
  })

  it('default: an unfinished transaction comes back with all that settles it', async () => {
    const { submitter: _, ...pending } = await intend(0)
    expect(await store.unfinished(ledger, account)).toEqual([pending])
  })

  it('behavior: accounts are the same in any case of letters', async () => {
    await intend(0)
    const upper = `0x${account.slice(2).toUpperCase()}` as const
    expect(await store.unfinished(ledger, upper)).toHaveLength(1)
  })

  it('behavior: ledgers do not see each other', async () => {
    await intend(0)
    await intend(0, 100, 'simulate-1')
    expect(await unfinished()).toEqual([0])
    expect(await store.ledgers()).toEqual([ledger, 'simulate-1'])
  })

  it('error: a nonce is not intended twice while its transaction is open', async () => {
    await intend(0)
    await expect(intend(0, 101)).rejects.toThrow(StoreInvalidError)
    await expect(intend(0, 101)).rejects.toThrow(/nonce 0 of 0x0+5b/)
    expect(await unfinished()).toEqual([0])
  })

  it.each([
    ['landed', landedOf],
    ['reverted', revertedOf],
  ] as const)('error: a nonce that %s is never used again', async (_, end) => {
    await store.recordEnding(ledger, end(await intend(0)))
    await expect(intend(0, 101)).rejects.toThrow(StoreInvalidError)
  })

  it('behavior: a nonce that was refused, or expired, is used again', async () => {
    const { txHash } = await intend(0)
    await store.recordEnding(ledger, {
      kind: 'refused',
      txHash,
      reason: 'underpriced',
    })
    const second = await intend(0, 101)
    await store.recordEnding(ledger, {
      kind: 'dropped',
      txHash: second.txHash,
      reason: 'expired',
    })
    await intend(0, 102)
    expect(await unfinished()).toEqual([0])
    expect(await store.dropped(ledger, account, 0)).toEqual([second])
  })

  it('behavior: what expired is told up to a nonce, what was replaced is not', async () => {
    for (const [nonce, reason] of (
      ['expired', 'replaced', 'expired', 'expired'] as const
    ).entries()) {
      const { txHash } = await intend(nonce)
      await store.recordEnding(ledger, { kind: 'dropped', txHash, reason })
    }
    const expired = await store.expired(ledger, account, 2)
    expect(expired.map(({ nonce }) => nonce).toSorted()).toEqual([0, 2])
  })

  it('behavior: the very same transaction may be sent again once it was refused', async () => {
    const { txHash } = await intend(0)
    await store.recordEnding(ledger, {
      kind: 'refused',
      txHash,
      reason: 'busy',
    })
    await intend(0)
    expect(await unfinished()).toEqual([0])
    await expect(intend(0)).rejects.toThrow(StoreInvalidError)
  })

  it('behavior: the next nonce follows the greatest that was mined', async () => {
    expect(await store.nonceAfterMined(ledger, account)).toBe(0)
    await store.recordEnding(ledger, revertedOf(await intend(7)))
    await store.recordEnding(ledger, landedOf(await intend(3)))
    await intend(9)
    expect(await store.nonceAfterMined(ledger, account)).toBe(8)
  })

  it('behavior: the last word counts: a block may be replaced', async () => {
    const intent = await intend(0)
    await store.recordEnding(ledger, landedOf(intent))
    expect(await store.trades(ledger)).toHaveLength(1)
    const { txHash } = intent
    await store.recordEnding(ledger, {
      kind: 'dropped',
      txHash,
      reason: 'replaced',
    })
    expect(await store.trades(ledger)).toEqual([])
    await store.recordEnding(ledger, landedOf(intent))
    await store.recordEnding(ledger, landedOf(intent))
    expect(await store.trades(ledger)).toHaveLength(1)
  })

  it('behavior: where another version was mined, the row gets its hash, whatever was said before', async () => {
    const plan = planOf(opportunityOf(100), 0)
    const otherHashes = ['0xaa', '0xbb'] as const
    const intent = { ...intentOf(ledger, plan, 0), otherHashes }
    await store.recordPlan(ledger, plan)
    await store.writeIntent(intent)
    const { submitter: _, ...pending } = intent
    expect(await store.unfinished(ledger, account)).toEqual([pending])

    await store.recordEnding(ledger, landedOf(intent))
    for (const txHash of ['0xbb', '0xaa'] as const) {
      await store.recordEnding(ledger, landedOf({ ...intent, txHash }))
      const trades = await store.trades(ledger)
      expect(trades.map((trade) => trade.txHash)).toEqual([txHash])
    }
    expect(await store.unfinished(ledger, account)).toEqual([])
    expect(await store.nonceAfterMined(ledger, account)).toBe(1)
  })

  it('behavior: what was open on a chain that is gone is ended', async () => {
    await store.recordEnding(ledger, landedOf(await intend(0)))
    const { txHash } = await intend(1)
    expect(await store.abandon(ledger)).toBe(1)
    expect(await store.abandon(ledger)).toBe(0)
    expect(await unfinished()).toEqual([])
    const [dropped] = await store.dropped(ledger, account, 1)
    expect(dropped!.txHash).toBe(txHash)
  })

  it('default: trades are told in order of blocks, amounts to the wei', async () => {
    const later = await intend(1, 200)
    const earlier = await intend(0, 100)
    await store.recordEnding(ledger, landedOf(later))
    await store.recordEnding(ledger, landedOf(earlier))
    const trades = await store.trades(ledger)
    expect(trades.map(({ blockNumber }) => blockNumber)).toEqual([101, 201])
    expect(trades[0]).toEqual({
      ledger,
      txHash: earlier.txHash,
      nonce: 0,
      planId: earlier.terms.id,
      blockNumber: 101,
      blockTimestamp: 1_700_001_212,
      lender: 'balancer-v2',
      route: 'uniswap-v2 > sushi',
      token: earlier.terms.token,
      tokenSymbol: 'WETH',
      amountIn: 10n ** 18n,
      predictedProfit: 49_999_999_999_999_993n,
      profit: 49_999_999_999_999_993n,
      expectedNetProfit: 49_999_999_994_999_993n,
      realNetProfit: 49_999_999_995_199_993n,
      gas: 4_800_000n,
    })
  })

  it('default: an opportunity is noted once, each decision about it counts', async () => {
    const opportunity = opportunityOf()
    for (const object of [opportunity, { ...opportunity }])
      for (const verdict of ['planned', 'planned', 'no-lender'])
        await store.recordDecision(ledger, {
          opportunity: object,
          stage: 'plan',
          verdict,
          detail: null,
        })
    await store.recordDecision(ledger, {
      opportunity,
      stage: 'scan',
      verdict: 'seen',
      detail: 'x',
      blockTimestamp: 1_700_000_000,
    })
    expect(await store.decisionCounts(ledger)).toEqual([
      { stage: 'plan', verdict: 'planned', count: 4 },
      { stage: 'plan', verdict: 'no-lender', count: 2 },
      { stage: 'scan', verdict: 'seen', count: 1 },
    ])
  })

  it('behavior: amounts beyond 2^63 and what they are worth survive', async () => {
    const opportunity = opportunityOf(100, {
      amountIn: 2n ** 127n,
      grossProfit: 2n ** 126n + 1n,
      grossProfitNative: 2n ** 70n + 1n,
    })
    const plan = planOf(opportunity)
    await store.recordPlan(ledger, plan)
    const { submitter: _, ...pending } = intentOf(ledger, plan, 0)
    await store.writeIntent({ ...pending, submitter: 'x' })
    expect(await store.unfinished(ledger, account)).toEqual([pending])
  })

  it('behavior: a plan that is noted again has its newer figures', async () => {
    const plan = planOf(opportunityOf())
    await store.recordPlan(ledger, plan)
    const newer = { ...plan, gasLimit: 123n, data: '0xabcd' as const }
    await store.recordPlan(ledger, newer)
    await store.writeIntent(intentOf(ledger, newer, 0))
    const [pending] = await store.unfinished(ledger, account)
    expect(pending!.terms).toMatchObject({ gasLimit: 123n, data: '0xabcd' })
  })
})

describe('memory store', () => {
  it('behavior: forgets what ended long ago, never what is open', async () => {
    const store = createMemoryStore({ keep: 2 })
    const intents = [0, 1, 2, 3].map((nonce) =>
      intentOf(ledger, planOf(opportunityOf(), nonce), nonce),
    )
    for (const intent of intents) await store.writeIntent(intent)
    const { operator } = intents[0]!.terms
    expect(await store.unfinished(ledger, operator)).toHaveLength(4)
    for (const intent of intents.slice(0, 3))
      await store.recordEnding(ledger, landedOf(intent))
    await store.writeIntent(intentOf(ledger, planOf(opportunityOf(), 4), 4))
    expect(
      (await store.unfinished(ledger, operator)).map(({ nonce }) => nonce),
    ).toEqual([3, 4])
  })
})
