import { ApexError } from '../../../core/errors.ts'
import type { BlockHeader, HeadFeed } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Log, Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import type { BlockDecoder } from '../../../market/blockDecoder.ts'
import { withoutMisfits } from '../../../market/closedPool.ts'
import type { Market } from '../../../market/market.ts'
import type {
  MarketBlock,
  MarketGrowth,
  PoolChange,
} from '../../../market/marketBlock.ts'
import type { Pool } from '../../../market/pool.ts'
import { type BlockPlace, ChainTail } from './chainTail.ts'
import { HeaderSource, type Persist } from './headerSource.ts'
import { HeadInbox, type Waiting } from './headInbox.ts'
import { LogsAudit, type WrongBlock } from './logsAudit.ts'
import { type GrowthOptions, PoolNursery } from './poolNursery.ts'
import type {
  AppliedEvent,
  ResyncEvent,
  ResyncReason,
  SyncEvent,
} from './syncEvent.ts'
import { readTopicLogs } from './topicLogs.ts'
import { readWholeLogs } from './wholeLogs.ts'

/** Who moves the market: an Apex, or the market itself. */
export type SyncTarget = {
  update(block: MarketBlock): readonly Pool[]
  revert(): readonly Pool[]
}

/** What {@link createBlockSync} is given. */
export type BlockSyncOptions = {
  readonly rpc: Rpc
  /** Read only; at a block of the chain. */
  readonly market: Market
  /** Default: the market. Give the Apex, which tells its engine. */
  readonly target?: SyncTarget
  /** Of the same market. */
  readonly decoder: BlockDecoder
  readonly heads: HeadFeed
  /** Blocks that can be taken back: at most what the market keeps. Default 256. */
  readonly depth?: number
  /** Waited before a question is asked again, longer each time. Default 50 ms. */
  readonly retryMs?: number
  /**
   * Seconds from block to block. Where given, pools whose fees follow the time
   * have the fee of the block to trade in whenever the market is at the head.
   */
  readonly blockSeconds?: number
  /** Has pools that are made join the market, where their rules let them. Default: the market keeps to its pools. */
  readonly growth?: GrowthOptions
  /**
   * Which logs of a block are asked for. `whole` (default): all, for only then
   * can be told by them alone that none is missing; `topics`: those that matter,
   * read twice. See readWholeLogs, readTopicLogs.
   */
  readonly logs?: 'whole' | 'topics'
  /**
   * Whether each block's logs are proven by the root of its receipts, after it
   * was applied; where they were not all, it is taken back and applied anew.
   * Takes some 20 ms for a block of 200 transactions. Default false.
   */
  readonly provesLogs?: boolean
  /** An earlier sync of the same market, which has ended: blocks it followed can be taken back still. */
  readonly after?: BlockSync
  /** Hears of every fault that the sync lives on with. */
  readonly onFault?: (error: unknown) => void
}

/** Keeps a market at the head of its chain. */
export type BlockSync = {
  /** For the next sync of the same market. */
  readonly memory: SyncMemory
  /** The block the market stands at. */
  readonly head: BlockPlace
  /**
   * Follows the chain and tells of each step once it is done; the market stands
   * still until the next event is asked for. Ends with the signal or after a
   * `resync`. To be called once.
   */
  events(signal: AbortSignal): AsyncGenerator<SyncEvent, void, undefined>
}

/** What a sync knows of the blocks behind it. */
export type SyncMemory = {
  readonly tail: ChainTail
  readonly nursery: PoolNursery | undefined
}

const defaultDepth = 256
const defaultRetryMs = 50
/** How often a question is asked before its block is laid aside. */
const mostAsked = 5
/** How often a head is tried before the chain is asked for its latest. */
const mostTried = 4
/** Blocks whose logs are asked for at once. */
const blocksAtOnce = 16
const mostLogsKept = 4 * blocksAtOnce

/**
 * Follows a chain by whole blocks: a block is applied only when its logs are
 * complete by its header's bloom and its parent is the market's block. Parents
 * that no head told of are found by their hashes. A reorg takes blocks back to
 * the common ancestor, once the chain itself names the new block; where that
 * is deeper than `depth`, the market must be read anew.
 *
 * @throws RpcError where the chain does not tell the market's block.
 * @example
 * const sync = await createBlockSync({ rpc, market, target: apex, decoder, heads })
 * for await (const event of sync.events(signal))
 *   if (event.kind === 'applied' && event.behind === 0) apex.scanChanged()
 */
export async function createBlockSync(
  options: BlockSyncOptions,
): Promise<BlockSync> {
  const { rpc, market, after } = options
  if (after) return new Follower(options, after.memory)
  const blockHash = market.blockHash ?? (await hashOf(rpc, options))
  const first = { blockNumber: market.blockNumber, blockHash }
  return new Follower(options, {
    tail: new ChainTail(first, options.depth ?? defaultDepth),
    nursery:
      options.growth && new PoolNursery({ ...options, ...options.growth }),
  })
}

async function hashOf(rpc: Rpc, options: BlockSyncOptions): Promise<Hex> {
  const { blockNumber } = options.market
  const source = new HeaderSource(rpc, persistence(options))
  const header = await source.byNumber(blockNumber)
  if (header) return header.blockHash
  const method = 'eth_getBlockByNumber'
  throw new RpcError(`${method}: no block ${blockNumber}`, { method })
}

class Follower implements BlockSync {
  readonly #options: BlockSyncOptions
  readonly memory: SyncMemory
  readonly #target: SyncTarget
  readonly #tail: ChainTail
  readonly #nursery: PoolNursery | undefined
  readonly #persist: Persist
  readonly #headers: HeaderSource
  readonly #inbox = new HeadInbox()
  /** Logs of blocks that are not applied yet, kept between attempts. */
  readonly #logs = new Map<Hex, readonly Log[]>()
  /** First topics of the logs that are asked for; undefined means all. */
  readonly #topics: readonly Hex[] | undefined
  readonly #audit: LogsAudit | undefined
  /** Applied, and proven to lack logs. */
  readonly #wrong: WrongBlock[] = []

  constructor(options: BlockSyncOptions, memory: SyncMemory) {
    const { market } = options
    this.#options = options
    this.#target = options.target ?? {
      update: (block) => market.apply(block),
      revert: () => market.revert(),
    }
    this.memory = memory
    this.#tail = memory.tail
    this.#nursery = memory.nursery
    this.#persist = persistence(options)
    this.#headers = new HeaderSource(options.rpc, this.#persist)
    this.#topics =
      options.logs === 'topics'
        ? [...options.decoder.topics, ...(this.#nursery?.topics ?? [])]
        : undefined
    this.#audit = options.provesLogs
      ? new LogsAudit({
          rpc: options.rpc,
          persist: this.#persist,
          topics: this.#topics,
          onWrong: (block) => {
            this.#wrong.push(block)
            this.#inbox.wake()
          },
          onFault: (error) => options.onFault?.(error),
        })
      : undefined
  }

  get head(): BlockPlace {
    return this.#tail.head
  }

  async *events(
    signal: AbortSignal,
  ): AsyncGenerator<SyncEvent, void, undefined> {
    const { heads, onFault } = this.#options
    const inbox = this.#inbox
    const wake = (): void => inbox.wake()
    signal.addEventListener('abort', wake, { once: true })
    heads.start({
      onHeads: ({ headers }) => {
        for (const header of headers) {
          this.#headers.remember(header)
          inbox.add(header)
        }
      },
      ...(onFault && { onFault }),
    })
    try {
      while (!signal.aborted) {
        yield* this.#takeBackWrong()
        const waiting = inbox.take()
        if (!waiting) {
          await inbox.wait()
          continue
        }
        let last: SyncEvent | 'failed' | undefined
        for await (const step of this.#follow(waiting.header, signal)) {
          last = step
          if (step !== 'failed') yield step
        }
        if (last === 'failed') await this.#again(waiting)
        else if (last?.kind === 'resync') return
      }
    } finally {
      signal.removeEventListener('abort', wake)
      heads.close()
    }
  }

  /** Takes blocks back that lack logs, with all that follow, and has the chain's latest followed again. */
  async *#takeBackWrong(): AsyncGenerator<SyncEvent, void, undefined> {
    for (let wrong = this.#wrong.shift(); wrong; wrong = this.#wrong.shift()) {
      const { blockHash, logs } = wrong
      const tail = this.#tail
      if (!tail.has(blockHash) || same(tail.oldest.blockHash, blockHash))
        continue
      while (tail.has(blockHash)) yield this.#revert()
      this.#logs.set(blockHash, logs)
      const latest = await this.#headers.byNumber('latest')
      if (latest) this.#inbox.add(latest)
      this.#options.onFault?.(
        new RpcError(`eth_getLogs: block ${blockHash} was not whole`, {
          method: 'eth_getLogs',
        }),
      )
    }
  }

  /** Leads the market to a head as far as the node's answers allow. */
  async *#follow(
    head: BlockHeader,
    signal: AbortSignal,
  ): AsyncGenerator<SyncEvent | 'failed', void, undefined> {
    const tail = this.#tail
    // What is not above the oldest block is late news.
    if (tail.has(head.blockHash)) return
    if (head.blockNumber <= tail.oldest.blockNumber) return
    const way = await this.#headers.wayTo(head, tail)
    if (way === 'unknown') return yield 'failed'
    const isReorg = way === 'deeper' || !same(way.ancestor, tail.head.blockHash)
    if (isReorg && !(await this.#isOfChain(head))) return yield 'failed'
    if (way === 'deeper')
      return yield resync(
        'deep-reorg',
        `block ${head.blockNumber} leads back beyond block ${tail.oldest.blockNumber}, the oldest that is kept`,
      )
    for (let from = 0; from < way.path.length; from += blocksAtOnce) {
      const blocks = way.path.slice(from, from + blocksAtOnce)
      const logs = await Promise.all(blocks.map((block) => this.#logsOf(block)))
      if (logs.includes(undefined)) return yield 'failed'
      try {
        while (!same(tail.head.blockHash, blocks[0]!.parentHash))
          yield this.#revert()
        for (const [i, header] of blocks.entries()) {
          if (signal.aborted) return
          const step = await this.#apply(header, logs[i]!, head.blockNumber)
          if (step.behind === 0) this.#nursery?.read(header, signal)
          yield step
        }
      } catch (cause) {
        if (!(cause instanceof ApexError)) throw cause
        return yield resync(
          'conflict',
          `the market at block ${tail.head.blockNumber} cannot be moved: ${cause.message}`,
          cause,
        )
      }
    }
  }

  #revert(): SyncEvent {
    const changedPools = this.#target.revert()
    const block = this.#tail.pop()
    this.#nursery?.revert(block)
    this.#audit?.drop(block.blockHash)
    return { kind: 'reverted', block, changedPools }
  }

  async #apply(
    header: BlockHeader,
    logs: readonly Log[],
    goal: number,
  ): Promise<AppliedEvent> {
    const { blockNumber, blockHash, parentHash } = header
    const behind = Math.max(goal, this.#inbox.highest) - blockNumber
    const extra = behind > 0 ? [] : await this.#nextChanges(header)
    const read = this.#options.decoder.decode({
      blockNumber,
      blockHash,
      parentHash,
      logs,
    })
    const changes = { ...read, changes: [...read.changes, ...extra] }
    const { block, changedPools } = this.#move(
      changes,
      this.#nursery?.advance(header, logs),
    )
    this.#tail.push(header)
    this.#nursery?.settle(this.#tail.oldest)
    this.#logs.delete(blockHash)
    this.#audit?.add(header, logs)
    return {
      kind: 'applied',
      block,
      header,
      changedPools,
      behind: Math.max(0, behind),
    }
  }

  /** Applies a block; without its growth, or the changes, that do not fit the market. */
  #move(
    read: MarketBlock,
    growth: MarketGrowth | undefined,
  ): Pick<AppliedEvent, 'block' | 'changedPools'> {
    const { market, onFault } = this.#options
    const block = growth ? { ...read, growth } : read
    try {
      return { block, changedPools: this.#target.update(block) }
    } catch (error) {
      if (!(error instanceof ApexError)) throw error
      const fitting = withoutMisfits(market, read)
      for (const fault of fitting.faults) onFault?.(fault)
      if (fitting.faults.length > 0) return this.#move(fitting.block, growth)
      if (!growth) throw error
      onFault?.(error)
      this.#nursery?.drop(growth)
      return this.#move(read, undefined)
    }
  }

  /** Where the node does not tell them, fees stay those of the last logs. */
  async #nextChanges({
    timestamp,
  }: BlockHeader): Promise<readonly PoolChange[]> {
    const { decoder, rpc, blockSeconds, onFault } = this.#options
    if (blockSeconds === undefined) return []
    try {
      return await decoder.nextChanges(rpc, timestamp + blockSeconds)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      onFault?.(error)
      return []
    }
  }

  /** All logs of a block; undefined where the node does not give them. */
  async #logsOf(header: BlockHeader): Promise<readonly Log[] | undefined> {
    const { rpc, onFault } = this.#options
    const known = this.#logs.get(header.blockHash)
    if (known) return known
    const bloomed = await this.#headers.withBloom(header)
    if (!bloomed) return undefined
    const logs = await this.#persist(async () => {
      const reading = this.#topics
        ? await readTopicLogs(rpc, bloomed, this.#topics)
        : await readWholeLogs(rpc, bloomed)
      if ('logs' in reading) return reading.logs
      onFault?.(
        new RpcError(
          `eth_getLogs: block ${header.blockNumber} is not whole: ${reading.fault}`,
          { method: 'eth_getLogs' },
        ),
      )
      return undefined
    })
    if (this.#logs.size >= mostLogsKept) this.#logs.clear()
    if (logs) this.#logs.set(header.blockHash, logs)
    return logs
  }

  /** Late news of a branch that was left must not lead back to it. */
  async #isOfChain({ blockNumber, blockHash }: BlockHeader): Promise<boolean> {
    const header = await this.#headers.byNumber(blockNumber)
    return header !== undefined && same(header.blockHash, blockHash)
  }

  /** A head that failed waits behind newer ones; at last the chain is asked what its head is. */
  async #again({ header, failures }: Waiting): Promise<void> {
    const { retryMs = defaultRetryMs } = this.#options
    await Promise.race([pause(retryMs * (failures + 1)), this.#inbox.wait()])
    const tried = failures + 1
    if (tried < mostTried) return this.#inbox.add(header, tried)
    const latest = await this.#headers.byNumber('latest')
    if (latest) this.#inbox.add(latest)
    // A node that lags names an older one: then the head is still to come.
    if (!latest || latest.blockNumber < header.blockNumber)
      this.#inbox.add(header, failures)
  }
}

/** Asks again, each time after a longer wait. */
function persistence({
  retryMs = defaultRetryMs,
  onFault,
}: BlockSyncOptions): Persist {
  return async (ask) => {
    for (let asked = 1; ; asked++) {
      try {
        const result = await ask()
        if (result !== undefined) return result
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        onFault?.(error)
      }
      if (asked === mostAsked) return undefined
      await pause(retryMs * asked)
    }
  }
}

function resync(
  reason: ResyncReason,
  detail: string,
  cause?: unknown,
): ResyncEvent {
  return {
    kind: 'resync',
    reason,
    detail,
    ...(cause !== undefined && { cause }),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function same(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
