import { expect, it } from 'vitest'
import { dexProtocol } from '../../../src/adapters/dexes/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Log } from '../../../src/core/rpc.ts'
import type { MinedBlock } from '../../../src/programs/simulate/minedBlock.ts'
import { createPoolTouches } from '../../../src/programs/simulate/poolTouches.ts'
import type { Rival } from '../../../src/programs/simulate/trades.ts'
import { address, hash, landed, planOf } from './support/trades.ts'

/** Trades in the pools 3 and 4 for operator 9; its transaction is hash(1). */
const plan = planOf(100n)
const [pair, v4] = [dexProtocol('uniswap-v2'), dexProtocol('uniswap-v4')]
const [user, competitor, us] = [address(50), address(51), address(9)]
const touches = createPoolTouches([pair, v4], [us, competitor])
const poolManager = address(60)

it('default: who traded in a pool of the plan before it, in the order of the block', () => {
  const block = blockOf([user, sync(3)], [competitor, sync(4)], [us, sync(3)])
  expect(rivals(block)).toEqual(['user', 'competitor'])
})

it('behavior: other pools, and those after it, are no matter', () => {
  expect(rivals(blockOf([user, sync(5)], [us, sync(3)]))).toEqual([])
  expect(rivals(blockOf([us, sync(3)], [user, sync(3)]))).toEqual([])
})

it('behavior: a transaction without logs has touched nothing', () => {
  expect(rivals(blockOf([competitor], [us, sync(3)]))).toEqual([])
})

it('behavior: an event of another kind is none', () => {
  const transfer = { ...sync(3), topics: [hash(77)] }
  expect(rivals(blockOf([user, transfer], [us, sync(3)]))).toEqual([])
})

it('behavior: pools in one contract are told apart by their ids', () => {
  const [first, second] = [hash(0x111), hash(0x222)]
  const [hop, ...rest] = plan.opportunity.cycle.hops
  const inV4 = {
    ...plan,
    opportunity: {
      ...plan.opportunity,
      cycle: {
        ...plan.opportunity.cycle,
        hops: [{ ...hop!, pool: { ...hop!.pool, address: first } }, ...rest],
      },
    },
  }
  const swap = (id: Hex): Log => logOf(poolManager, [v4.topics[0]!, id])
  expect(rivals(blockOf([user, swap(second)], [us]), inV4)).toEqual([])
  expect(rivals(blockOf([user, swap(first)], [us]), inV4)).toEqual(['user'])
})

function rivals(block: MinedBlock, of: typeof plan = plan): readonly Rival[] {
  return touches.rivalsOf(of, landed(100n), block)
}

function sync(pool: number): Log {
  return logOf(address(pool), [pair.topics[0]!])
}

function logOf(emitter: Hex, topics: readonly Hex[]): Log {
  const data: Hex = `0x${'00'.repeat(192)}`
  return {
    address: emitter,
    topics,
    data,
    txHash: hash(0),
    txIndex: 0,
    logIndex: 0,
  }
}

/** Each transaction with its sender and logs; ours is the first of `us`. */
function blockOf(...sent: readonly (readonly [Hex, ...Log[]])[]): MinedBlock {
  const transactions = sent.map(([from], i) => ({
    from: from.toLowerCase() as Hex,
    hash: from === us ? hash(1) : hash(100 + i),
  }))
  return {
    chainId: 31337,
    blockNumber: 8,
    blockHash: hash(8),
    parentHash: hash(7),
    timestamp: 1,
    baseFeePerGas: 1n,
    transactions,
    logs: sent.flatMap(([, ...logs], txIndex) =>
      logs.map((log) => ({
        ...log,
        txIndex,
        txHash: transactions[txIndex]!.hash,
      })),
    ),
  }
}
