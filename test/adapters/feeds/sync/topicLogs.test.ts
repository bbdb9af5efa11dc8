import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dexProtocols } from '../../../../src/adapters/dexes/index.ts'
import { readTopicLogs } from '../../../../src/adapters/feeds/sync/topicLogs.ts'
import type { BloomedHeader } from '../../../../src/adapters/feeds/sync/wholeLogs.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { keccakText } from '../../../../src/core/keccak.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import {
  createSyncStage,
  type SyncStage,
  type SyncStageOptions,
} from '../../../support/syncStage.ts'
import { pause } from '../../../support/wait.ts'

let stage: SyncStage | undefined
afterEach(async () => {
  await stage?.stop()
  stage = undefined
})
async function open(options: SyncStageOptions): Promise<SyncStage> {
  stage = await createSyncStage(options)
  return stage
}

const topics = dexProtocols.flatMap((protocol) => protocol.topics)

describe('readTopicLogs', () => {
  let anvil: Rpc
  let header: BloomedHeader
  let all: readonly { readonly topics: readonly [Hex] }[]
  let wanted: typeof all
  let stop: () => Promise<void>
  beforeAll(async () => {
    const traded = await createSyncStage({ random: createSeededRandom(80) })
    anvil = traded.anvil
    stop = traded.stop
    do {
      await traded.trade(1)
      header = (await traded.latest()) as BloomedHeader
      const { blockHash } = header
      all = (await anvil.request('eth_getLogs', [{ blockHash }])) as typeof all
      wanted = all.filter(({ topics: [topic] }) => topics.includes(topic))
    } while (wanted.length < 2)
  }, 60_000)
  afterAll(() => stop?.())

  it('gives the logs of the topics that all logs of the block have', async () => {
    expect(wanted.length).toBeLessThan(all.length)
    expect(await readTopicLogs(anvil, header, topics)).toHaveProperty(
      'logs.length',
      wanted.length,
    )
    // Nothing is asked where the header's bloom excludes the topics.
    const silent: Rpc = {
      request: () => Promise.reject(new Error('nobody should ask')),
    }
    const strange = [keccakText('Nobody(uint256)')]
    expect(await readTopicLogs(silent, header, strange)).toEqual({ logs: [] })
  })

  it.each([
    ['one is missing', (logs: unknown[]) => logs.slice(1)],
    ['none is there', () => []],
    [
      'one is of another topic',
      (logs: object[]) => [{ ...logs[0], topics: [keccakText('x')] }],
    ],
    [
      'one is of another block',
      (logs: object[]) => [{ ...logs[0], blockHash: keccakText('x') }],
    ],
    ['it is no list', () => null],
  ])('notices in one of two readings that %s', async (_, spoil) => {
    let asked = 0
    const rpc: Rpc = {
      async request(method, params) {
        const answer = await anvil.request(method, params)
        if (method !== 'eth_getLogs' || asked++ > 0) return answer
        return spoil(answer as object[])
      },
    }
    expect(await readTopicLogs(rpc, header, topics)).toHaveProperty('fault')
    // Control: asked again the node is honest.
    expect(await readTopicLogs(rpc, header, topics)).toHaveProperty('logs')
  })

  it('has the whole block decide where nothing comes though the bloom names a topic', async () => {
    const rpc: Rpc = {
      request: async (method, params) =>
        method === 'eth_getLogs' && JSON.stringify(params).includes('topics')
          ? []
          : await anvil.request(method, params),
    }
    const reading = await readTopicLogs(rpc, header, topics)
    expect(reading).toEqual(await readTopicLogs(anvil, header, topics))
    expect(reading).toHaveProperty('logs.length', wanted.length)
  })
})

describe('createBlockSync by topics', () => {
  it('stands where a fresh reading of the contracts does, over reorgs', async () => {
    const random = createSeededRandom(83)
    const { anvil, trade, followed, differences, events } = await open({
      random,
      logs: 'topics',
      provesLogs: true,
    })
    for (let i = 0; i < 6; i++) {
      await trade(3)
      await followed()
      expect(await differences()).toEqual([])
      await anvil.request('anvil_rollback', [2])
    }
    expect(
      events.filter(({ kind }) => kind === 'reverted').length,
    ).toBeGreaterThan(4)
  })

  it.each([
    [true, 'takes a block back that it was not told all of'],
    [false, 'control: without a proof nobody notices'],
  ])('provesLogs %s: %s', async (provesLogs) => {
    let lies = 0
    const { trade, followed, differences, events } = await open({
      random: createSeededRandom(84),
      logs: 'topics',
      provesLogs,
      rpcOf: (rpc) => ({
        async request(method, params) {
          const answer = await rpc.request(method, params)
          if (method !== 'eth_getLogs' || lies === 0) return answer
          lies -= 1
          return (answer as unknown[]).slice(0, -1)
        },
      }),
    })
    await trade(2)
    await followed()
    // Both readings of a block lack the same.
    lies = 2
    await trade(1)
    await followed()
    expect(lies).toBe(0)
    if (!provesLogs) {
      await pause(200)
      expect(await differences()).not.toEqual([])
      return
    }
    await expect.poll(differences).toEqual([])
    expect(events.filter(({ kind }) => kind === 'reverted')).toHaveLength(1)
    await trade(2)
    await followed()
    expect(await differences()).toEqual([])
  })
})
