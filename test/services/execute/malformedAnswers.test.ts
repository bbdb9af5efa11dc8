import { beforeAll, beforeEach, expect, it } from 'vitest'
import { explainMiss } from '../../../src/adapters/relays/index.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import { ApexError } from '../../../src/core/errors.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Market } from '../../../src/market/market.ts'
import type { Opportunity } from '../../../src/market/opportunity.ts'
import type { PendingTransaction } from '../../../src/market/plan.ts'
import type { Submitter } from '../../../src/market/submitter.ts'
import { createExecution } from '../../../src/services/execute/createExecution.ts'
import type { ExecutionService } from '../../../src/services/execute/executionService.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'
import { notObjects } from '../../support/malformed.ts'

const answers = [null, ...notObjects, {}, '0x', '0x12']

let world: ExecutionWorld
let market: Market
let opportunity: Opportunity
let raw: `0x${string}`
/** Takes all and shows it to nobody. */
const submitter: Submitter = {
  name: 'drawer',
  async submit(transaction) {
    raw = transaction.raw
  },
}
beforeAll(async () => {
  world = await createExecutionWorld({ pools: 8, tokens: 4 })
})
beforeEach(async () => {
  await world.disturb()
  const apex = await world.apex()
  market = apex.market
  opportunity = apex.scan({ limit: 1 }).opportunities[0]!
})

/** The chain, with what it is asked, where one question may get another answer. */
type Node = Rpc & {
  readonly asked: Set<string>
  spoiled: { readonly method: string; readonly answer: unknown } | undefined
}

function startNode(): Node {
  return {
    asked: new Set(),
    spoiled: undefined,
    async request(method, params) {
      this.asked.add(method)
      return method === this.spoiled?.method
        ? this.spoiled.answer
        : await world.chain.request(method, params)
    },
  }
}

function start(rpc: Rpc): Promise<ExecutionService> {
  const { executor, signer, world: dexesAndLenders } = world
  const { dexes, lenders } = dexesAndLenders
  return createExecution(market, {
    rpc,
    executor,
    signer,
    submitter,
    dexes,
    lenders,
    usesOwnFunds: true,
    store: createMemoryStore(),
  })
}

async function send(execution: ExecutionService): Promise<PendingTransaction> {
  const planned = await execution.plan(opportunity)
  if (planned.kind !== 'planned')
    throw new RpcError(planned.detail, { method: 'eth_call' })
  const submission = await execution.submit(planned.plan)
  if (submission.kind !== 'sent')
    throw new RpcError(submission.kind, { method: 'eth_call' })
  return submission.pending
}

/** Runs it once as it is, then with each of its questions answered in each wrong way: that is a fault of the node. */
async function expectNodeFaults(
  prepare: () => Promise<{ node: Node; run: () => Promise<unknown> }>,
  expected: readonly string[],
): Promise<void> {
  const well = await prepare()
  well.node.asked.clear()
  await well.run()
  expect([...well.node.asked].sort()).toEqual(expected)
  for (const method of expected)
    for (const answer of answers) {
      const { node, run } = await prepare()
      node.spoiled = { method, answer }
      const error = await run().then(
        () => undefined,
        (error: unknown) => error,
      )
      const question = `${method}: ${JSON.stringify(answer)}`
      if (error !== undefined) expect(error, question).toBeInstanceOf(ApexError)
    }
}

async function head(): Promise<number> {
  return Number(await world.chain.request('eth_blockNumber'))
}

async function publish(): Promise<void> {
  await world.chain.request('eth_sendRawTransaction', [raw])
  await world.chain.mine()
}

it('plans and sends', async () => {
  await expectNodeFaults(async () => {
    const node = startNode()
    const execution = await start(node)
    return { node, run: () => send(execution) }
  }, [
    'eth_call',
    'eth_feeHistory',
    'eth_getBlockByNumber',
    'eth_getTransactionCount',
  ])
})

it('simulates', async () => {
  await expectNodeFaults(async () => {
    const node = startNode()
    const execution = await start(node)
    const planned = await execution.plan(opportunity)
    if (planned.kind !== 'planned') throw new Error(planned.detail)
    return { node, run: () => execution.simulate(planned.plan) }
  }, ['eth_call'])
})

it('settles, and explains what missed', async () => {
  const pending = await send(await start(world.chain))
  const { lastBlock } = pending.terms
  for (let block = await head(); block <= lastBlock; block++)
    await world.chain.mine()
  const settling = async () => {
    const node = startNode()
    const execution = await start(node)
    const pools = opportunity.cycle.hops.map(({ pool }) => pool)
    const question = { pending, pools, sentAtBlock: pending.terms.blockNumber }
    const run = async () => {
      await execution.settle(pending)
      await explainMiss({ rpc: node, ...question })
    }
    return { node, run }
  }
  const always = [
    'eth_getBlockByNumber',
    'eth_getLogs',
    'eth_getTransactionCount',
    'eth_getTransactionReceipt',
  ]
  await expectNodeFaults(settling, ['eth_feeHistory', ...always])
  // Mined too late it reverts.
  await publish()
  await expectNodeFaults(settling, ['eth_call', ...always])
})

it('settles what landed', async () => {
  const pending = await send(await start(world.chain))
  await publish()
  await expectNodeFaults(async () => {
    const node = startNode()
    const execution = await start(node)
    return { node, run: () => execution.settle(pending) }
  }, [
    'eth_getBlockByNumber',
    'eth_getTransactionCount',
    'eth_getTransactionReceipt',
  ])
})

it('settles nothing by logs that were cut short', async () => {
  const pending = await send(await start(world.chain))
  await publish()
  const node = startNode()
  const method = 'eth_getTransactionReceipt'
  const receipt = (await world.chain.request(method, [pending.txHash])) as {
    readonly logs: readonly object[]
  }
  const logs = receipt.logs.map((log) => ({ ...log, data: '0x12' }))
  const execution = await start(node)
  node.spoiled = { method, answer: { ...receipt, logs } }
  await expect(execution.settle(pending)).rejects.toThrow(
    "lacks the executor's report",
  )
})

it('starts', async () => {
  await expectNodeFaults(async () => {
    const node = startNode()
    return { node, run: () => start(node) }
  }, ['eth_chainId', 'eth_getCode'])
})
