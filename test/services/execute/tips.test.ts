import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMessageSigner } from '../../../src/adapters/keys/index.ts'
import {
  type BuilderRelay,
  createRelaySubmitter,
  type Relay,
} from '../../../src/adapters/relays/index.ts'
import { openSqliteStore } from '../../../src/adapters/stores/index.ts'
import type { Apex } from '../../../src/apex.ts'
import { zeroAddress } from '../../../src/core/address.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { keccakText } from '../../../src/core/keccak.ts'
import type { PendingTransaction } from '../../../src/market/plan.ts'
import type { ExecutionOptions } from '../../../src/services/execute/executionOptions.ts'
import {
  type BuilderServer,
  serveBuilders,
} from '../../support/builderServer.ts'
import {
  createExecutionWorld,
  type ExecutionWorld,
} from '../../support/executionWorld.ts'

const builderA: Hex = '0x000000000000000000000000000000000000A11A'
const builderB: Hex = '0x000000000000000000000000000000000000b11B'
const bps = 1000

let world: ExecutionWorld
let server: BuilderServer
let folder: string
beforeAll(async () => {
  world = await createExecutionWorld({ pools: 12, tokens: 4 })
  server = await serveBuilders()
  folder = mkdtempSync(join(tmpdir(), 'apex-tips-'))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  server.received.length = 0
  await world.disturb()
})

/** As on BSC: builders that are paid at addresses of their own, and a private node. */
const relays = (): readonly Relay[] => [
  builderAt('a', builderA),
  builderAt('b', builderB),
  {
    kind: 'private',
    name: 'p',
    chainId: 1,
    url: `${server.origin}/p`,
    isSigned: false,
    method: 'eth_sendRawTransaction',
  },
]

function builderAt(name: string, tipTo: Hex): BuilderRelay {
  return {
    kind: 'builder',
    name,
    chainId: 1,
    url: `${server.origin}/${name}`,
    isSigned: false,
    method: 'eth_sendMevBundle',
    blocks: 'last',
    canReplace: false,
    canSimulate: false,
    tipTo,
  }
}

/** What a relay was sent last. */
function rawAt(name: string): Hex {
  const [first] = server.received.findLast(({ path }) => path === `/${name}`)!
    .params as [Hex | { txs: readonly [Hex] }]
  return typeof first === 'string' ? first : first.txs[0]
}

async function apexWith(
  options: Partial<ExecutionOptions> = {},
): Promise<Apex> {
  const signer = await createMessageSigner(keccakText('searcher of the tests'))
  const submitter = createRelaySubmitter({ relays: relays(), signer })
  return await world.apex({ submitter, tip: { bps }, ...options })
}

async function submitBest(apex: Apex): Promise<PendingTransaction> {
  const [opportunity] = apex.scan({ limit: 1 }).opportunities
  const planned = await apex.plan(opportunity!)
  if (planned.kind !== 'planned') throw new Error(planned.detail)
  const submission = await apex.execution.submit(planned.plan)
  if (submission.kind !== 'sent') throw new Error(submission.kind)
  // One that takes it is enough: the others may get it a little later.
  await Promise.all(relays().map(({ name }) => server.arrived(`/${name}`)))
  return submission.pending
}

async function mine(raw: Hex): Promise<Hex> {
  const hash = await world.chain.request('eth_sendRawTransaction', [raw])
  await world.chain.mine()
  return hash as Hex
}

async function coinsOf(address: Hex): Promise<bigint> {
  const answer = await world.chain.request('eth_getBalance', [
    address,
    'latest',
  ])
  return BigInt(answer as Hex)
}

describe('tips to builders at addresses of their own', () => {
  it.each([
    ['a', builderA, builderB],
    ['b', builderB, builderA],
  ] as const)(
    'default: builder %s, who makes the block, gains the tip, and the other nothing',
    async (name, paid, other) => {
      const apex = await apexWith()
      const pending = await submitBest(apex)
      expect(pending.otherHashes).toHaveLength(2)
      const before = [await coinsOf(paid), await coinsOf(other)] as const
      const hash = await mine(rawAt(name))
      const outcome = await apex.execution.settle(pending)
      if (outcome?.kind !== 'landed') throw new Error(outcome?.kind)
      expect(outcome.txHash).toBe(hash)
      // A tenth of what the contract had before it paid the tip.
      expect(outcome.tip).toBe(
        ((outcome.profit + outcome.tip) * BigInt(bps)) / 10_000n,
      )
      expect(outcome.tip).toBeGreaterThan(0n)
      expect(outcome.profit).toBe(pending.terms.predictedProfit)
      expect(await coinsOf(paid)).toBe(before[0] + outcome.tip)
      expect(await coinsOf(other)).toBe(before[1])
    },
  )

  it('default: the private node’s version pays the coinbase', async () => {
    const apex = await apexWith()
    const pending = await submitBest(apex)
    const hash = await mine(rawAt('p'))
    const outcome = await apex.execution.settle(pending)
    expect(outcome).toMatchObject({ kind: 'landed', txHash: hash })
    expect(hash).not.toBe(pending.txHash)
  })

  it('control: once one version is mined the chain refuses the others', async () => {
    const apex = await apexWith()
    const pending = await submitBest(apex)
    await mine(rawAt('a'))
    for (const name of ['b', 'p'])
      await expect(mine(rawAt(name))).rejects.toThrow(/nonce/i)
    expect((await apex.execution.settle(pending))?.kind).toBe('landed')
  })

  it('behavior: who is named in the options gets it, whoever makes the block', async () => {
    const apex = await apexWith({ tip: { bps, to: builderB } })
    const pending = await submitBest(apex)
    expect(pending.otherHashes).toEqual([])
    expect(new Set(['a', 'b', 'p'].map(rawAt)).size).toBe(1)
    const before = await coinsOf(builderB)
    await mine(rawAt('a'))
    await apex.execution.settle(pending)
    expect(await coinsOf(builderB)).toBeGreaterThan(before)
  })

  it('behavior: without a tip there is one version', async () => {
    const apex = await apexWith({ tip: { bps: 0 } })
    const { otherHashes, terms } = await submitBest(apex)
    expect(otherHashes).toEqual([])
    expect(terms.tip).toEqual({ bps: 0, to: builderA })
    await mine(rawAt('a'))
  })

  it('behavior: after a restart the version that was mined is found, and stands in the ledger', async () => {
    const path = join(folder, 'ledger.sqlite')
    const first = await openSqliteStore(path)
    await submitBest(await apexWith({ store: first }))
    await first.close()
    const hash = await mine(rawAt('b'))

    const store = await openSqliteStore(path)
    const { execution } = await apexWith({ store })
    const { settled, open } = await execution.settleUnfinished()
    expect(open).toEqual([])
    expect(settled).toMatchObject([{ kind: 'landed', txHash: hash }])
    const trades = await store.trades(execution.ledger)
    expect(trades.map(({ txHash }) => txHash)).toEqual([hash])
    await store.close()
  })

  it('behavior: where none of them is mined it expires, all versions at once', async () => {
    const apex = await apexWith()
    const pending = await submitBest(apex)
    for (let i = 0; i < 5; i++) await world.chain.mine()
    expect(await apex.execution.settle(pending)).toEqual({
      kind: 'dropped',
      txHash: pending.txHash,
      reason: 'expired',
    })
    expect(pending.terms.tip.to).not.toBe(zeroAddress)
  })
})
