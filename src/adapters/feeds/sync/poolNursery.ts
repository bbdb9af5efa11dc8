import { ApexError } from '../../../core/errors.ts'
import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Log, Rpc } from '../../../core/rpc.ts'
import { admitPool } from '../../../market/admit.ts'
import type { BlockDecoder, PoolAt } from '../../../market/blockDecoder.ts'
import { changedPool } from '../../../market/changedPool.ts'
import type { Market } from '../../../market/market.ts'
import type { MarketGrowth, PoolChange } from '../../../market/marketBlock.ts'
import type { Pool } from '../../../market/pool.ts'
import type { Token } from '../../../market/token.ts'
import {
  type CreationReader,
  createCreationReader,
  type NewPool,
  type NewPoolReading,
  readNewPools,
} from '../pyramid/newPools.ts'
import type { TokenFindings } from '../pyramid/tokenTrials.ts'
import type { BlockPlace } from './chainTail.ts'
import { GrowthJudge, type GrowthRules } from './growthRules.ts'

/** How a market grows while it is followed. */
export type GrowthOptions = GrowthRules & {
  /** Default the address where Multicall3 lies on nearly every chain. */
  readonly multicall3?: Hex
  /** So many words of a pool's tick bitmap are read at most, round its price. Default 256; Infinity for the whole scale. */
  readonly tickWords?: number
  /**
   * Tries out tokens that are new to the market, by the pools they came with, as
   * these are at a block. Only pools whose tokens were found sound join; those
   * of which nothing is found out are tried again later. Default: none is tried.
   */
  readonly tryTokens?: (
    pools: readonly Pool[],
    blockNumber: number,
    signal: AbortSignal,
  ) => Promise<TokenFindings>
  /** New pools that are watched until they can join, the latest. Default 1,000. */
  readonly mostWatched?: number
}

/** What a nursery works with. */
export type NurseryParts = GrowthOptions & {
  readonly rpc: Rpc
  readonly market: Market
  readonly decoder: BlockDecoder
  readonly onFault?: (error: unknown) => void
}

const defaultMostWatched = 1000
/** A pool that tells no state, or whose tokens cannot be tried, is asked again after 2, 4, 8, … heads. */
const mostReadings = 8

/**
 * Pools from their creation until they join the market. Each is read at a head
 * of the chain, its logs lead it on from block to block, and it joins with the
 * first block that leaves enough in it to trade. A reorg takes it back like
 * the market's own pools: to what it was, or away with its creation.
 */
export class PoolNursery {
  readonly #parts: NurseryParts
  readonly #judge: GrowthJudge
  readonly #creations: CreationReader
  readonly #watched = new Map<string, Candidate>()
  readonly #soundTokens = new Set<string>()
  readonly #poolsAtFirst: number
  #reading: Promise<void> | undefined
  #trying: Promise<void> | undefined

  constructor(parts: NurseryParts) {
    this.#parts = parts
    this.#judge = new GrowthJudge(parts.market, parts)
    this.#creations = createCreationReader(parts.decoder.dexes)
    this.#poolsAtFirst = parts.market.pools.length
  }

  /** First topics of the logs that tell of new pools. */
  get topics(): readonly Hex[] {
    return this.#creations.topics
  }

  /** Takes the logs of the block that is about to be applied; returns what joins the market with it. */
  advance(block: BlockPlace, logs: readonly Log[]): MarketGrowth | undefined {
    if (this.#watched.size > 0) this.#lead(block, this.#about(logs))
    this.#note(block, logs)
    const joining = [...this.#watched.values()]
      .filter((candidate) => this.#isReady(candidate))
      .slice(0, this.#roomLeft)
    if (joining.length === 0) return undefined
    for (const candidate of joining) candidate.joinedAt = block.blockNumber
    return {
      pools: joining.map((candidate) => stateOf(candidate)!),
      tokens: joining.flatMap(({ tokens }) => tokens),
    }
  }

  /** Forgets pools that the market would not have. */
  drop({ pools }: MarketGrowth): void {
    for (const { address } of pools) this.#watched.delete(key(address))
  }

  /** A block was taken back. */
  revert({ blockNumber }: BlockPlace): void {
    for (const [address, candidate] of this.#watched) {
      if (candidate.createdAt >= blockNumber) {
        this.#watched.delete(address)
        continue
      }
      if ((candidate.joinedAt ?? 0) >= blockNumber)
        candidate.joinedAt = undefined
      candidate.judgedAt = undefined
      candidate.states = candidate.states.filter(
        (state) => state.blockNumber < blockNumber,
      )
      const { reading } = candidate
      if (!reading) continue
      // What is read at a block that is gone is of no use.
      if (reading.blockNumber >= blockNumber) candidate.reading = undefined
      else
        reading.missed = reading.missed.filter(
          (missed) => missed.blockNumber < blockNumber,
        )
    }
  }

  /** Forgets what no reorg of the kept depth can ask for. */
  settle({ blockNumber }: BlockPlace): void {
    for (const [address, candidate] of this.#watched) {
      const { joinedAt, states } = candidate
      if (joinedAt !== undefined && joinedAt <= blockNumber)
        this.#watched.delete(address)
      const newer = states.findIndex((state) => state.blockNumber > blockNumber)
      const kept = (newer < 0 ? states.length : newer) - 1
      if (kept > 0) candidate.states = states.slice(kept)
    }
  }

  /** Begins to read what has no state yet, and to try new tokens out, at the block the market stands at; nobody waits for it. */
  read(head: BlockHeader, signal: AbortSignal): void {
    this.#readStates(head, signal)
    this.#tryTokens(head, signal)
  }

  #readStates(head: BlockHeader, signal: AbortSignal): void {
    if (this.#reading) return
    const candidates = [...this.#watched.values()].filter(
      (candidate) => candidate.states.length === 0 && isDue(candidate),
    )
    if (candidates.length === 0) return
    const { blockNumber, blockHash } = head
    const readings = candidates.map((candidate) => {
      const reading: Reading = { blockNumber, missed: [] }
      candidate.reading = reading
      return { candidate, reading }
    })
    this.#reading = this.#readAt({ blockNumber, blockHash }, readings, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#parts.onFault?.(error)
      })
      .finally(() => {
        for (const { candidate, reading } of readings)
          if (candidate.reading === reading) candidate.reading = undefined
        this.#reading = undefined
      })
  }

  async #readAt(
    block: BlockPlace,
    readings: readonly {
      readonly candidate: Candidate
      readonly reading: Reading
    }[],
    signal: AbortSignal,
  ): Promise<void> {
    const { rpc, market, multicall3, tickWords } = this.#parts
    const results = await readNewPools(
      {
        rpc,
        block,
        signal,
        chainId: market.chainId,
        tokenOf: (address) => market.tokenAt(address),
        ...(multicall3 && { multicall3 }),
        ...(tickWords !== undefined && { tickWords }),
      },
      readings.map(({ candidate }) => candidate.pool),
    )
    for (const [i, { candidate, reading }] of readings.entries()) {
      // A reorg may have taken it away meanwhile.
      if (candidate.reading === reading)
        this.#take(candidate, reading, results[i]!)
    }
  }

  #take(
    candidate: Candidate,
    { blockNumber, missed }: Reading,
    { reading, tokens }: NewPoolReading,
  ): void {
    if ('reason' in reading) {
      this.#putOff(candidate)
      return
    }
    const { address } = reading
    if (this.#judge.refuses(address, reading.tokens)) {
      this.#watched.delete(key(address))
      return
    }
    candidate.tokens = tokens
    candidate.readings = 0
    candidate.states = [{ blockNumber, pool: { ...reading, blockNumber } }]
    candidate.judgedAt = undefined
    for (const { blockNumber: at, logs } of missed)
      this.#change(
        at,
        this.#parts.decoder.changesOf(logs, this.#only(candidate)),
      )
  }

  #putOff(candidate: Candidate): void {
    candidate.readings += 1
    candidate.waits = 2 ** candidate.readings
    if (candidate.readings === mostReadings)
      this.#watched.delete(key(candidate.pool.clue.address))
  }

  /** Tries the tokens of those that would join but for them. */
  #tryTokens({ blockNumber }: BlockHeader, signal: AbortSignal): void {
    const { tryTokens, onFault } = this.#parts
    if (!tryTokens || this.#trying) return
    const candidates = [...this.#watched.values()].filter(
      (candidate) =>
        !this.#isTried(candidate) &&
        this.#wouldJoin(candidate) &&
        isDue(candidate),
    )
    if (candidates.length === 0) return
    const pools = candidates.map((candidate) => stateOf(candidate)!)
    this.#trying = tryTokens(pools, blockNumber, signal)
      .then(({ sound, refused }) => {
        for (const token of sound) this.#soundTokens.add(token)
        for (const candidate of candidates)
          if (candidate.tokens.some(({ address }) => refused.has(key(address))))
            this.#watched.delete(key(candidate.pool.clue.address))
          else if (this.#isTried(candidate)) candidate.judgedAt = undefined
          else this.#putOff(candidate)
      })
      .catch((error: unknown) => {
        for (const candidate of candidates) this.#putOff(candidate)
        if (!signal.aborted) onFault?.(error)
      })
      .finally(() => {
        this.#trying = undefined
      })
  }

  /** Whether all its tokens are the market's, or may join it. */
  #isTried({ tokens }: Candidate): boolean {
    return (
      this.#parts.tryTokens === undefined ||
      tokens.every(
        ({ address }) =>
          this.#parts.market.tokenAt(address) ||
          this.#soundTokens.has(key(address)),
      )
    )
  }

  /** Leads the pools that have a state over a block; for those that are being read its logs are kept. */
  #lead({ blockNumber }: BlockPlace, logs: readonly Log[]): void {
    for (const { reading } of this.#watched.values())
      reading?.missed.push({ blockNumber, logs })
    const poolAt: PoolAt = (address) => {
      const candidate = this.#watched.get(key(address))
      return candidate?.joinedAt === undefined ? stateOf(candidate) : undefined
    }
    this.#change(blockNumber, this.#parts.decoder.changesOf(logs, poolAt))
  }

  /** Those that may be about pools that are watched: the contract's own, or with the pool's id. */
  #about(logs: readonly Log[]): readonly Log[] {
    return logs.filter(
      ({ address, topics: [, id] }) =>
        this.#watched.has(key(address)) || (id && this.#watched.has(key(id))),
    )
  }

  #change(blockNumber: number, changes: readonly PoolChange[]): void {
    for (const change of changes) {
      const address = key(change.pool as Hex)
      const candidate = this.#watched.get(address)!
      try {
        const pool = changedPool(stateOf(candidate)!, change, blockNumber)
        candidate.states.push({ blockNumber, pool })
        candidate.judgedAt = undefined
      } catch (error) {
        // A contract that breaks the rules of its family is no pool of it.
        if (!(error instanceof ApexError)) throw error
        this.#watched.delete(address)
      }
    }
  }

  /** Notes the pools that a block's factories tell of. */
  #note({ blockNumber: createdAt }: BlockPlace, logs: readonly Log[]): void {
    const { market, mostWatched = defaultMostWatched } = this.#parts
    for (const log of logs) {
      const pool = this.#creations.read(log)
      if (!pool || pool.clue.reason !== undefined) continue
      const { address, tokens } = pool.clue
      if (market.poolAt(address) || this.#watched.has(key(address))) continue
      if (this.#judge.refuses(address, tokens)) continue
      this.#watched.set(key(address), {
        pool,
        createdAt,
        tokens: [],
        states: [],
        joinedAt: undefined,
        reading: undefined,
        readings: 0,
        waits: 0,
        judgedAt: undefined,
      })
    }
    for (const [address, { joinedAt }] of this.#watched) {
      if (this.#watched.size <= mostWatched) return
      if (joinedAt === undefined) this.#watched.delete(address)
    }
  }

  /** Whether it joins as it is now. */
  #isReady(candidate: Candidate): boolean {
    const { poolSet } = this.#parts.market
    if (!stateOf(candidate) || candidate.joinedAt !== undefined) return false
    if (candidate.judgedAt === poolSet) return false
    candidate.judgedAt = poolSet
    return this.#isTried(candidate) && this.#wouldJoin(candidate)
  }

  /** Whether it keeps the rules as it is now, its tokens aside. */
  #wouldJoin(candidate: Candidate): boolean {
    const state = stateOf(candidate)
    return (
      state !== undefined &&
      candidate.joinedAt === undefined &&
      this.#judge.isLiquid(state) &&
      isAdmissible(state, candidate.tokens)
    )
  }

  get #roomLeft(): number {
    const joined = this.#parts.market.pools.length - this.#poolsAtFirst
    return Math.max(0, this.#judge.mostJoining - joined)
  }

  #only(candidate: Candidate): PoolAt {
    const state = stateOf(candidate)!
    return (address) =>
      key(address) === key(state.address) ? stateOf(candidate) : undefined
  }
}

/** A pool that may join. */
type Candidate = {
  readonly pool: NewPool
  /** Number of the block whose logs told of it. */
  readonly createdAt: number
  tokens: readonly Token[]
  /** From the block it was read at, one for each block that changed it. */
  states: KnownState[]
  /** Number of the block it joined the market with. */
  joinedAt: number | undefined
  reading: Reading | undefined
  /** How often it was read, or its tokens tried, in vain, and how many heads pass until the next time. */
  readings: number
  waits: number
  /** The market's pool set when its last state was held against the rules. */
  judgedAt: number | undefined
}

type KnownState = { readonly blockNumber: number; readonly pool: Pool }

/** A reading under way, with the logs of the blocks applied meanwhile. */
type Reading = {
  readonly blockNumber: number
  missed: { readonly blockNumber: number; readonly logs: readonly Log[] }[]
}

/** Whether a market would take the pool: one that it would not must keep no other out. */
function isAdmissible(pool: Pool, tokens: readonly Token[]): boolean {
  try {
    admitPool(pool, {
      token: (address) => tokens[pool.tokens.indexOf(address)]!,
      hasPool: () => false,
    })
    return true
  } catch (error) {
    if (error instanceof ApexError) return false
    throw error
  }
}

function stateOf(candidate: Candidate | undefined): Pool | undefined {
  return candidate?.states.at(-1)?.pool
}

/** Counts the heads that pass. */
function isDue(candidate: Candidate): boolean {
  if (candidate.waits > 0) {
    candidate.waits -= 1
    return false
  }
  return true
}

function key(address: Hex): string {
  return address.toLowerCase()
}
