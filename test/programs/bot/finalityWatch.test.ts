import { beforeEach, expect, it } from 'vitest'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Outcome, PendingTransaction } from '../../../src/market/plan.ts'
import {
  type EndedTrade,
  FinalityWatch,
} from '../../../src/programs/bot/finalityWatch.ts'
import type { ExecutionService } from '../../../src/services/execute/executionService.ts'
import type { OutcomeReader } from '../../../src/services/execute/outcome.ts'
import { createRisk } from '../../../src/services/risk/createRisk.ts'
import {
  intentOf,
  landedOf,
  opportunityOf,
  planOf,
} from '../../support/plans.ts'

const finalityBlocks = 5
const pending: PendingTransaction = intentOf(
  'chain-1',
  planOf(opportunityOf(100), 0),
  0,
)
const landed = landedOf(pending as never) as Extract<
  Outcome,
  { kind: 'landed' }
>
const { blockNumber } = landed
const expired: Outcome = {
  kind: 'dropped',
  txHash: pending.txHash,
  reason: 'expired',
}

/** What the chain answers to each question; the node does not where it is an error. */
let answers: (Outcome | undefined | Error)[]
let told: (Outcome['kind'] | 'reopened')[]
let faults: number
let watch: FinalityWatch
beforeEach(async () => {
  answers = []
  told = []
  faults = 0
  const store = createMemoryStore()
  const outcomes = {
    async read() {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
  } as Partial<OutcomeReader> as OutcomeReader
  const execution = {
    store,
    ledger: 'chain-1',
    outcomes: () => outcomes,
    recheck: async (_, asked) => await asked,
    async noteReorg() {},
    takeCorrected: () => [],
  } as Partial<ExecutionService> as ExecutionService
  watch = new FinalityWatch({
    execution,
    risk: await createRisk({
      limits: {},
      store,
      ledger: 'chain-1',
      clock: () => 0,
    }),
    finalityBlocks,
    told: new Map<Hex, EndedTrade>(),
    onReopened: () => told.push('reopened'),
    onOutcome: (_, { kind }) => told.push(kind),
    onFault: () => {
      faults += 1
    },
  })
  ends()
})

/** The transaction lands, and that is told. */
function ends(head = blockNumber): void {
  watch.add({ pending, outcome: landed }, head)
  watch.noteTold({ pending, outcome: landed, miss: undefined })
}

it('is in doubt after a reorg until the node has answered', async () => {
  expect(watch.isSure).toBe(true)
  watch.reverted(blockNumber)
  expect(watch.isSure).toBe(false)
  answers = [new RpcError('gone', { method: 'eth_call' }), landed]
  expect(await watch.recheck(blockNumber)).toEqual([])
  expect([watch.isSure, faults]).toEqual([false, 1])
  expect(await watch.recheck(blockNumber)).toEqual([])
  expect(watch.isSure).toBe(true)
  // It ended as before: nothing is told twice.
  expect(told).toEqual([])
})

it('hands back what is open again, and tells another end once', async () => {
  watch.reverted(blockNumber - 1)
  answers = [undefined]
  expect(await watch.recheck(blockNumber)).toEqual([pending])
  expect(told).toEqual(['reopened'])
  ends()
  watch.reverted(blockNumber)
  answers = [expired]
  expect(await watch.recheck(blockNumber)).toEqual([])
  expect(told).toEqual(['reopened', 'reopened', 'dropped'])
})

it('asks about blocks of a reorg only, once more where the end is final, and then no more', async () => {
  watch.reverted(blockNumber + 1)
  await watch.recheck(blockNumber)
  await watch.recheck(blockNumber + finalityBlocks - 1)
  answers = [landed]
  await watch.recheck(blockNumber + finalityBlocks)
  expect(answers).toEqual([])
  answers = [undefined]
  watch.reverted(blockNumber)
  await watch.recheck(blockNumber + finalityBlocks)
  expect(answers).toEqual([undefined])
  expect(told).toEqual([])
})

it('asks again where a node had told of a block before our chain was there', async () => {
  ends(blockNumber - 1)
  await watch.recheck(blockNumber - 1)
  answers = [undefined]
  expect(await watch.recheck(blockNumber)).toEqual([pending])
})

it('asks no more where our chain has come to the very block it told of', async () => {
  ends(blockNumber - 1)
  const { blockHash } = landed
  watch.applied({ blockNumber, blockHash })
  expect(await watch.recheck(blockNumber)).toEqual([])
  expect(watch.isSure).toBe(true)
})

it('asks again where it is another block of that number', async () => {
  ends(blockNumber - 1)
  watch.applied({ blockNumber, blockHash: pending.txHash })
  answers = [undefined]
  expect(await watch.recheck(blockNumber)).toEqual([pending])
})
