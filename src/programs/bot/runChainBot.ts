import { createBlockDecoder } from '../../adapters/dexes/createBlockDecoder.ts'
import { refreshMarket } from '../../adapters/feeds/pyramid/index.ts'
import {
  type BlockSync,
  createBlockSync,
  type SyncEvent,
} from '../../adapters/feeds/sync/index.ts'
import { StoreInvalidError } from '../../adapters/stores/index.ts'
import { type Apex, createApex } from '../../apex.ts'
import { parseAddress } from '../../core/address.ts'
import { ChainMismatchError } from '../../core/chainMismatchError.ts'
import { ApexError } from '../../core/errors.ts'
import type { Hex } from '../../core/hex.ts'
import { RpcError } from '../../core/rpcError.ts'
import { MarketConflictError } from '../../market/errors.ts'
import type { Market } from '../../market/market.ts'
import { createExecution } from '../../services/execute/createExecution.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import type { ScanOptions } from '../../services/scan/scan.ts'
import { backoffAfter, firstBackoffMs, pause } from './backoff.ts'
import { ChainTally } from './chainTally.ts'
import type { EndedTrade } from './finalityWatch.ts'
import { followedMarket } from './followedMarket.ts'
import { inWords } from './inWords.ts'
import { NewestBlock, readBlockNumber } from './newestBlock.ts'
import type { BotObserver, ChainBotOptions, ChainSummary } from './options.ts'
import { type TimedHeads, timedHeads } from './timedHeads.ts'
import { timedMoves } from './timedMoves.ts'
import { Trader } from './trader.ts'

/** Blocks that a reorg can take back. */
const journalBlocks = 256
/** At the start logs lead the market over at least so many blocks, and at most over those that can be taken back. */
const leastCaughtUp = 32
/** And over one block more for each so many pools: the more there are, the longer it takes to read them anew. */
const poolsPerBlock = 50
const longestStopMs = 15_000
const stopPollMs = 100
/** Of a block's time: so long an answer counts that no newer block is there. */
const freshShare = 1 / 4
/** Markets opened in a row that could not be moved by a single block. */
const mostFruitlessMarkets = 2

/**
 * Trades on one chain until the signal asks to stop: each block moves the
 * market, what it opens is planned, judged, simulated and, live, sent. Faults
 * of the node and of the store begin the feeds anew after a growing wait; what
 * only a person can mend ends the run and stands in the summary.
 *
 * @example
 * const summary = await runChainBot(options, { onBlock: console.log }, signal)
 * summary.netProfit // wei
 */
export async function runChainBot(
  options: ChainBotOptions,
  observer: BotObserver,
  signal: AbortSignal,
): Promise<ChainSummary> {
  const run = new ChainRun(options, observer, signal)
  const endedBy = await run.untilStopped()
  return run.tally.summary({
    chain: options.name,
    chainId: options.chain.chainId,
    isLive: options.isLive,
    open: run.open,
    endedBy,
  })
}

/** How a following of the chain ended: `resync` asks for the market anew. */
type Ending = 'stopped' | 'resync'

class ChainRun {
  readonly tally = new ChainTally()
  readonly #options: ChainBotOptions
  readonly #observer: BotObserver
  readonly #signal: AbortSignal
  #apex: Apex | undefined
  /** Of the same market: after a fault its blocks can be taken back still. */
  #sync: BlockSync | undefined
  #trader: Trader | undefined
  readonly #told = new Map<Hex, EndedTrade>()
  /** A market that could not be led on. */
  #stuckMarket: Market | undefined
  /** Since the last block that was applied. */
  #failures = 0
  #fruitlessMarkets = 0

  constructor(
    options: ChainBotOptions,
    observer: BotObserver,
    signal: AbortSignal,
  ) {
    this.#options = options
    this.#observer = observer
    this.#signal = signal
  }

  get open(): number {
    return this.#trader?.open.length ?? 0
  }

  /** Says why it ended where nobody asked it to. */
  async untilStopped(): Promise<string | undefined> {
    try {
      while (!this.#signal.aborted) await this.#followOnce()
      return undefined
    } catch (error) {
      if (!(error instanceof ApexError)) throw error
      return inWords(error)
    } finally {
      await this.#finish()
    }
  }

  async #followOnce(): Promise<void> {
    try {
      const ending = await this.#follow()
      if (ending === 'stopped') return
      // Its journal leads no further back.
      this.#stuckMarket = this.#apex?.market
      this.#apex = undefined
      this.#sync = undefined
      this.#fruitlessMarkets += 1
      if (this.#fruitlessMarkets >= mostFruitlessMarkets)
        throw new MarketConflictError(
          'the chain cannot be followed from the market',
          { hint: 'write it anew with: apex snapshot' },
        )
    } catch (error) {
      const wasAsked = this.#signal.aborted
      if (wasAsked && error instanceof RpcError) return
      if (wasAsked && error === this.#signal.reason) return
      if (!isPassing(error)) throw error
      this.#fault(error)
    }
    const { backoffMs = firstBackoffMs, name } = this.#options
    const waitMs = backoffAfter(this.#failures, backoffMs)
    this.#failures += 1
    this.tally.restarts += 1
    this.#observer.onRestart?.(name, this.tally.restarts, waitMs)
    await pause(waitMs, this.#signal)
  }

  /** Follows the chain's blocks until asked to stop, or as far as the market leads. */
  async #follow(): Promise<Ending> {
    const { rpc, dexes, openHeads } = this.#options
    const { name, chain, risk, scan, isLive } = this.#options
    const { growth, logs, provesLogs } = this.#options
    const signal = this.#signal
    // The next trader must not settle what the one before is about to.
    await this.#trader?.rest()
    this.#apex ??= await this.#openApex()
    const apex = this.#apex
    const heads = timedHeads(openHeads(), (header) => trader.prepare(header))
    const execution = await this.#openExecution(apex.market, heads)
    const trader = new Trader({
      name,
      risk,
      isLive,
      apex,
      rpc,
      execution,
      signal,
      ...(scan && { scan: withAddresses(scan, apex.market) }),
      onFault: (error) => this.#fault(error),
      told: this.#told,
      finalityBlocks: Math.max(journalBlocks, chain.finalityBlocks ?? 0),
      onReopened: (ended) => {
        this.tally.reopen(ended)
        this.#observer.onReopened?.(name, ended)
      },
      onOutcome: (pending, outcome, miss) => {
        this.tally.end(pending, outcome, miss)
        this.#observer.onOutcome?.(name, outcome, pending, miss)
      },
    })
    this.#trader = trader
    const operator = this.#operator
    if (operator !== undefined) await trader.begin(parseAddress(operator))

    const decoder = createBlockDecoder(apex.market, dexes, (error) =>
      this.#fault(error),
    )
    const moves = timedMoves(apex, decoder)
    const sync = await createBlockSync({
      rpc,
      market: apex.market,
      target: moves.target,
      decoder: moves.decoder,
      heads,
      depth: journalBlocks,
      blockSeconds: this.#blockSeconds,
      ...(growth && { growth }),
      ...(logs && { logs }),
      ...(provesLogs !== undefined && { provesLogs }),
      ...(this.#sync && { after: this.#sync }),
      onFault: (error) => this.#fault(error),
    })
    this.#sync = sync
    const changed = new Set<string>()
    const events = sync.events(signal)
    try {
      for (;;) {
        const event = await nextEvent(events, signal)
        if (!event && signal.aborted) return 'stopped'
        if (!event) return 'resync'
        if (event.kind === 'resync') {
          this.#fault(new MarketConflictError(event.detail))
          return 'resync'
        }
        for (const { address } of event.changedPools) changed.add(address)
        if (event.kind === 'reverted') {
          trader.reverted(event.block.blockNumber)
          continue
        }
        this.#failures = 0
        this.#fruitlessMarkets = 0
        const applyMs = moves.takeMs()
        if (event.behind > 0) continue
        const { header } = event
        const news = {
          event,
          newest: new NewestBlock(
            rpc,
            () => heads.latest ?? header,
            chain.blockTimeMs * freshShare,
          ),
          arrivedAt: heads.arrivalOf(header.blockHash) ?? performance.now(),
          applyMs,
          poolsChanged: changed.size,
        }
        changed.clear()
        await trader.act(news, (report) => {
          this.tally.block(report)
          this.#observer.onBlock?.(report)
        })
      }
    } finally {
      heads.close()
      // Its last question may be open still: nobody waits for the answer.
      void events.return().catch(() => {})
    }
  }

  /** Logs lead a young market on; an old one, or one that cannot be moved, is read anew. */
  async #openApex(): Promise<Apex> {
    const stuck = this.#stuckMarket
    const market = stuck ?? (await this.#openMarket())
    const { rpc } = this.#options
    const age = (await readBlockNumber(rpc)) - market.blockNumber
    if (!stuck && age <= mostCaughtUp(market))
      return await createApex({ market })
    const refreshed = await this.#refresh(market, age)
    this.#stuckMarket = undefined
    return await createApex({ market: refreshed })
  }

  async #openMarket(): Promise<Market> {
    const { openMarket, dexes, name } = this.#options
    const { market, leftOut } = followedMarket(await openMarket(), dexes)
    if (leftOut > 0)
      this.#observer.onNotice?.(
        name,
        `${leftOut} pools of the market left out: their DEXes are not followed`,
      )
    return market
  }

  async #refresh(market: Market, age: number): Promise<Market> {
    const { name, rpc, dexes, chain } = this.#options
    const tell = (message: string): void =>
      this.#observer.onNotice?.(name, message)
    tell(
      `the market is of block ${market.blockNumber}, ${age} blocks old: its ${market.pools.length} pools are read anew`,
    )
    const { market: fresh, leftOut } = await refreshMarket({
      rpc,
      market,
      dexes,
      signal: this.#signal,
      ...(chain.multicall && { multicall3: chain.multicall }),
    })
    if (fresh.pools.length === 0)
      throw new MarketConflictError(
        `none of the market's ${market.pools.length} pools can be read at block ${fresh.blockNumber}`,
        { hint: 'write it anew with: apex snapshot' },
      )
    tell(
      `read at block ${fresh.blockNumber}: ${fresh.pools.length} pools${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}`,
    )
    return fresh
  }

  /** In a dry run there is no signer to send with. */
  async #openExecution(
    market: Market,
    heads: TimedHeads,
  ): Promise<ExecutionService | undefined> {
    const { execution, rpc, dexes, store, ledger, isLive } = this.#options
    if (!execution) return undefined
    const { signer, ...unsigned } = execution
    const operator = this.#operator
    return await createExecution(market, {
      blockSeconds: this.#blockSeconds,
      latestBlock: () => heads.latest,
      ...unsigned,
      rpc,
      dexes,
      store,
      ledger,
      ...(operator !== undefined && { operator }),
      ...(isLive && signer && { signer }),
    })
  }

  get #blockSeconds(): number {
    return Math.max(1, Math.round(this.#options.chain.blockTimeMs / 1000))
  }

  get #operator(): string | undefined {
    const { execution } = this.#options
    return execution?.signer?.address ?? execution?.operator
  }

  /** Waits a little for what is in flight; the rest stays open in the ledger. */
  async #finish(): Promise<void> {
    const { chain, stopMs } = this.#options
    const trader = this.#trader
    if (!trader) return
    const waitMs = stopMs ?? Math.min(longestStopMs, 2 * chain.blockTimeMs)
    const until = performance.now() + waitMs
    try {
      await trader.rest()
      while (trader.open.length > 0) {
        await trader.settle()
        if (trader.open.length === 0 || performance.now() >= until) return
        await new Promise((resolve) => setTimeout(resolve, stopPollMs))
      }
    } catch (error) {
      if (!(error instanceof ApexError)) throw error
      this.#fault(error)
    }
  }

  #fault(error: unknown): void {
    this.tally.faults += 1
    this.#observer.onFault?.(this.#options.name, inWords(error))
  }
}

/** Blocks that logs lead the market over at the start; an older one is read anew. */
function mostCaughtUp({ pools }: Market): number {
  const byPools = Math.ceil(pools.length / poolsPerBlock)
  return Math.min(journalBlocks, Math.max(leastCaughtUp, byPools))
}

/** Whether it may be over in a moment: a node that does not answer or is of another chain, a database that another process holds, a full disk. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof RpcError ||
    error instanceof ChainMismatchError ||
    error instanceof StoreInvalidError
  )
}

/** The next event; undefined once the signal asks to stop, whatever the node does. */
async function nextEvent(
  events: AsyncGenerator<SyncEvent, void, undefined>,
  signal: AbortSignal,
): Promise<SyncEvent | undefined> {
  if (signal.aborted) return undefined
  let stop: (() => void) | undefined
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    const next = events.next()
    next.catch(() => {})
    const result = await Promise.race([next, stopped])
    return result?.done ? undefined : result?.value
  } finally {
    signal.removeEventListener('abort', stop!)
  }
}

/** Tokens that join later may take a symbol that was meant for another. */
function withAddresses<Scan extends Pick<ScanOptions, 'baseTokens'>>(
  scan: Scan,
  market: Market,
): Scan {
  const { baseTokens } = scan
  return {
    ...scan,
    ...(baseTokens && {
      baseTokens: baseTokens.map((name) => market.findToken(name).address),
    }),
  }
}
