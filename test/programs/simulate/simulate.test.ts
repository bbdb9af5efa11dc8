import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBlockDecoder } from '../../../src/adapters/dexes/createBlockDecoder.ts'
import { createMemoryStore } from '../../../src/adapters/stores/index.ts'
import type {
  DecisionCount,
  ExecutionStore,
} from '../../../src/market/executionStore.ts'
import type { Market } from '../../../src/market/market.ts'
import { createMarket } from '../../../src/market/marketBuilder.ts'
import { marketLines, readMarketFile } from '../../../src/market/marketFile.ts'
import {
  HistoryFolderError,
  historyFiles,
  readHistory,
} from '../../../src/programs/history.ts'
import {
  type Arena,
  seededUsers,
} from '../../../src/programs/simulate/arena.ts'
import { compareMarkets } from '../../../src/programs/simulate/compareMarkets.ts'
import { createGeneratedArena } from '../../../src/programs/simulate/generatedArena.ts'
import type { BlockReport } from '../../../src/programs/simulate/options.ts'
import {
  type SimulationResult,
  simulate,
} from '../../../src/programs/simulate/simulate.ts'
import {
  isFaultless,
  type SimulationSummary,
} from '../../../src/programs/simulate/summary.ts'

const { APEX_BLOCKS = '25' } = process.env
/** Of the run without competitors; the full test is 500. */
const uncontestedBlocks = Number(APEX_BLOCKS)
const options = { blocks: 10, seed: 1, pools: 40, tokens: 10, competitors: 2 }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-simulate-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('simulate', () => {
  let result: SimulationResult
  let counts: readonly DecisionCount[]
  let arena: Arena
  const reports: BlockReport[] = []

  beforeAll(async () => {
    const store = createMemoryStore()
    arena = await createGeneratedArena(options, seededUsers(options.seed))
    result = await simulate(
      { ...options, record: join(folder, 'recorded') },
      { onBlock: (report) => reports.push(report) },
      undefined,
      { arena, ledger: { store: unclosed(store), name: 'run', abandoned: 0 } },
    )
    counts = await store.decisionCounts('run')
  })

  it('default: lands profit against genuine contracts, exactly as predicted', () => {
    const { summary } = result
    expect(summary.landed).toBeGreaterThan(5)
    expect(summary.money.netProfit).toBeGreaterThan(0n)
    expect(summary.predictions.uncontested).toBeGreaterThan(5)
    expect(summary.predictions.equal).toBe(summary.predictions.uncontested)
    expect(summary.faults).toEqual([])
    expect(isFaultless(summary)).toBe(true)
  })

  it('default: the state kept from logs is that of the contracts', () => {
    expect(result.summary.stateChecks).toEqual({ done: 4, differences: [] })
  })

  it('behavior: competitors race for the same and win now and then', () => {
    const [us, ...others] = result.summary.participants
    expect(us!.name).toBe('us')
    expect(others).toHaveLength(2)
    expect(others.some(({ landed }) => landed > 0)).toBe(true)
    expect(result.summary.reverted).toBeGreaterThan(0)
    const lost = result.summary.revertReasons.map(({ name }) => name)
    expect(lost.some((name) => name.startsWith('a competitor was first'))).toBe(
      true,
    )
  })

  it('behavior: money adds up', () => {
    const { money } = result.summary
    const { grossProfit, premium, gas, l1DataFee, tip, netProfit } = money
    expect(netProfit).toBe(grossProfit - premium - gas - l1DataFee - tip)
  })

  it('behavior: each opportunity leaves a reason or a transaction', () => {
    const { summary } = result
    const skipped = summary.skipped.reduce((sum, { count }) => sum + count, 0)
    expect(skipped + summary.sent).toBe(summary.opportunities)
    expect(summary.landed + summary.reverted + summary.dropped).toBe(
      summary.sent,
    )
    const noted = (stage: string, verdict?: string): number =>
      counts
        .filter((one) => one.stage === stage)
        .filter((one) => verdict === undefined || one.verdict === verdict)
        .reduce((sum, { count }) => sum + count, 0)
    expect(noted('plan')).toBe(summary.opportunities)
    expect(noted('plan', 'planned')).toBe(summary.planned)
    expect(noted('submit', 'sent')).toBe(summary.sent)
  })

  it('behavior: each block is reported, the last with the totals', () => {
    expect(reports).toHaveLength(options.blocks)
    const { summary } = result
    expect(reports.at(-1)!.totals).toMatchObject({
      found: summary.opportunities,
      sent: summary.sent,
      landed: summary.landed,
      netProfit: summary.money.netProfit,
    })
    const landed = reports.reduce((sum, report) => sum + report.landed, 0)
    expect(landed).toBe(summary.landed)
  })

  it('behavior: the recorded history leads from the recorded market to the last state', async () => {
    const recorded = join(folder, 'recorded')
    const market = await readMarketFile(join(recorded, historyFiles.market))
    const first = [...marketLines(market)].join('\n')
    const decoder = createBlockDecoder(market, arena.dexes)
    let blocks = 0
    let changes = 0
    for await (const block of readHistory(
      join(recorded, historyFiles.blocks),
    )) {
      const change = decoder.decode(block)
      changes += market.apply(change).length
      blocks++
      expect(market.blockHash).toBe(reports[blocks - 1]!.blockHash)
    }
    expect(blocks).toBe(options.blocks)
    const reported = reports.reduce((sum, one) => sum + one.poolsChanged, 0)
    expect(changes).toBe(reported)
    expect(market.blockNumber).toBe(result.summary.lastBlock)
    expect(compareMarkets(market, await arena.readMarket())).toEqual([])
    expect([...marketLines(market)].join('\n')).not.toBe(first)
  })

  it('behavior: another run of the same options comes to the same', async () => {
    const again = await simulate(options)
    expect(again.summary).toEqual(result.summary)
    const other = await simulate({ ...options, seed: 10, blocks: 4 })
    expect(other.summary.money).not.toEqual(result.summary.money)
  })

  it('error: a folder that holds something is refused before anything runs', async () => {
    const steps: string[] = []
    await expect(
      simulate(
        { ...options, record: join(folder, 'recorded') },
        { onSetUp: (step) => steps.push(step) },
      ),
    ).rejects.toThrow(HistoryFolderError)
    expect(steps).toEqual([])
  })
})

describe('simulate without competitors', () => {
  it(`default: all uncontested trades of ${uncontestedBlocks} blocks earn the prediction to the wei`, {
    timeout: 60_000 + uncontestedBlocks * 1000,
  }, async () => {
    const { summary } = await simulate({
      blocks: uncontestedBlocks,
      seed: 1,
      pools: 40,
      tokens: 10,
      competitors: 0,
    })
    expect(summary.predictions.uncontested).toBeGreaterThan(
      uncontestedBlocks / 2,
    )
    expect(summary.predictions.equal).toBe(summary.predictions.uncontested)
    expect(summary.faults).toEqual([])
    expect(summary.stateChecks.differences).toEqual([])
    expect(participants(summary)).toEqual(['us'])
  })
})

describe('state checks', () => {
  it('control: a contract that says one wei more than the logs is told, and is a fault', async () => {
    const short = { ...options, blocks: 4, competitors: 0 }
    const honest = await createGeneratedArena(short, seededUsers(short.seed))
    let readings = 0
    const readMarket = async (): Promise<Market> => {
      const market = await honest.readMarket()
      readings++
      return readings < 3 ? market : oneWeiMore(market)
    }
    const arena = { ...honest, readMarket }
    const { summary } = await simulate(short, {}, undefined, { arena })
    // The first reading is the beginning; of four checks the last three are wrong.
    expect(summary.stateChecks.done).toBe(4)
    expect(summary.stateChecks.differences).toHaveLength(3)
    expect(summary.faults).toEqual([])
    expect(isFaultless(summary)).toBe(false)
  })
})

describe('signal', () => {
  it('behavior: ends after the block at hand, with all sums', async () => {
    const controller = new AbortController()
    const { summary } = await simulate(
      { ...options, competitors: 0 },
      {
        onBlock: ({ index }) => {
          if (index === 3) controller.abort()
        },
      },
      controller.signal,
    )
    expect(summary).toMatchObject({ blocks: 3, stopped: true })
    expect(summary.stateChecks).toMatchObject({ done: 1, differences: [] })
    expect(summary.landed + summary.reverted).toBe(summary.sent)
  })
})

describe('ledger', () => {
  it('behavior: two runs in one file do not mix; each has its rows', async () => {
    const db = join(folder, 'ledger.sqlite')
    const short = { ...options, blocks: 4, db }
    const [first, second] = [await simulate(short), await simulate(short)]
    expect(first.ledger).toEqual({ name: 'simulate-1', abandoned: 0 })
    expect(second.ledger).toEqual({ name: 'simulate-2', abandoned: 0 })
    expect(second.summary).toEqual(first.summary)
    const database = new Sqlite(db, { readonly: true })
    for (const { ledger, summary } of [first, second]) {
      const count = (table: string): unknown =>
        database
          .prepare(`SELECT count(*) FROM ${table} WHERE ledger = ?`)
          .pluck()
          .get(ledger.name)
      expect(count('opportunities')).toBe(summary.opportunities)
      expect(count('transactions')).toBe(summary.sent)
      expect(count('fills')).toBe(summary.landed)
    }
    const wrong = database
      .prepare('SELECT count(*) FROM trades WHERE NOT as_predicted')
      .pluck()
      .get() as number
    const contested = first.summary.predictions.contested * 2
    expect(wrong).toBeLessThanOrEqual(contested)
    database.close()
  })
})

function participants({ participants: all }: SimulationSummary): string[] {
  return all.map(({ name }) => name)
}

function oneWeiMore(market: Market): Market {
  const { chainId, blockNumber, wrappedNative, tokens } = market
  const pair = market.pools.find(({ family }) => family === 'constantProduct')!
  return createMarket({
    chainId,
    blockNumber,
    wrappedNative: wrappedNative!.address,
    tokens,
    pools: market.pools.map((pool) =>
      pool === pair && pool.family === 'constantProduct'
        ? { ...pool, reserves: [pool.reserves[0], pool.reserves[1] + 1n] }
        : pool,
    ),
  })
}

/** The run closes its store; this one is looked at afterwards. */
function unclosed(store: ExecutionStore): ExecutionStore {
  return { ...store, close: async () => {} }
}
