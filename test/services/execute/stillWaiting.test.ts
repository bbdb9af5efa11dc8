import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createMemoryStore,
  openSqliteStore,
} from '../../../src/adapters/stores/index.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import type { ExecutionStore } from '../../../src/market/executionStore.ts'
import type { GasPrice, Submission } from '../../../src/market/plan.ts'
import type { Submitter } from '../../../src/market/submitter.ts'
import { createRpcSubmitter } from '../../../src/services/execute/rpcSubmitter.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'

const gwei = 10n ** 9n
/** So that all trades want the same. */
const baseFee = 10n * gwei
const gasPrice = { maxFeePerGas: 12n * gwei, maxPriorityFeePerGas: gwei }

let world: ExecutionWorld
let folder: string
beforeAll(async () => {
  world = await createExecutionWorld({ pools: 12, tokens: 4 })
  folder = mkdtempSync(join(tmpdir(), 'apex-waiting-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  await world.chain.setNextBaseFee(baseFee)
  await world.disturb(20n)
})

/** Takes all, and nobody ever sees it. */
const drawer = (isPrivate: boolean): Submitter => ({
  name: 'drawer',
  isPrivate,
  async submit() {},
})

/** Sends the best trade, as a process does that was just started. */
async function send(
  store: ExecutionStore,
  submitter: Submitter,
  rpc: Rpc = world.chain,
): Promise<Submission & { kind: 'sent' }> {
  const apex = await world.apex({ store, submitter, gasPrice, rpc })
  const [opportunity] = apex.scan({ limit: 1 }).opportunities
  const planned = await apex.plan(opportunity!)
  if (planned.kind !== 'planned') throw new Error(planned.detail)
  const submission = await apex.execution.submit(planned.plan)
  if (submission.kind !== 'sent') throw new Error(submission.kind)
  return submission
}

/** Makes blocks that cost more than is offered, until the last one has passed. */
async function expire(
  store: ExecutionStore,
  { pending, plan }: Submission & { kind: 'sent' },
): Promise<void> {
  const head = await world.chain.request('eth_blockNumber')
  for (let block = Number(head); block <= pending.terms.lastBlock; block++) {
    await world.chain.setNextBaseFee(plan.gasPrice.maxFeePerGas + 1n)
    await world.chain.mine()
  }
  const { execution } = await world.apex({ store })
  expect(await execution.settle(pending)).toMatchObject({ reason: 'expired' })
}

/** What trades offer of which each expires, and no other takes their nonce. */
async function offers(
  openStore: () => Promise<ExecutionStore>,
  submitter: Submitter,
  count: number,
): Promise<readonly GasPrice[]> {
  const prices: GasPrice[] = []
  const nonces = new Set<number>()
  for (let trade = 0; trade < count; trade++) {
    const store = await openStore()
    const sent = await send(store, submitter)
    prices.push(sent.plan.gasPrice)
    nonces.add(sent.pending.nonce)
    await expire(store, sent)
    await store.close()
  }
  expect(nonces.size).toBe(1)
  return prices
}

const rises = ({ maxFeePerGas, maxPriorityFeePerGas }: GasPrice): GasPrice => ({
  maxFeePerGas: (9n * maxFeePerGas + 7n) / 8n,
  maxPriorityFeePerGas: (9n * maxPriorityFeePerGas + 7n) / 8n,
})

let files = 0
const stores = [
  [
    'memory',
    () => {
      const store = createMemoryStore()
      return async () => store
    },
  ],
  [
    'SQLite, opened anew for each',
    () => {
      files += 1
      const path = join(folder, `${files}.db`)
      return () => openSqliteStore(path)
    },
  ],
] as const

describe.each(stores)('offers of one nonce, ledger in %s', (_, openLedger) => {
  it('default: what went to private hands is over with its last block: the next offers no more', async () => {
    const prices = await offers(openLedger(), drawer(true), 3)
    expect(prices).toEqual(prices.map(() => gasPrice))
  })

  it('control: what waits in the public pool is outbid by the next: its node would take no less', async () => {
    const pool = createRpcSubmitter(world.chain)
    const prices = await offers(openLedger(), pool, 3)
    expect(prices).toEqual([gasPrice, rises(gasPrice), rises(rises(gasPrice))])
    const pending = await world.chain.request('eth_getTransactionCount', [
      world.signer.address,
      'pending',
    ])
    const least = await world.signer.signTransaction({
      chainId: world.chain.chainId,
      nonce: Number(pending) - 1,
      to: world.signer.address,
      data: '0x',
      value: 0n,
      gasLimit: 21_000n,
      ...gasPrice,
    })
    await expect(
      world.chain.request('eth_sendRawTransaction', [least]),
    ).rejects.toThrow(/underpriced/i)
  })

  it('behavior: what a public pool no longer has need not be outbid', async () => {
    const prices = await offers(openLedger(), drawer(false), 2)
    expect(prices).toEqual([gasPrice, gasPrice])
  })
})

describe('stillWaiting', () => {
  it('behavior: a node is asked only about what it may have: not what went to the same private hands', async () => {
    const asked: unknown[] = []
    const rpc: Rpc = {
      async request(method, params) {
        if (method === 'eth_getTransactionByHash') asked.push(...params!)
        return await world.chain.request(method, params)
      },
    }
    const store = createMemoryStore()
    const first = await send(store, drawer(true))
    await expire(store, first)
    const second = await send(store, drawer(true), rpc)
    expect(asked).toEqual([])
    await expire(store, second)
    // Since then everybody may see what is sent.
    await send(store, createRpcSubmitter(world.chain), rpc)
    expect(asked).toEqual([second.pending.txHash, first.pending.txHash])
  })
})
