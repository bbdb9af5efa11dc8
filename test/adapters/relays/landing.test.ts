import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { explainMiss, type Miss } from '../../../src/adapters/relays/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { PendingTransaction, Plan } from '../../../src/market/plan.ts'
import type { ExecutionOptions } from '../../../src/services/execute/executionOptions.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'

const user: Hex = '0x0000000000000000000000000000000000005e11'

let world: ExecutionWorld
beforeAll(async () => {
  world = await createExecutionWorld({ pools: 12, tokens: 4 })
})
beforeEach(() => world.disturb())

type Sent = {
  readonly plan: Plan
  readonly pending: PendingTransaction
  readonly raw: Hex
  readonly sentAtBlock: number
}

/** Signs the best opportunity's transaction and gives it to nobody. */
async function withhold(
  options: Partial<ExecutionOptions> = {},
): Promise<Sent> {
  let raw: Hex = '0x'
  const apex = await world.apex({
    submitter: {
      name: 'drawer',
      async submit(transaction) {
        raw = transaction.raw
      },
    },
    ...options,
  })
  const [opportunity] = apex.scan({ limit: 1 }).opportunities
  const result = await apex.plan(opportunity!)
  if (result.kind !== 'planned') throw new Error(result.detail)
  const submission = await apex.execution.submit(result.plan)
  if (submission.kind !== 'sent') throw new Error(submission.kind)
  const { plan, pending } = submission
  return { plan, pending, raw, sentAtBlock: await head() }
}

async function head(): Promise<number> {
  return Number(await world.chain.request('eth_blockNumber'))
}

async function publish(raw: Hex): Promise<void> {
  await world.chain.request('eth_sendRawTransaction', [raw])
  await world.chain.mine()
}

async function mineBeyond({ pending }: Sent, baseFee?: bigint): Promise<void> {
  while ((await head()) <= pending.terms.lastBlock) {
    if (baseFee !== undefined) await world.chain.setNextBaseFee(baseFee)
    await world.chain.mine()
  }
}

/** A user's trade in the cycle's first pool, in a block of its own. */
async function userTrades({ plan }: Sent): Promise<void> {
  const { amountIn, cycle } = plan.opportunity
  const { pool, tokenIn } = cycle.hops[0]!
  await world.world.swap({
    user,
    pool: pool.address,
    tokenIn: tokenIn.address,
    amountIn,
  })
  await world.chain.mine()
}

function why({ plan, pending, sentAtBlock }: Sent): Promise<Miss> {
  return explainMiss({
    rpc: world.chain,
    pending,
    pools: plan.opportunity.cycle.hops.map(({ pool }) => pool),
    sentAtBlock,
  })
}

describe('explainMiss', () => {
  it('landed: it did what it was for', async () => {
    const sent = await withhold()
    await publish(sent.raw)
    expect(await why(sent)).toEqual({
      kind: 'landed',
      blockNumber: await head(),
    })
  })

  it('open, then unknown: nobody wanted it though it could be mined', async () => {
    const sent = await withhold()
    expect(await why(sent)).toEqual({ kind: 'open' })
    await mineBeyond(sent)
    expect(await why(sent)).toEqual({ kind: 'unknown' })
  })

  it('outbid: another transaction took the cycle', async () => {
    const sent = await withhold()
    const rival = await withhold({ windowBlocks: 5 })
    expect(rival.pending.txHash).not.toBe(sent.pending.txHash)
    await publish(rival.raw)
    const blockNumber = await head()
    await mineBeyond(sent)
    expect(await why(sent)).toEqual({
      kind: 'outbid',
      by: rival.pending.txHash,
      blockNumber,
      isMined: false,
    })
  })

  it('stale: a user moved one of its pools', async () => {
    const sent = await withhold()
    await userTrades(sent)
    const blockNumber = await head()
    await mineBeyond(sent)
    expect(await why(sent)).toMatchObject({
      kind: 'stale',
      blockNumber,
      isMined: false,
    })
  })

  it('stale: mined after a user’s trade it reverts', async () => {
    const sent = await withhold()
    await userTrades(sent)
    await publish(sent.raw)
    expect(await why(sent)).toMatchObject({
      kind: 'stale',
      blockNumber: (await head()) - 1,
      isMined: true,
    })
  })

  it('reverted: by our own fault, for nobody touched its pools', async () => {
    const sent = await withhold()
    const { terms, nonce } = sent.pending
    const raw = await world.signer.signTransaction({
      chainId: world.chain.chainId,
      nonce,
      to: terms.executor,
      data: terms.data,
      value: 0n,
      gasLimit: terms.gasLimit / 3n,
      ...terms.gasPrice,
    })
    const txHash = (await world.chain.request('eth_sendRawTransaction', [
      raw,
    ])) as Hex
    await world.chain.mine()
    expect(
      await why({ ...sent, pending: { ...sent.pending, txHash } }),
    ).toEqual({ kind: 'reverted', blockNumber: await head() })
  })

  it('too-late: its last block was there when it was sent', async () => {
    const sent = await withhold()
    await mineBeyond(sent)
    const sentAtBlock = sent.pending.terms.lastBlock
    expect(await why({ ...sent, sentAtBlock })).toEqual({ kind: 'too-late' })
  })

  it('fee-too-low: each of its blocks cost more than it offered', async () => {
    const sent = await withhold()
    const baseFee = sent.plan.gasPrice.maxFeePerGas + 1n
    await mineBeyond(sent, baseFee)
    expect(await why(sent)).toMatchObject({ kind: 'fee-too-low' })
  })

  it('unknown: where no last block is named, once its deadline is over', async () => {
    const sent = await withhold()
    const terms = { ...sent.pending.terms, lastBlock: 2 ** 48 - 1 }
    const endless = { ...sent, pending: { ...sent.pending, terms } }
    await mineBeyond(sent)
    expect(await why(endless)).toEqual({ kind: 'open' })
    await world.chain.mine(terms.deadline + 1)
    expect(await why(endless)).toEqual({ kind: 'unknown' })
  })

  it('replaced: its nonce went to another transaction', async () => {
    const sent = await withhold()
    await publish(
      await world.signer.signTransaction({
        chainId: world.chain.chainId,
        nonce: sent.pending.nonce,
        to: world.signer.address,
        data: '0x',
        value: 0n,
        gasLimit: 21_000n,
        ...sent.plan.gasPrice,
      }),
    )
    await mineBeyond(sent)
    expect(await why(sent)).toEqual({ kind: 'replaced' })
  })
})
