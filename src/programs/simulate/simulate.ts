import { dexProtocol } from '../../adapters/dexes/index.ts'
import { createEngine } from '../../engine/createEngine.ts'
import type { Market } from '../../market/market.ts'
import { NativePricer } from '../../services/scan/nativePricer.ts'
import {
  checkHistoryFolder,
  createHistoryWriter,
  type HistoryWriter,
} from '../history.ts'
import { type Arena, seededUsers } from './arena.ts'
import type { Competitor } from './competitor.ts'
import { swapWeights } from './drawSwaps.ts'
import { createForkArena } from './fork/forkArena.ts'
import { createGeneratedArena } from './generatedArena.ts'
import { type OpenLedger, openLedger } from './openLedger.ts'
import type { SimulateObserver, SimulateOptions } from './options.ts'
import type { Participant, WorkTimes } from './participant.ts'
import { createCompetitor, createUs, deploySeats } from './participants.ts'
import { createPoolTouches } from './poolTouches.ts'
import { type RunResult, runBlocks } from './runBlocks.ts'
import type { SimulationSummary, SimulationTimes } from './summary.ts'

/** A block's swaps grow with the number of pools. */
const swapsPerPool = 0.1
const fewestSwaps = 3
const mostSwaps = 30

/** What a simulation gives back. */
export type SimulationResult = {
  readonly summary: SimulationSummary
  readonly times: SimulationTimes
  /** Name of the run in the ledger, and open transactions of earlier runs that it ended. */
  readonly ledger: Pick<OpenLedger, 'name' | 'abandoned'>
  /** Pools of the market file that could not be traded on the fork. */
  readonly leftOut: number
}

/** What may be put in the place of the usual parts. */
export type SimulateParts = {
  readonly ledger?: OpenLedger
  readonly arena?: Arena
}

/**
 * Runs the whole loop on a chain in this process: users trade, blocks are
 * mined, their logs move the market, what it gives is planned, simulated, sent
 * and settled, while competitors do the same. The same options give the same
 * summary.
 *
 * @param signal asks to end after the current block.
 * @throws MarketInvalidError, HistoryFolderError, StoreInvalidError,
 * PackageMissingError, RpcError
 * @example
 * const { summary } = await simulate({ ...simulateDefaults, blocks: 20 })
 * summary.money.netProfit // wei
 */
export async function simulate(
  options: SimulateOptions,
  observer: SimulateObserver = {},
  signal: AbortSignal = new AbortController().signal,
  parts: SimulateParts = {},
): Promise<SimulationResult> {
  if (options.record !== undefined) await checkHistoryFolder(options.record)
  const ledger = parts.ledger ?? (await openLedger(options.db))
  try {
    return await run(options, observer, signal, ledger, parts.arena)
  } finally {
    await ledger.store.close()
  }
}

async function run(
  options: SimulateOptions,
  observer: SimulateObserver,
  signal: AbortSignal,
  ledger: OpenLedger,
  given: Arena | undefined,
): Promise<SimulationResult> {
  const started = performance.now()
  const stage = await setUp(options, observer, ledger, given)
  const { arena, market, us, competitors, users, history } = stage
  const setUpMs = performance.now() - started
  try {
    const participants = [us, ...competitors.map((one) => one.participant)]
    const result = await runBlocks(
      {
        arena,
        market,
        us,
        competitors,
        users,
        weights: await weightsOf(arena, market),
        touches: createPoolTouches(
          new Set(arena.dexes.map(({ protocol }) => dexProtocol(protocol))),
          participants.map(({ operator }) => operator),
        ),
        ...(history && { history }),
      },
      {
        blocks: options.blocks,
        seed: options.seed,
        habits: { swapsPerBlock: swapsPerBlock(market) },
      },
      observer,
      signal,
    )
    return {
      summary: summarise(options, market, us, participants, result),
      times: {
        setUpMs,
        loopMs: performance.now() - started - setUpMs,
        ...sumOf(participants.map(({ times }) => times)),
      },
      ledger: { name: ledger.name, abandoned: ledger.abandoned },
      leftOut: arena.leftOut ?? 0,
    }
  } finally {
    await history?.close()
  }
}

type Stage = {
  readonly arena: Arena
  readonly market: Market
  readonly us: Participant
  readonly competitors: readonly Competitor[]
  readonly users: readonly `0x${string}`[]
  readonly history: HistoryWriter | undefined
}

async function setUp(
  options: SimulateOptions,
  observer: SimulateObserver,
  ledger: OpenLedger,
  given: Arena | undefined,
): Promise<Stage> {
  const { seed, fork, record } = options
  const users = seededUsers(seed)
  observer.onSetUp?.(
    fork
      ? `forking block ${fork.blockNumber}`
      : `deploying ${options.pools} pools and their protocols`,
  )
  const arena =
    given ??
    (fork
      ? await createForkArena(fork, users)
      : await createGeneratedArena(options, users))
  observer.onSetUp?.('deploying executors')
  const seats = await deploySeats(arena, seed, options.competitors)
  observer.onSetUp?.('reading the pools')
  const market = await arena.readMarket()
  const [ours, ...others] = seats
  const competitors: Competitor[] = []
  for (const seat of others)
    competitors.push(await createCompetitor(arena, market, seat, seed))
  const us = await createUs(arena, market, ours!, ledger)
  const history =
    record === undefined ? undefined : await createHistoryWriter(record, market)
  return { arena, market, us, competitors, users, history }
}

function swapsPerBlock({ pools }: Market): number {
  return Math.min(mostSwaps, Math.max(fewestSwaps, swapsPerPool * pools.length))
}

/** How often users trade each pool; those they cannot, never. */
async function weightsOf(
  { isTraded }: Arena,
  market: Market,
): Promise<number[]> {
  const pricer = new NativePricer(market, await createEngine())
  const weights = swapWeights(market, (token) =>
    pricer.approximateRate(market.token(token)),
  )
  return weights.map((weight, i) =>
    isTraded && !isTraded(market.pools[i]!) ? 0 : weight,
  )
}

function summarise(
  options: SimulateOptions,
  market: Market,
  us: Participant,
  participants: readonly Participant[],
  result: RunResult,
): SimulationSummary {
  const { tally } = us
  return {
    chainId: market.chainId,
    seed: options.seed,
    blocks: result.blocks,
    firstBlock: result.firstBlock,
    lastBlock: result.lastBlock,
    pools: market.pools.length,
    tokens: market.tokens.length,
    userSwaps: result.userSwaps,
    opportunities: tally.opportunities,
    skipped: tally.skipped,
    planned: tally.planned,
    sent: tally.sent,
    landed: tally.landed,
    reverted: tally.reverted,
    dropped: tally.dropped,
    revertReasons: tally.revertReasons,
    predictions: {
      uncontested: tally.uncontested,
      equal: tally.equal,
      contested: tally.contested,
      predictedNetProfit: tally.predictedNetProfit,
      realNetProfit: tally.realNetProfit,
    },
    faults: tally.faults,
    gasUsed: tally.gasUsed,
    money: tally.money,
    byLender: tally.byLender,
    byDex: tally.byDex,
    byRoute: tally.byRoute,
    participants: participants.map(({ name, tally: own }) =>
      own.participant(name),
    ),
    stateChecks: {
      done: result.stateChecks.done,
      differences: result.stateChecks.differences,
    },
    stopped: result.blocks < options.blocks,
  }
}

function sumOf(times: readonly WorkTimes[]): WorkTimes {
  const sum = { searches: 0, searchMs: 0, plans: 0, planMs: 0 }
  for (const one of times)
    for (const name of Object.keys(sum) as (keyof WorkTimes)[])
      sum[name] += one[name]
  return sum
}
