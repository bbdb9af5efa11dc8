import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type RpcReceipt,
  receiptsRoot,
} from '../../../../src/adapters/feeds/sync/receiptsRoot.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import { createSyncStage, type SyncStage } from '../../../support/syncStage.ts'

const from = '0x000000000000000000000000000000000000a11c'
const emptyTrie =
  '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

let stage: SyncStage
beforeAll(async () => {
  stage = await createSyncStage({ random: createSeededRandom(70) })
}, 60_000)
afterAll(async () => {
  await stage?.stop()
})

async function blockAt(
  number: number,
): Promise<{ root: string; receipts: RpcReceipt[] }> {
  const tag = `0x${number.toString(16)}`
  const [block, receipts] = await Promise.all([
    stage.anvil.request('eth_getBlockByNumber', [tag, false]),
    stage.anvil.request('eth_getBlockReceipts', [tag]),
  ])
  const { receiptsRoot: root } = block as { readonly receiptsRoot: string }
  return { root, receipts: receipts as RpcReceipt[] }
}

it('is what the header has, of blocks of any size and kinds of transactions', async () => {
  const { anvil } = stage
  const plain = { from, to: from, gas: '0x5208' }
  await anvil.request('anvil_mine', ['0x1'])
  // Keys of the trie grow a byte at 128, and its nodes with every 16.
  for (const count of [1, 2, 15, 16, 17, 128, 140]) {
    for (let i = 0; i < count; i++)
      await anvil.request('eth_sendTransaction', [
        i % 3 === 0
          ? { ...plain, gasPrice: '0x77359400' }
          : { ...plain, maxFeePerGas: '0x77359400' },
      ])
    await anvil.mine()
  }
  await stage.trade(4)
  const { blockNumber } = await stage.latest()
  const sizes = new Set<number>()
  for (let number = 0; number <= blockNumber; number++) {
    const { root, receipts } = await blockAt(number)
    expect(receiptsRoot(receipts), `block ${number}`).toBe(root)
    sizes.add(receipts.length)
  }
  for (const size of [0, 1, 2, 15, 16, 17, 128, 140])
    expect(sizes, `${size} receipts`).toContain(size)
}, 60_000)

it('is another where anything is missing or changed', async () => {
  await stage.trade(1)
  const { blockNumber } = await stage.latest()
  const { root, receipts } = await blockAt(blockNumber)
  expect(receiptsRoot(receipts)).toBe(root)
  const [first, ...others] = receipts
  const { logs } = first!
  const last = logs.at(-1)!
  for (const changed of [
    others,
    [first!, ...others, first!],
    [{ ...first!, logs: logs.slice(0, -1) }, ...others],
    [
      { ...first!, logs: [...logs.slice(0, -1), { ...last, data: '0x' }] },
      ...others,
    ],
    [{ ...first!, logs: logs.toReversed() }, ...others],
    [{ ...first!, status: '0x0' }, ...others],
    [...others, first!],
  ])
    expect(receiptsRoot(changed)).not.toBe(root)
})

it('is the empty trie’s where there are no receipts', () => {
  expect(receiptsRoot([])).toBe(emptyTrie satisfies Hex)
})
