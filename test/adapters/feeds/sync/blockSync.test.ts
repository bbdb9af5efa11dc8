import { afterEach, describe, expect, it } from 'vitest'
import { fetchHeader } from '../../../../src/adapters/feeds/sync/fetchHeader.ts'
import { createApex } from '../../../../src/apex.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'
import {
  createSeededRandom,
  type SeededRandom,
} from '../../../../src/core/seededRandom.ts'
import { type LyingRpc, lyingRpc } from '../../../support/lyingRpc.ts'
import {
  createSyncStage,
  type SyncStage,
  type SyncStageOptions,
} from '../../../support/syncStage.ts'

/** APEX_FUZZ asks for the long run. */
const { APEX_FUZZ } = process.env
const isLong = APEX_FUZZ !== undefined
const reorgs = isLong ? 200 : 20
const deepest = isLong ? 160 : 20
const checkpoints = isLong ? 500 : 25
const timeoutMs = isLong ? 3_600_000 : 120_000

let stage: SyncStage | undefined
afterEach(async () => {
  await stage?.stop()
  stage = undefined
})

describe('createBlockSync', () => {
  it(
    'stands where a fresh reading of the contracts does after every reorg',
    async () => {
      const random = createSeededRandom(20)
      const { anvil, apex, sync, events, ...own } = await open({ random })
      await own.trade(deepest + 2)
      await own.followed()
      expect(await own.differences()).toEqual([])
      for (let i = 0; i < reorgs; i++) {
        const depth = 1 + Math.floor(random.next() * deepest)
        if (random.next() < 0.3) await anvil.request('anvil_reorg', [depth, []])
        else {
          await anvil.request('anvil_rollback', [depth])
          // As long as the old branch, shorter or longer.
          await own.trade(
            Math.max(1, depth - 1 + Math.floor(3 * random.next())),
          )
        }
        await own.followed()
        expect(await own.differences(), `reorg ${i} of ${depth}`).toEqual([])
        await own.trade(1)
      }
      await own.followed()
      expect(await own.differences()).toEqual([])
      expect(events.filter(({ kind }) => kind === 'resync')).toEqual([])
      expect(count(events, 'reverted')).toBeGreaterThan(reorgs)
      expect(apex.market.blockNumber).toBe(sync.head.blockNumber)
      // The engine was told, too.
      const fresh = await createApex({ market: await own.readMarket() })
      expect(apex.scan().opportunities.map(essence)).toEqual(
        fresh.scan().opportunities.map(essence),
      )
    },
    timeoutMs,
  )

  it(
    'is where the chain is however the node lies, fails and lags',
    async () => {
      const random = createSeededRandom(30)
      const faulty: { rpc?: LyingRpc } = {}
      const { anvil, events, feed, ...own } = await open({
        random,
        rpcOf: (rpc) => {
          faulty.rpc = lyingRpc(rpc, createSeededRandom(31))
          faulty.rpc.share = 0
          return faulty.rpc
        },
      })
      faulty.rpc!.share = 0.3
      for (let i = 0; i < checkpoints; i++) {
        if (random.next() < 0.3)
          await anvil.request('anvil_rollback', [
            1 + Math.floor(random.next() * Math.min(4, i)),
          ])
        for (let block = 0; block < 3; block++) {
          await own.trade(1)
          await tellBadly(faulty.rpc!, feed, anvil, random)
        }
        await own.followed()
        expect(await own.differences(), `checkpoint ${i}`).toEqual([])
      }
      expect(count(events, 'resync')).toBe(0)
      // All that touches logs and headers; calls and chain ids are not asked for.
      const { staleState, wrongChain, ...done } = faulty.rpc!.done
      expect(Math.min(...Object.values(done))).toBeGreaterThan(0)
      expect([staleState, wrongChain]).toEqual([0, 0])
    },
    timeoutMs,
  )

  it('tells that the market must be read anew where a reorg is deeper than what is kept', async () => {
    const random = createSeededRandom(40)
    const { anvil, apex, events, feed, ...own } = await open({
      random,
      depth: 4,
    })
    await own.trade(6)
    await own.followed()
    await anvil.request('anvil_reorg', [4, []])
    await own.followed()
    expect(count(events, 'reverted')).toBe(4)
    const before = apex.market.blockHash
    await anvil.request('anvil_reorg', [5, []])
    feed.tell(await own.latest())
    await expect.poll(() => events.at(-1)?.kind).toBe('resync')
    expect(events.at(-1)).toMatchObject({ reason: 'deep-reorg' })
    expect(count(events, 'reverted')).toBe(4)
    expect(apex.market.blockHash).toBe(before)
  })

  it('does not lose a head that failed to a node that lags', async () => {
    const random = createSeededRandom(70)
    let askedForLatest = 0
    const own = await open({
      random,
      rpcOf: (rpc) => ({
        async request(method, params = []) {
          const isBad = askedForLatest < 2
          if (isBad && /Logs|Receipts/.test(method))
            throw new RpcError(`${method}: out of order`, { method })
          if (!isBad || params[0] !== 'latest')
            return await rpc.request(method, params)
          askedForLatest += 1
          const latest = Number(await rpc.request('eth_blockNumber'))
          return await rpc.request(method, [
            `0x${(latest - 1).toString(16)}`,
            false,
          ])
        },
      }),
    })
    await own.trade(1)
    const head = await own.latest()
    // Told once; nobody tells it again.
    own.feed.tell(head)
    await expect
      .poll(() => own.sync.head.blockHash, { timeout: 20_000 })
      .toBe(head.blockHash)
    expect(askedForLatest).toBe(2)
    expect(await own.differences()).toEqual([])
  })

  it('does not go back to a branch that the chain has left', async () => {
    const random = createSeededRandom(50)
    const { anvil, events, feed, ...own } = await open({ random })
    await own.trade(3)
    await own.followed()
    const left = await own.latest()
    await anvil.request('anvil_reorg', [2, []])
    await own.followed()
    feed.tell(left)
    await own.trade(1)
    await own.followed()
    expect(count(events, 'reverted')).toBe(2)
    expect(await own.differences()).toEqual([])
  })
})

/** Tells what a node that may be stale has for its head: late, twice, in no order, or not at all. */
async function tellBadly(
  lying: LyingRpc,
  feed: SyncStage['feed'],
  anvil: SyncStage['anvil'],
  random: SeededRandom,
): Promise<void> {
  if (random.next() < 0.3) return
  const header = await fetchHeader(lying, 'latest').catch(() => undefined)
  if (!header) return
  feed.tell(header)
  const chance = random.next()
  if (chance < 0.3) feed.tell(header)
  if (chance > 0.6) {
    const late = await fetchHeader(anvil, Math.max(0, header.blockNumber - 2))
    if (late) feed.tell(late)
  }
}

async function open(options: SyncStageOptions): Promise<SyncStage> {
  stage = await createSyncStage(options)
  return stage
}

function count(events: SyncStage['events'], kind: string): number {
  return events.filter((event) => event.kind === kind).length
}

function essence({
  amountIn,
  grossProfit,
  cycle,
}: {
  readonly amountIn: bigint
  readonly grossProfit: bigint
  readonly cycle: { readonly hops: readonly { pool: { address: string } }[] }
}): unknown {
  return [amountIn, grossProfit, cycle.hops.map(({ pool }) => pool.address)]
}
