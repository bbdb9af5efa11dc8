import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  openSqliteStore,
  StoreInvalidError,
} from '../../../src/adapters/stores/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import type { Market } from '../../../src/market/index.ts'
import type { PendingTransaction } from '../../../src/market/plan.ts'
import { ledgerOfChain } from '../../../src/programs/bot/ledgerOfChain.ts'
import { runChainBot } from '../../../src/programs/bot/runChainBot.ts'
import { botOptionsOn } from '../../support/botOptions.ts'
import { type BotStage, createBotStage } from '../../support/botStage.ts'
import {
  expectLedgerIsChain,
  type LedgerRow,
  readLedger,
} from '../../support/ledgerAndChain.ts'
import { newFolder } from '../../support/newFolder.ts'
import { until } from '../../support/wait.ts'

/** APEX_RESTARTS=200 asks for the long run. */
const { APEX_RESTARTS } = process.env
const leastRestarts = Number(APEX_RESTARTS ?? 15)
/** A block asks its ledger about so much at most. */
const mostCalls = 60
/** Blocks after which what was sent, and what is sent meanwhile, has landed or can no more. */
const mostOpen = 30
const chainId = 31342
const ledger = ledgerOfChain(chainId, true)

const place = newFolder()
let stage: BotStage
beforeAll(async () => {
  stage = await createBotStage(chainId)
}, 60_000)
afterAll(() => stage?.anvil.stop())

/** Calls until one fails: before it has done anything, or with all done and nobody told. */
type Harm = { callsLeft: number; when: 'before' | 'after' }

/** A store one of whose calls fails now and then. */
function failing<Store extends object>(store: Store, harm: Harm): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function' || name === 'close') return method
      return async (...values: unknown[]) => {
        harm.callsLeft -= 1
        const fails = harm.callsLeft === 0
        const error = new StoreInvalidError(`${String(name)}: no room left`)
        if (fails && harm.when === 'before') throw error
        const result = await method.apply(target, values)
        if (fails) throw error
        return result
      }
    },
  })
}

it('its feeds begin anew whenever its ledger fails, and what it traded is booked once', async () => {
  const { anvil } = stage
  const database = place('apex.sqlite')
  const store = await openSqliteStore(database)
  const random = createSeededRandom(7)
  const harm: Harm = { callsLeft: 0, when: 'before' }
  let [restarts, told] = [0, 0]
  let market: Market | undefined
  /** How often the end of each was told and not taken back. */
  const ends = new Map<Hex, number>()
  const count = ({ txHash }: PendingTransaction, change: number): unknown =>
    ends.set(txHash, (ends.get(txHash) ?? 0) + change)
  const controller = new AbortController()
  const run = runChainBot(
    await botOptionsOn(stage, {
      onMarket: (own) => {
        market = own
      },
      limits: { maxFailuresInRow: 1_000_000 },
      store: failing(store, harm),
      ledger,
    }),
    {
      onBlock: ({ blockNumber }) => {
        told = blockNumber
      },
      onOutcome: (_, __, pending) => count(pending, 1),
      onReopened: (_, { pending }) => count(pending, -1),
      onRestart: () => {
        restarts += 1
      },
    },
    controller.signal,
  )
  /** Has it trade on a block; what a fault cuts short is not traded on again. */
  const through = async (makeBlock: () => Promise<void>): Promise<void> => {
    const before = restarts
    await makeBlock()
    const height = Number(await anvil.request('eth_blockNumber'))
    const isThrough = (): boolean =>
      market!.blockNumber >= height && (told >= height || restarts > before)
    const ended = await Promise.race([until(isThrough), run])
    expect(ended?.endedBy).toBeUndefined()
  }
  await until(() => market !== undefined)
  while (restarts < leastRestarts) {
    harm.callsLeft = Math.ceil(random.next() * mostCalls)
    harm.when = random.next() < 0.5 ? 'before' : 'after'
    for (let block = 0; block < 3; block++)
      await through(() => stage.tradeBlock())
  }
  harm.callsLeft = 0
  const isOpen = async (): Promise<boolean> =>
    (await store.unfinished(ledger, stage.operator)).length > 0
  for (let block = 0; block < mostOpen && (await isOpen()); block++)
    await through(() => anvil.mine())
  controller.abort()
  const summary = await run

  const rows = readLedger(database, stage)
  await expectLedgerIsChain(rows, stage)
  const booked = rows.filter(({ status }) => status !== 'refused')
  expect([...ends.keys()].toSorted()).toEqual(
    booked.map(({ hash }) => hash).toSorted(),
  )
  for (const [hash, times] of ends) expect(times, hash).toBe(1)
  const of = (status: string): readonly LedgerRow[] =>
    rows.filter((row) => row.status === status)
  const [landed, reverted] = [of('landed'), of('reverted')]
  expect(landed.length).toBeGreaterThan(leastRestarts / 2)
  expect(summary).toMatchObject({
    open: 0,
    landed: landed.length,
    reverted: reverted.length,
    dropped: of('dropped').length,
  })
  // What risk counts is what was paid: of no trade it had to assume the worst.
  const account = await store.readRisk(ledger)
  await store.close()
  expect(account).toMatchObject({ landed: landed.length, inFlight: [] })
  const lost = account!.losses.reduce((sum, [, loss]) => sum + loss, 0n)
  const paid = reverted.reduce((sum, { gas }) => sum + BigInt(gas!), 0n)
  expect(lost).toBe(paid)
}, 3_600_000)
