import { beforeEach, describe, expect, it } from 'vitest'
import {
  createMemoryStore,
  StoreInvalidError,
} from '../../../src/adapters/stores/index.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Intent } from '../../../src/market/executionStore.ts'
import type { Outcome, Plan } from '../../../src/market/plan.ts'
import type { EndedTrade } from '../../../src/programs/bot/finalityWatch.ts'
import { OpenTrades } from '../../../src/programs/bot/openTrades.ts'
import type { ExecutionService } from '../../../src/services/execute/executionService.ts'
import type { OutcomeReader } from '../../../src/services/execute/outcome.ts'
import { createRisk, type Risk } from '../../../src/services/risk/createRisk.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
  revertedOf,
} from '../../support/plans.ts'

const ledger = 'chain-1'
const head = { blockNumber: 100, timestamp: 1_700_001_200 }
const plan = planOf(opportunityOf(head.blockNumber))
const { operator } = plan
const intent = intentOf(ledger, plan, 0)
const landed = landedOf(intent)
const lost = revertedOf(intent) as Extract<Outcome, { kind: 'reverted' }>
const expired: Outcome = {
  kind: 'dropped',
  txHash: intent.txHash,
  reason: 'expired',
}
const failed: Outcome = {
  ...lost,
  revert: { ...lost.revert, error: 'unknown' },
}

let store: ReturnType<typeof createMemoryStore>
let risk: Risk
/** What the chain says became of each transaction, by nonce. */
let outcomes: Map<number, Outcome>
/** What the node is asked; the answer is held back while there is a gate. */
let asked: number
let gate: Promise<void> | undefined
let explaining: Promise<void> | undefined
/** The node does not tell why something reverted. */
let isDeaf: boolean
/** What landed though the ledger said that it was dropped. */
let corrected: { readonly pending: Intent; readonly outcome: Outcome }[]
let faults: number
let told: string[]
let toldEnds: Map<`0x${string}`, EndedTrade>
beforeEach(async () => {
  store = createMemoryStore()
  outcomes = new Map()
  asked = 0
  gate = undefined
  explaining = undefined
  isDeaf = false
  corrected = []
  faults = 0
  told = []
  toldEnds = new Map()
  risk = await createRisk({
    limits: { minNetProfit: -(10n ** 30n) },
    store,
    ledger,
    clock: () => head.timestamp,
  })
})

const execution = {
  get store() {
    return store
  },
  ledger,
  outcomes: (): OutcomeReader =>
    ({
      minedAs: async ({ nonce }: Intent) => {
        await gate
        const kind = outcomes.get(nonce)?.kind
        return kind === 'dropped' ? undefined : kind
      },
      read: async ({ nonce }: Intent) => {
        asked += 1
        await gate
        if (isDeaf) throw new RpcError('no answer', { method: 'eth_call' })
        return outcomes.get(nonce)
      },
    }) as Partial<OutcomeReader> as OutcomeReader,
  async settle(pending, reader) {
    const outcome = await reader!.read(pending, 0)
    if (outcome) await store.recordEnding(ledger, outcome)
    return outcome
  },
  recheck: async (_, answer) => await answer,
  async noteReorg() {},
  takeCorrected: () => corrected.splice(0),
} as Partial<ExecutionService> as ExecutionService

/** Somebody traded a pool of the cycle before: the answers to why it missed. */
const rpc: Rpc = {
  async request(method) {
    await explaining
    if (method === 'eth_getBlockByNumber')
      return { number: '0x66', timestamp: '0x0', gasLimit: '0x1c9c380' }
    if (method === 'eth_getTransactionReceipt')
      return {
        transactionHash: intent.txHash,
        blockHash: `0x${'b1'.repeat(32)}`,
        status: '0x0',
        blockNumber: '0x65',
        transactionIndex: '0x2',
        gasUsed: '0x15f90',
        effectiveGasPrice: '0x14',
        logs: [],
      }
    if (method === 'eth_getLogs')
      return [
        {
          address: plan.opportunity.cycle.hops[0]!.pool.address,
          topics: [],
          transactionHash: `0x${'77'.repeat(32)}`,
          blockNumber: '0x65',
          transactionIndex: '0x1',
          logIndex: '0x0',
          data: '0x',
        },
      ]
    throw new RpcError(`${method}: not served`, { method })
  },
}

function openTrades(): OpenTrades {
  return new OpenTrades({
    execution,
    risk,
    rpc,
    market: { pools: [], blockNumber: head.blockNumber } as never,
    finalityBlocks: 64,
    told: toldEnds,
    onReopened: ({ outcome }) => told.push(`${outcome.kind} no more`),
    onOutcome: (_, { kind }, miss) => told.push(`${kind} ${miss?.kind ?? '-'}`),
    onFault: () => {
      faults += 1
    },
  })
}

/** Judged, written down, sent. */
async function send(one: Plan, nonce: number): Promise<Intent> {
  expect((await risk.judge(one, head)).kind).toBe('allowed')
  const sent = intentOf(ledger, one, nonce)
  await store.recordPlan(ledger, one)
  await store.writeIntent(sent)
  return sent
}

/** Trades of a run that has begun and sent one. */
async function withOneSent(): Promise<{
  readonly trades: OpenTrades
  readonly sent: Intent
}> {
  const trades = openTrades()
  await trades.begin(operator)
  const sent = await send(plan, 0)
  trades.add(sent, head.blockNumber)
  return { trades, sent }
}

async function account(): Promise<{
  readonly inFlight: number
  readonly lost: number
  readonly failed: number
  readonly loss: bigint
}> {
  const { account, lossToday: loss } = await risk.status()
  const { lost, failed } = account
  return { inFlight: account.inFlight.length, lost, failed, loss }
}

describe('settle', () => {
  it('what the executor’s words explain counts at once; why the chain says so is told later', async () => {
    const { trades } = await withOneSent()
    outcomes.set(0, lost)
    const { promise, resolve: explain } = Promise.withResolvers<void>()
    explaining = promise
    await trades.settle()
    // Its pools are free before anything of it is told.
    expect(trades.all).toEqual([])
    await turns()
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, failed: 0 })
    expect(told).toEqual([])
    explain()
    await trades.rest()
    expect(told).toEqual(['reverted stale'])
  })

  it('what they leave open waits for what the chain says', async () => {
    const { trades } = await withOneSent()
    outcomes.set(0, failed)
    const { promise, resolve: explain } = Promise.withResolvers<void>()
    explaining = promise
    await trades.settle()
    await turns()
    // Until then it keeps its room, and its route.
    expect(await account()).toMatchObject({ inFlight: 1, lost: 0, failed: 0 })
    explain()
    await trades.rest()
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, failed: 0 })
  })

  it('what reverted stays open where the node does not tell why', async () => {
    const { trades, sent } = await withOneSent()
    outcomes.set(0, lost)
    isDeaf = true
    await trades.settle()
    await trades.rest()
    expect([trades.all, faults]).toEqual([[sent], 1])
    expect(await account()).toMatchObject({ inFlight: 1, lost: 0 })
    isDeaf = false
    await trades.settle()
    await trades.rest()
    expect([trades.all, faults]).toEqual([[], 1])
    expect(told).toEqual(['reverted stale'])
  })

  it('heads that come faster than answers wait for two of them, not for each', async () => {
    const { trades } = await withOneSent()
    asked = 0
    const { promise, resolve: answer } = Promise.withResolvers<void>()
    gate = promise
    trades.settleAhead()
    await turns()
    for (let i = 0; i < 60; i++) trades.settleAhead()
    answer()
    const blockNumber = head.blockNumber + 60
    await trades.settleAt({ blockNumber, blockHash: intent.txHash }).noted
    expect(asked).toBe(2)
  })

  it('a reorg undoes what was told, and what was not told yet is told once', async () => {
    const { trades } = await withOneSent()
    outcomes.set(0, lost)
    const { promise, resolve: explain } = Promise.withResolvers<void>()
    explaining = promise
    await trades.settle()
    trades.reverted(head.blockNumber + 1)
    outcomes.set(0, landed)
    const settling = trades.settle()
    explain()
    await settling
    await trades.rest()
    expect(told).toEqual(['reverted stale', 'reverted no more', 'landed -'])
    expect(await account()).toMatchObject({ inFlight: 0, lost: 0, loss: 0n })
  })
})

describe('after a fault', () => {
  it('an end that the one before was about to settle counts once', async () => {
    const { trades: before } = await withOneSent()
    outcomes.set(0, lost)
    before.settleAhead()
    await before.rest()
    const after = openTrades()
    await after.begin(operator)
    await after.rest()
    expect(told).toEqual(['reverted stale'])
    const loss = -lost.real.netProfit
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, loss })
  })

  it('what could not be noted is told once, and the next run goes on', async () => {
    const { trades: before } = await withOneSent()
    outcomes.set(0, lost)
    const { writeRisk } = store
    store.writeRisk = async () => {
      throw new StoreInvalidError('the disk is full')
    }
    await before.settle()
    await expect(before.rest()).rejects.toThrow('the disk is full')
    await before.rest()
    store.writeRisk = writeRisk
    expect(told).toEqual([])
    await openTrades().begin(operator)
    expect(told).toEqual(['reverted -'])
    const loss = -lost.real.netProfit
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, loss })
  })

  it.each<[Outcome['kind'], Outcome, { lost: number; loss: bigint }]>([
    ['landed', landed, { lost: 0, loss: 0n }],
    ['reverted', lost, { lost: 1, loss: -lost.real.netProfit }],
    ['dropped', expired, { lost: 1, loss: 0n }],
  ])(
    'of one that %s by the ledger and not by risk, risk is told',
    async (kind, outcome, books) => {
      await send(plan, 0)
      outcomes.set(0, outcome)
      await store.recordEnding(ledger, outcome)
      const trades = openTrades()
      await trades.begin(operator)
      expect(told).toEqual([`${kind} -`])
      expect(await account()).toMatchObject({ inFlight: 0, ...books })
      expect(trades.all).toEqual([])
      await openTrades().begin(operator)
      expect(told).toHaveLength(1)
    },
  )

  it('of one that dropped so, and was mined after all, that is told too', async () => {
    await send(plan, 0)
    await store.recordEnding(ledger, expired)
    const trades = openTrades()
    await trades.begin(operator)
    corrected = [{ pending: intent, outcome: lost }]
    await trades.settle()
    expect(told).toEqual(['dropped -', 'dropped no more', 'reverted -'])
    const loss = -lost.real.netProfit
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, loss })
  })

  it('it keeps its room until the node has told what it cost', async () => {
    await send(plan, 0)
    outcomes.set(0, lost)
    await store.recordEnding(ledger, lost)
    isDeaf = true
    const trades = openTrades()
    await trades.begin(operator)
    expect(told).toEqual([])
    expect(await account()).toMatchObject({ inFlight: 1, loss: 0n })
    isDeaf = false
    await trades.settle()
    expect(told).toEqual(['reverted -'])
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1 })
  })

  it('what a reorg took meanwhile is open again', async () => {
    await send(plan, 0)
    await store.recordEnding(ledger, landed)
    const trades = openTrades()
    await trades.begin(operator)
    expect(trades.all).toHaveLength(1)
    expect(await account()).toMatchObject({ inFlight: 1, loss: 0n })
    outcomes.set(0, lost)
    await trades.settle()
    await trades.rest()
    expect(told).toEqual(['reverted stale'])
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1 })
  })

  it('an end that the ledger has corrected, and nobody was told so, is told anew', async () => {
    const { trades: before } = await withOneSent()
    outcomes.set(0, expired)
    await before.settle()
    await before.rest()
    outcomes.set(0, lost)
    await store.recordEnding(ledger, lost)
    await openTrades().begin(operator)
    expect(told.map((words) => words.replace(/ \S+$/, ''))).toEqual([
      'dropped',
      'dropped no',
      'reverted',
    ])
    const loss = -lost.real.netProfit
    expect(await account()).toMatchObject({ inFlight: 0, lost: 1, loss })
  })

  it('what nobody took gives its room back', async () => {
    await send(plan, 0)
    const { txHash } = intent
    const reason = 'nonce too low'
    await store.recordEnding(ledger, { kind: 'refused', txHash, reason })
    await openTrades().begin(operator)
    expect(told).toEqual([])
    expect(await account()).toMatchObject({ inFlight: 0, failed: 0, loss: 0n })
  })

  it('a plan that never came to be signed gives its room back', async () => {
    expect((await risk.judge(plan, head)).kind).toBe('allowed')
    expect(await account()).toMatchObject({ inFlight: 1 })
    await openTrades().begin(operator)
    expect(await account()).toEqual({
      inFlight: 0,
      lost: 0,
      failed: 0,
      loss: 0n,
    })
  })

  it('control: of one that was, by an account whose trades are not asked about, the worst is assumed', async () => {
    await send(plan, 0)
    await openTrades().begin(plan.executor)
    const { inFlight, loss } = await account()
    expect(inFlight).toBe(0)
    expect(loss).toBeGreaterThan(0n)
  })

  it('many that were mined are asked about at once', async () => {
    for (let nonce = 0; nonce < 50; nonce++) {
      const sent = intentOf(ledger, planOf(opportunityOf(100), nonce), nonce)
      await store.recordPlan(ledger, planOf(opportunityOf(100), nonce))
      await store.writeIntent(sent)
      const end = landedOf(sent)
      outcomes.set(nonce, end)
      await store.recordEnding(ledger, end)
    }
    const { promise, resolve: answer } = Promise.withResolvers<void>()
    gate = promise
    const trades = openTrades()
    const begun = trades.begin(operator)
    await turns()
    expect(asked).toBe(50)
    answer()
    await begun
    expect(trades.isSure).toBe(true)
    expect(trades.all).toEqual([])
  })
})

/** All that needs no answer is done. */
async function turns(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}
