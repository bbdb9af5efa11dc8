import { createBlockDecoder } from '../../adapters/dexes/createBlockDecoder.ts'
import type { Hex } from '../../core/hex.ts'
import {
  createSeededRandom,
  type SeededRandom,
} from '../../core/seededRandom.ts'
import type { Market } from '../../market/market.ts'
import type { HistoryWriter } from '../history.ts'
import type { Arena } from './arena.ts'
import { compareMarkets } from './compareMarkets.ts'
import type { Competitor } from './competitor.ts'
import { drawBaseFee } from './drawBaseFee.ts'
import { drawSwaps, type SwapHabits } from './drawSwaps.ts'
import { hasSucceeded, type MinedBlock, readMinedBlock } from './minedBlock.ts'
import type { BlockReport, SimulateObserver } from './options.ts'
import type { Participant } from './participant.ts'
import type { PoolTouches } from './poolTouches.ts'
import type { Tally } from './tally.ts'

/** Who and what is in a run. */
export type Cast = {
  readonly arena: Arena
  /** Ours: kept by logs alone. */
  readonly market: Market
  readonly us: Participant
  readonly competitors: readonly Competitor[]
  readonly users: readonly Hex[]
  /** How often each pool of the market is traded. */
  readonly weights: readonly number[]
  readonly touches: PoolTouches
  readonly history?: HistoryWriter
}

export type RunOptions = {
  readonly blocks: number
  readonly seed: number
  readonly habits: SwapHabits
}

/** What the blocks came to beside the participants' tallies. */
export type RunResult = {
  readonly blocks: number
  readonly firstBlock: number
  readonly lastBlock: number
  readonly userSwaps: { readonly mined: number; readonly reverted: number }
  readonly stateChecks: {
    readonly done: number
    readonly differences: readonly string[]
  }
}

/** How often in a run the whole state is read afresh, the end included. */
const stateChecks = 4
const seeds = { users: 0x0a11ce, baseFee: 0xfee }

/** Trades block after block until all are done or the signal asks to stop. */
export async function runBlocks(
  cast: Cast,
  options: RunOptions,
  observer: SimulateObserver,
  signal: AbortSignal,
): Promise<RunResult> {
  const { chain } = cast.arena
  const users = createSeededRandom(options.seed ^ seeds.users)
  const fees = createSeededRandom(options.seed ^ seeds.baseFee)
  const decoder = createBlockDecoder(cast.market, cast.arena.dexes)
  const checker = new StateChecker(cast)
  const checkEvery = Math.ceil(options.blocks / stateChecks)
  const userSwaps = { mined: 0, reverted: 0 }
  const start = await readMinedBlock(chain, chain.chainId, 'latest')
  let last = start
  let index = 0
  while (index < options.blocks && !signal.aborted) {
    index++
    // First: plans reckon with the base fee of the next block.
    await chain.setNextBaseFee(
      drawBaseFee(last.baseFeePerGas, start.baseFeePerGas, fees),
    )
    const swaps = await sendSwaps(cast, options.habits, users)
    const before = figuresOf(cast.us.tally)
    const turn = await cast.us.act(last.timestamp)
    for (const competitor of cast.competitors)
      await competitor.act(last.timestamp)
    await chain.mine()

    const block = await readMinedBlock(chain, chain.chainId, 'latest')
    await cast.history?.write(block)
    for (const hash of swaps)
      if (await hasSucceeded(chain, hash)) userSwaps.mined++
      else userSwaps.reverted++
    const marketBlock = decoder.decode(block)
    await cast.us.settle(block, cast.touches)
    const changed = cast.us.see(marketBlock)
    for (const competitor of cast.competitors) {
      await competitor.participant.settle(block, cast.touches)
      competitor.notice(marketBlock)
    }
    observer.onBlock?.(
      report(index, block, changed.length, turn, before, cast.us.tally),
    )
    if (index % checkEvery === 0) await checker.check()
    last = block
  }
  await checker.check()
  return {
    blocks: index,
    firstBlock: start.blockNumber + 1,
    lastBlock: last.blockNumber,
    userSwaps,
    stateChecks: checker,
  }
}

/** The users' trades of the next block; returns their transactions. */
async function sendSwaps(
  { arena, market, users, weights }: Cast,
  habits: SwapHabits,
  random: SeededRandom,
): Promise<Hex[]> {
  const hashes: Hex[] = []
  for (const [i, swap] of drawSwaps(
    market,
    weights,
    habits,
    random,
  ).entries()) {
    const { pool, zeroForOne, amountIn, maxPriorityFeePerGas } = swap
    hashes.push(
      await arena.swap({
        user: users[i % users.length]!,
        pool: pool.address,
        tokenIn: pool.tokens[zeroForOne ? 0 : 1],
        amountIn,
        priorityFeePerGas: maxPriorityFeePerGas,
      }),
    )
  }
  return hashes
}

/** Holds the state kept by logs against the contracts, at most once a block. */
class StateChecker {
  readonly #cast: Cast
  #checkedBlock: number | undefined
  done = 0
  readonly differences: string[] = []

  constructor(cast: Cast) {
    this.#cast = cast
  }

  async check(): Promise<void> {
    const { arena, market } = this.#cast
    if (this.#checkedBlock === market.blockNumber) return
    this.#checkedBlock = market.blockNumber
    this.differences.push(...compareMarkets(market, await arena.readMarket()))
    this.done++
  }
}

type Figures = BlockReport['totals']

function figuresOf({
  opportunities,
  sent,
  landed,
  reverted,
  money,
}: Tally): Figures {
  const { netProfit, gas } = money
  return { found: opportunities, sent, landed, reverted, netProfit, gas }
}

function report(
  index: number,
  { blockNumber, blockHash }: MinedBlock,
  poolsChanged: number,
  { found, sent }: { readonly found: number; readonly sent: number },
  before: Figures,
  tally: Tally,
): BlockReport {
  const totals = figuresOf(tally)
  return {
    index,
    blockNumber,
    blockHash,
    poolsChanged,
    found,
    sent,
    landed: totals.landed - before.landed,
    reverted: totals.reverted - before.reverted,
    netProfit: totals.netProfit - before.netProfit,
    gas: totals.gas - before.gas,
    totals,
  }
}
