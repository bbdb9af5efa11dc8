import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import type { Apex } from '../../../src/apex.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { keccakHex } from '../../../src/core/keccak.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError, type RpcErrorFacts } from '../../../src/core/rpcError.ts'
import type { ExecutionStore } from '../../../src/market/executionStore.ts'
import type { Opportunity } from '../../../src/market/opportunity.ts'
import type {
  PendingTransaction,
  Plan,
  Submission,
} from '../../../src/market/plan.ts'
import type { ExecutionOptions } from '../../../src/services/execute/executionOptions.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'
import { pause } from '../../support/wait.ts'

let world: ExecutionWorld
let folder: string
let path: string
let files = 0

beforeAll(async () => {
  world = await createExecutionWorld({ pools: 20, tokens: 6 })
  folder = mkdtempSync(join(tmpdir(), 'apex-execute-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  path = join(folder, `${files++}.db`)
  await world.disturb()
})

/** Opportunities that share no pool, best first: each can land beside the others. */
function apart(apex: Apex): readonly Opportunity[] {
  const taken = new Set<Hex>()
  const baseTokens = apex.market.tokens.map(({ address }) => address)
  const { opportunities } = apex.scan({ limit: 200, baseTokens })
  return opportunities.filter(({ cycle }) => {
    const pools = cycle.hops.map(({ pool }) => pool.address)
    if (pools.some((pool) => taken.has(pool))) return false
    for (const pool of pools) taken.add(pool)
    return true
  })
}

async function planOf(apex: Apex, opportunity: Opportunity): Promise<Plan> {
  const result = await apex.plan(opportunity)
  if (result.kind === 'rejected') throw new Error(result.detail)
  return result.plan
}

/** An Apex with its ledger in the file, as a process that was just started has it. */
async function start(
  options: Partial<ExecutionOptions> = {},
): Promise<{ apex: Apex; store: ExecutionStore }> {
  const store = await openSqliteStore(path)
  return { apex: await world.apex({ store, ...options }), store }
}

function sent(submission: Submission): Submission & { kind: 'sent' } {
  if (submission.kind !== 'sent')
    throw new Error(JSON.stringify(submission.kind))
  return submission
}

async function usedNonces(): Promise<number> {
  const count = await world.chain.request('eth_getTransactionCount', [
    world.signer.address,
    'latest',
  ])
  return Number(count)
}

/** The chain, failing where told to. */
function faulty(fails: (method: string) => Error | undefined): Rpc {
  return {
    async request(method, params) {
      const error = fails(method)
      if (error) throw error
      return await world.chain.request(method, params)
    },
  }
}

/** Mines until the transaction's last block has passed. */
async function mineBeyond({ terms }: PendingTransaction): Promise<void> {
  const head = await world.chain.request('eth_blockNumber')
  for (let block = Number(head); block <= terms.lastBlock; block++)
    await world.chain.mine()
}

const pollMs = 5
/** Polls without a transaction after which a block is made all the same. */
const patience = 40

/**
 * Makes blocks in the meantime, as a chain does: one for what waits, and an
 * empty one now and then. On a busy machine more would pass a plan's last block
 * by before it is sent.
 */
async function whileMining<T>(run: () => Promise<T>): Promise<T> {
  let isDone = false
  const running = run().finally(() => {
    isDone = true
  })
  for (let polls = 1; !isDone; polls++) {
    await pause(pollMs)
    if (polls % patience === 0 || (await waiting()) > 0)
      await world.chain.mine()
  }
  return await running
}

async function waiting(): Promise<number> {
  const method = 'eth_getBlockTransactionCountByNumber'
  return Number(await world.chain.request(method, ['pending']))
}

describe('execute', () => {
  it('default: lands with the profit that was predicted, and the ledger has it', async () => {
    const { apex, store } = await start()
    const plan = await planOf(apex, apart(apex)[0]!)
    const before = await profitHeld(plan)
    const execution = await whileMining(() => apex.execute(plan))
    if (execution.kind !== 'landed') throw new Error(execution.kind)
    expect(execution.profit).toBe(plan.predictedProfit)
    expect((await profitHeld(plan)) - before).toBe(plan.predictedProfit)
    const { real, gasUsed, effectiveGasPrice } = execution
    expect(real.gas).toBe(gasUsed * effectiveGasPrice)
    expect(real.netProfit).toBe(
      real.grossProfit - real.premium - real.gas - real.l1DataFee - real.tip,
    )
    expect(real.grossProfit).toBe(plan.opportunity.grossProfitNative)
    expect(execution.plan.gasLimit).toBeGreaterThan(gasUsed)
    const [trade] = await store.trades(apex.execution.ledger)
    expect(trade).toMatchObject({
      txHash: execution.txHash,
      profit: plan.predictedProfit,
      predictedProfit: plan.predictedProfit,
      realNetProfit: real.netProfit,
    })
    expect(await store.decisionCounts(apex.execution.ledger)).toEqual([
      { stage: 'plan', verdict: 'planned', count: 1 },
      { stage: 'simulate', verdict: 'succeeded', count: 1 },
      { stage: 'submit', verdict: 'sent', count: 1 },
    ])
    await store.close()
  })

  it('default: many at once: no nonce twice, all land', async () => {
    // Blocks come as fast as they can be made: none must come too late.
    const { apex, store } = await start({ windowBlocks: 1000 })
    const plans: Plan[] = []
    for (const opportunity of apart(apex))
      plans.push(await planOf(apex, opportunity))
    expect(plans.length).toBeGreaterThan(2)
    const first = await usedNonces()
    const executions = await whileMining(() =>
      Promise.all(plans.map((plan) => apex.execute(plan))),
    )
    expect(executions.map(({ kind }) => kind)).toEqual(
      plans.map(() => 'landed'),
    )
    const trades = await store.trades(apex.execution.ledger)
    expect(trades.map(({ nonce }) => nonce).toSorted()).toEqual(
      plans.map((_, i) => first + i),
    )
    await store.close()
  })

  it('behavior: gas measured before sending is what is paid, within what calldata and refunds make out', async () => {
    const { apex, store } = await start({ windowBlocks: 1000 })
    for (const opportunity of apart(apex).slice(0, 3)) {
      const simulation = await apex.simulate(await planOf(apex, opportunity))
      if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
      const execution = await whileMining(() => apex.execute(simulation))
      if (execution.kind !== 'landed') throw new Error(execution.kind)
      // Dispatch and the reentrancy guard lie outside of what the contract counts; refunds are at most a fifth.
      expect(execution.gasUsed).toBeLessThan(simulation.gasUsed + 2000n)
      expect(execution.gasUsed * 5n).toBeGreaterThan(simulation.gasUsed * 4n)
    }
    await store.close()
  })

  it('behavior: a fresh simulation is not run again, a stale one is', async () => {
    let calls = 0
    const { apex, store } = await start({
      rpc: faulty((method) => {
        if (method === 'eth_call') calls++
        return undefined
      }),
    })
    const simulation = await apex.simulate(await planOf(apex, apart(apex)[0]!))
    if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
    calls = 0
    const { pending } = sent(await apex.execution.submit(simulation))
    expect(calls).toBe(0)
    await world.chain.mine()
    expect(await apex.execution.settle(pending)).toMatchObject({
      kind: 'landed',
    })
    // The state has moved on: its profit is gone.
    calls = 0
    expect(await apex.execution.submit(simulation)).toMatchObject({
      kind: 'not-sent',
      simulation: { kind: 'reverted' },
    })
    expect(calls).toBe(1)
    await store.close()
  })

  it('error: what can only be mined too late is not sent, though it simulates', async () => {
    const { apex, store } = await start({ windowBlocks: 2 })
    const plan = await planOf(apex, apart(apex)[0]!)
    await world.chain.mine()
    await world.chain.mine()
    const simulation = await apex.simulate(plan)
    if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
    for (const late of [plan, simulation])
      expect(await apex.execute(late)).toMatchObject({
        kind: 'not-sent',
        simulation: { revert: { error: 'WrongBlock', hop: undefined } },
      })
    const hasty = await world.apex({ deadlineSeconds: 1 })
    const brief = await planOf(hasty, apart(hasty)[0]!)
    await world.chain.mine()
    expect(await hasty.execute(brief)).toMatchObject({
      kind: 'not-sent',
      simulation: { revert: { error: 'Expired' } },
    })
    await store.close()
  })

  it('error: a plan whose simulation fails takes no nonce', async () => {
    const { apex, store } = await start()
    const plan = await planOf(apex, apart(apex)[0]!)
    await whileMining(() => apex.execute(plan))
    const before = await usedNonces()
    const second = await apex.execute(plan)
    expect(second).toMatchObject({
      kind: 'not-sent',
      simulation: { kind: 'reverted' },
    })
    expect(await usedNonces()).toBe(before)
    expect(
      await store.unfinished(apex.execution.ledger, world.signer.address),
    ).toEqual([])
    await store.close()
  })

  it('behavior: two for the same profit: the second reverts, pays its gas, and says which hop', async () => {
    const { apex, store } = await start()
    const plan = await planOf(apex, apart(apex)[0]!)
    const [first, second] = [
      sent(await apex.execution.submit(plan)),
      sent(await apex.execution.submit(plan)),
    ]
    expect(second.pending.nonce).toBe(first.pending.nonce + 1)
    await world.chain.mine()
    expect((await apex.execution.settle(first.pending))!.kind).toBe('landed')
    const outcome = await apex.execution.settle(second.pending)
    if (outcome?.kind !== 'reverted') throw new Error(outcome?.kind)
    expect(['HopFailed', 'HopShort', 'ProfitTooLow']).toContain(
      outcome.revert.error,
    )
    expect(outcome.real.netProfit).toBe(
      -outcome.gasUsed * outcome.effectiveGasPrice,
    )
    await store.close()
  })

  it.each<[string, Partial<RpcErrorFacts>]>([
    ['txpool is full', { rpcCode: -32000 }],
    ['HTTP status 429 of every node', { notTaken: true }],
  ])(
    'error: refused, %s: its nonce is free, the next takes it',
    async (why, facts) => {
      let refusals = 1
      const { apex, store } = await start({
        rpc: faulty((method) =>
          method === 'eth_sendRawTransaction' && refusals-- > 0
            ? new RpcError(why, { method, ...facts })
            : undefined,
        ),
      })
      const plan = await planOf(apex, apart(apex)[0]!)
      const nonce = await usedNonces()
      expect(await apex.execute(plan)).toMatchObject({
        kind: 'refused',
        reason: why,
        isUnseen: facts.notTaken === true,
      })
      const again = await whileMining(() => apex.execute(plan))
      expect(again.kind).toBe('landed')
      const [trade] = await store.trades(apex.execution.ledger)
      expect(trade!.nonce).toBe(nonce)
      await store.close()
    },
  )

  it('behavior: an error of a node that has the transaction all the same is no refusal', async () => {
    const { apex, store } = await start({
      submitter: {
        name: 'liar',
        async submit({ raw }) {
          await world.chain.request('eth_sendRawTransaction', [raw])
          throw new RpcError('already known', {
            method: 'eth_sendRawTransaction',
            rpcCode: -32000,
          })
        },
      },
    })
    const plan = await planOf(apex, apart(apex)[0]!)
    expect((await whileMining(() => apex.execute(plan))).kind).toBe('landed')
    await store.close()
  })

  it('behavior: no answer is no refusal: the chain decides', async () => {
    const silent = (isSent: boolean): ExecutionOptions['submitter'] => ({
      name: 'silent',
      async submit({ raw }) {
        if (isSent) await world.chain.request('eth_sendRawTransaction', [raw])
        throw new RpcError('timeout', { method: 'eth_sendRawTransaction' })
      },
    })
    const arrived = await start({ submitter: silent(true)! })
    const plan = await planOf(arrived.apex, apart(arrived.apex)[0]!)
    const landed = await whileMining(() => arrived.apex.execute(plan))
    expect(landed.kind).toBe('landed')
    await arrived.store.close()

    await world.disturb()
    const lost = await start({ submitter: silent(false)! })
    const other = await planOf(lost.apex, apart(lost.apex)[0]!)
    expect(await whileMining(() => lost.apex.execute(other))).toMatchObject({
      kind: 'dropped',
      reason: 'expired',
    })
    await lost.store.close()
  })

  it('behavior: an expired nonce is replaced at a higher price; what becomes of the first is known in the end', async () => {
    // The first transaction waits in a node's pool until it is too late.
    const kept: Hex[] = []
    const submitter: ExecutionOptions['submitter'] = {
      name: 'slow',
      async submit({ raw }) {
        kept.push(raw)
      },
    }
    const { apex, store } = await start({ submitter })
    const plan = await planOf(apex, apart(apex)[0]!)
    const first = await whileMining(() => apex.execute(plan))
    expect(first).toMatchObject({ kind: 'dropped', reason: 'expired' })
    const { ledger } = apex.execution

    await world.disturb()
    // As after a restart: the price it offered is in the ledger.
    const txHash = keccakHex(kept[0]!)
    const rpc: Rpc = {
      async request(method, params) {
        return method === 'eth_getTransactionByHash' && params?.[0] === txHash
          ? { hash: txHash, blockNumber: null }
          : await world.chain.request(method, params)
      },
    }
    const later = await world.apex({ store, submitter, rpc })
    const next = await planOf(later, apart(later)[0]!)
    const second = sent(await later.execution.submit(next))
    expect(second.pending.nonce).toBe(await usedNonces())
    const { gasPrice } = plan
    expect(
      8n * second.plan.gasPrice.maxPriorityFeePerGas,
    ).toBeGreaterThanOrEqual(9n * gasPrice.maxPriorityFeePerGas)

    // It is mined after all, and reverts: its blocks have passed.
    await world.chain.request('eth_sendRawTransaction', [kept[0]!])
    await world.chain.mine()
    await mineBeyond(second.pending)
    expect(await later.execution.settle(second.pending)).toMatchObject({
      kind: 'dropped',
      reason: 'replaced',
    })
    expect(await store.nonceAfterMined(ledger, world.signer.address)).toBe(
      await usedNonces(),
    )
    const dropped = await store.dropped(
      ledger,
      world.signer.address,
      second.pending.nonce,
    )
    expect(dropped.map(({ txHash }) => txHash)).toEqual([second.pending.txHash])
    await store.close()
  })

  it('behavior: what was given up and mined too late is found when a later one is settled', async () => {
    const kept: Hex[] = []
    const { apex, store } = await start({
      submitter: {
        name: 'slow',
        async submit({ raw }) {
          kept.push(raw)
        },
      },
    })
    const used = await usedNonces()
    const plan = await planOf(apex, apart(apex)[0]!)
    expect(await whileMining(() => apex.execute(plan))).toMatchObject({
      reason: 'expired',
    })
    await world.chain.request('eth_sendRawTransaction', [kept[0]!])
    await world.chain.mine()
    await world.disturb()
    const { ledger } = apex.execution
    const { address } = world.signer
    expect(await store.expired(ledger, address, used)).toHaveLength(1)
    const later = await world.apex({ store })
    const next = await planOf(later, apart(later)[0]!)
    const { pending } = sent(await later.execution.submit(next))
    expect(pending.nonce).toBe(used + 1)
    await world.chain.mine()
    expect((await later.execution.settle(pending))?.kind).toBe('landed')
    // It reverted in its block: no longer dropped.
    expect(await store.dropped(ledger, address, used)).toEqual([])
    await store.close()
  })
})

describe('own funds', () => {
  beforeAll(async () => {
    // An executor that has earned nothing yet.
    world = await createExecutionWorld({ pools: 20, tokens: 6 })
  })

  it('default: what the executor has earned trades without a loan', async () => {
    const { apex, store } = await start({ usesOwnFunds: true })
    const [first] = apart(apex)
    const token = first!.cycle.tokenIn.address
    // Less than what is needed: still borrowed.
    const held = await profitHeld(await planOf(apex, first!))
    expect(held).toBeLessThan(first!.amountIn)
    expect((await planOf(apex, first!)).loan.kind).not.toBe('none')
    await world.world.mint(token, world.executor, first!.amountIn)
    await world.chain.mine()

    const rich = await world.apex({ store, usesOwnFunds: true })
    const plan = await planOf(rich, apart(rich)[0]!)
    expect(plan.loan).toMatchObject({ lender: 'none', premium: 0n })
    const execution = await whileMining(() => rich.execute(plan))
    expect(execution).toMatchObject({
      kind: 'landed',
      profit: plan.predictedProfit,
    })
    await store.close()
  })
})

describe('waitFor', () => {
  it('behavior: puts up with a node that fails now and then', async () => {
    let looks = 0
    const { apex, store } = await start({
      rpc: faulty((method) =>
        method === 'eth_getTransactionReceipt' && looks++ % 3 !== 2
          ? new RpcError('timeout', { method })
          : undefined,
      ),
    })
    const plan = await planOf(apex, apart(apex)[0]!)
    expect((await whileMining(() => apex.execute(plan))).kind).toBe('landed')
    expect(looks).toBeGreaterThan(2)
    await store.close()
  })

  it('error: gives up on a node that is gone; the transaction stays unfinished', async () => {
    let isDown = false
    const { apex, store } = await start({
      rpc: faulty((method) =>
        isDown ? new RpcError('timeout', { method }) : undefined,
      ),
    })
    const plan = await planOf(apex, apart(apex)[0]!)
    const { pending } = sent(await apex.execution.submit(plan))
    isDown = true
    await expect(apex.execution.waitFor(pending)).rejects.toMatchObject({
      code: 'RPC_FAILED',
    })
    isDown = false
    await world.chain.mine()
    const { settled, open } = await apex.execution.settleUnfinished()
    expect(settled).toMatchObject([{ kind: 'landed', txHash: pending.txHash }])
    expect(open).toEqual([])
    await store.close()
  })

  it('behavior: waits for as many blocks as are asked for', async () => {
    const { apex, store } = await start({ confirmations: 2 })
    const plan = await planOf(apex, apart(apex)[0]!)
    const { pending } = sent(await apex.execution.submit(plan))
    const seen: (string | undefined)[] = []
    for (let block = 0; block < 4; block++) {
      seen.push((await apex.execution.settle(pending))?.kind)
      await world.chain.mine()
    }
    expect(seen).toEqual([undefined, undefined, undefined, 'landed'])
    await store.close()
  })
})

/** A process dies at each step; the next one, with the same file, sets right what it left. */
describe('restart', () => {
  class Died extends Error {}

  it.each(['eth_blockNumber', 'eth_getTransactionCount'] as const)(
    'behavior: died before the intent, at %s: nothing is left',
    async (method) => {
      let isArmed = false
      const { apex, store } = await start({
        rpc: faulty((asked) =>
          isArmed && asked === method ? new Died() : undefined,
        ),
        ...(method === 'eth_blockNumber' && {
          signer: {
            address: world.signer.address,
            signTransaction: () => Promise.reject(new Died()),
          },
        }),
      })
      const plan = await planOf(apex, apart(apex)[0]!)
      isArmed = true
      await expect(apex.execute(plan)).rejects.toThrow(Died)
      await store.close()
      const next = await start()
      expect(await next.apex.execution.settleUnfinished()).toEqual({
        settled: [],
        open: [],
      })
      const used = await usedNonces()
      const { pending } = sent(await next.apex.execution.submit(plan))
      expect(pending.nonce).toBe(used)
      await world.chain.mine()
      expect((await next.apex.execution.settle(pending))?.kind).toBe('landed')
      await next.store.close()
    },
  )

  it('behavior: died between intent and sending: the nonce is kept until its blocks have passed', async () => {
    const { apex, store } = await start({
      submitter: { name: 'dead', submit: () => Promise.reject(new Died()) },
    })
    const [first, second] = apart(apex)
    const plan = await planOf(apex, first!)
    const used = await usedNonces()
    await expect(apex.execute(plan)).rejects.toThrow(Died)
    await store.close()

    const next = await start()
    const { open } = await next.apex.execution.settleUnfinished()
    expect(open.map(({ nonce }) => nonce)).toEqual([used])
    // Sent meanwhile: a nonce of its own, which waits for the gap to close.
    const other = sent(
      await next.apex.execution.submit(await planOf(next.apex, second!)),
    )
    expect(other.pending.nonce).toBe(used + 1)
    for (let block = 0; block < 4; block++) await world.chain.mine()
    const { settled } = await next.apex.execution.settleUnfinished()
    expect(settled).toMatchObject([
      { kind: 'dropped', reason: 'expired' },
      { kind: 'dropped', reason: 'expired' },
    ])
    await world.disturb()
    const fresh = await world.apex({ store: next.store })
    const third = sent(
      await fresh.execution.submit(await planOf(fresh, apart(fresh)[0]!)),
    )
    expect(third.pending.nonce).toBe(used)
    await world.chain.mine()
    expect((await fresh.execution.settle(third.pending))?.kind).toBe('landed')
    // The one behind it is freed too, and reverts: its blocks have passed.
    expect(await usedNonces()).toBe(used + 2)
    await next.store.close()
  })

  it.each([
    ['before the block', false],
    ['after the block', true],
  ])(
    'behavior: died after sending, %s: the trade is found, once',
    async (_, isMined) => {
      const { apex, store } = await start({
        submitter: {
          name: 'dies after',
          async submit({ raw }) {
            await world.chain.request('eth_sendRawTransaction', [raw])
            throw new Died()
          },
        },
      })
      const plan = await planOf(apex, apart(apex)[0]!)
      const used = await usedNonces()
      await expect(apex.execute(plan)).rejects.toThrow(Died)
      if (isMined) await world.chain.mine()
      await store.close()

      const next = await start()
      if (!isMined) {
        const { open } = await next.apex.execution.settleUnfinished()
        expect(open).toHaveLength(1)
        await world.chain.mine()
      }
      const { settled } = await next.apex.execution.settleUnfinished()
      expect(settled).toMatchObject([
        { kind: 'landed', profit: plan.predictedProfit },
      ])
      expect(await next.apex.execution.settleUnfinished()).toEqual({
        settled: [],
        open: [],
      })
      const trades = await next.store.trades(next.apex.execution.ledger)
      expect(trades).toHaveLength(1)
      expect(trades[0]!.nonce).toBe(used)
      await next.store.close()
    },
  )

  it('behavior: died while settling: settled again, one fill', async () => {
    let isArmed = false
    const { apex, store } = await start({
      rpc: faulty((method) =>
        isArmed && method === 'eth_getTransactionReceipt'
          ? new Died()
          : undefined,
      ),
    })
    const plan = await planOf(apex, apart(apex)[0]!)
    const { pending } = sent(await apex.execution.submit(plan))
    await world.chain.mine()
    isArmed = true
    await expect(apex.execution.settle(pending)).rejects.toThrow(Died)
    await store.close()
    const next = await start()
    for (let i = 0; i < 2; i++) await next.apex.execution.settleUnfinished()
    expect(await next.store.trades(next.apex.execution.ledger)).toHaveLength(1)
    await next.store.close()
  })

  it('behavior: a nonce that others used is known as such', async () => {
    const { apex, store } = await start({
      submitter: { name: 'nowhere', async submit() {} },
    })
    const plan = await planOf(apex, apart(apex)[0]!)
    const { pending } = sent(await apex.execution.submit(plan))
    const raw = await world.signer.signTransaction({
      chainId: world.chain.chainId,
      nonce: pending.nonce,
      to: world.signer.address,
      data: '0x',
      value: 0n,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 9n,
    })
    await world.chain.request('eth_sendRawTransaction', [raw])
    await world.chain.mine()
    // One node of several may not have the receipt yet: no hurry.
    expect(await apex.execution.settle(pending)).toBeUndefined()
    await mineBeyond(pending)
    expect(await apex.execution.settle(pending)).toMatchObject({
      kind: 'dropped',
      reason: 'replaced',
    })
    await store.close()
  })

  it('behavior: what was given up and mined too late waits for the one that was to replace it', async () => {
    const kept: Hex[] = []
    const submitter: ExecutionOptions['submitter'] = {
      name: 'slow',
      async submit({ raw }) {
        kept.push(raw)
      },
    }
    const { apex, store } = await start({ submitter })
    const plan = await planOf(apex, apart(apex)[0]!)
    expect(await whileMining(() => apex.execute(plan))).toMatchObject({
      reason: 'expired',
    })
    await world.disturb()
    const later = await world.apex({ store, submitter })
    const { execution } = later
    const [one, other] = apart(later)
    const replacing = sent(await execution.submit(await planOf(later, one!)))
    const last = sent(await execution.submit(await planOf(later, other!)))
    for (const raw of [kept[0]!, kept[2]!])
      await world.chain.request('eth_sendRawTransaction', [raw])
    await world.chain.mine()
    // A ledger has one transaction of a nonce that is open or mined.
    expect((await execution.settle(last.pending))?.kind).toBe('landed')
    await mineBeyond(replacing.pending)
    expect(await execution.settle(replacing.pending)).toMatchObject({
      reason: 'replaced',
    })
    const { nonce, txHash } = replacing.pending
    const { address } = world.signer
    const dropped = await store.dropped(execution.ledger, address, nonce)
    expect(dropped.map((pending) => pending.txHash)).toEqual([txHash])
    await store.close()
  })

  it('behavior: the first swap of a block takes more gas than was measured; the least profit covers it', async () => {
    await world.disturb()
    const { apex, store } = await start()
    const { opportunities } = apex.scan({ limit: 400 })
    const throughPairs = opportunities.find(({ cycle }) =>
      cycle.hops.every(({ pool }) => pool.family === 'constantProduct'),
    )!
    const simulation = await apex.simulate(await planOf(apex, throughPairs))
    if (simulation.kind !== 'succeeded') throw new Error(simulation.kind)
    const { plan } = sent(await apex.execution.submit(simulation))
    await world.chain.mine()
    const { settled } = await apex.execution.settleUnfinished()
    const [outcome] = settled
    if (outcome?.kind !== 'landed') throw new Error(outcome?.kind)
    // Pairs that were traded in the block before write their price accumulators anew.
    expect(outcome.gasUsed).toBeGreaterThan(simulation.gasUsed + 10_000n)
    const { grossProfit, grossProfitNative } = throughPairs
    const dearest = outcome.gasUsed * plan.gasPrice.maxFeePerGas
    expect(plan.minProfit * grossProfitNative!).toBeGreaterThanOrEqual(
      dearest * grossProfit,
    )
    await store.close()
  })
})

describe('createExecution', () => {
  it('error: the node of another chain', async () => {
    await expect(
      world.apex({
        rpc: {
          async request(method, params) {
            return method === 'eth_chainId'
              ? '0x1'
              : await world.chain.request(method, params)
          },
        },
      }),
    ).rejects.toMatchObject({
      code: 'CHAIN_MISMATCH',
      facts: { expected: world.chain.chainId, actual: 1 },
    })
  })

  it.each([
    [{ executor: '0x00000000000000000000000000000000000000ee' }, /no contract/],
    [{ windowBlocks: 0 }, /windowBlocks is a whole number/],
    [{ deadlineSeconds: 0.5 }, /deadlineSeconds is a whole number/],
    [{ tip: { bps: 10_001 } }, /tip.bps is 0 to 10000/],
  ])('error: %o makes no sense', async (options, message) => {
    const creating = world.apex(options)
    await expect(creating).rejects.toMatchObject({ code: 'EXECUTION_OPTION' })
    await expect(creating).rejects.toThrow(message)
  })
})

async function profitHeld(plan: Plan): Promise<bigint> {
  const { readBalance } = await import(
    '../../../src/services/execute/readBalance.ts'
  )
  const token = plan.opportunity.cycle.tokenIn.address
  return await readBalance(world.chain, token, world.executor)
}
