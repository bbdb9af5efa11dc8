import { isAddress, parseAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import { nativeCoin } from '../core/nativeCoins.ts'
import { admitPool, admitToken } from './admit.ts'
import { changedPool } from './changedPool.ts'
import {
  MarketConflictError,
  PoolUnknownError,
  TokenAmbiguousError,
  TokenUnknownError,
} from './errors.ts'
import type { MarketBlock, MarketGrowth } from './marketBlock.ts'
import type { Pool } from './pool.ts'
import type { Token } from './token.ts'

/** Which chain and block a market is of. */
export type MarketHeader = {
  readonly chainId: number
  readonly blockNumber: number
  readonly blockHash?: Hex
  /** The token that wraps the native coin; needed only for chains not in core/nativeCoins.ts. */
  readonly wrappedNative?: Hex
  /** What else the maker of the market noted: its source, how it was generated. */
  readonly notes?: Readonly<Record<string, unknown>>
}

const defaultJournalBlocks = 256

/**
 * The pools and tokens of one chain at one block. It changes only by whole
 * blocks, forward by `apply` and back by `revert`. Make one with
 * {@link createMarket}, a reader of market files or the generator.
 *
 * @example
 * const changed = market.apply({
 *   blockNumber: market.blockNumber + 1,
 *   changes: [{ pool: '0x…', reserves: [1000n, 2000n] }],
 * })
 * market.revert()
 */
export class Market {
  readonly chainId: number
  readonly notes: Readonly<Record<string, unknown>>

  readonly #tokens: Token[]
  readonly #pools: Pool[]
  readonly #tokenIndices: Map<string, number>
  readonly #poolIndices: Map<string, number>
  readonly #wrappedAddress: Hex | undefined
  readonly #journal: JournalEntry[] = []
  readonly #journalBlocks: number
  #blockNumber: number
  #blockHash: Hex | undefined
  #tokenDegrees: readonly number[] | undefined
  #wrappedNative: Token | undefined
  #poolSet = 0

  /** Takes parts that {@link MarketBuilder} has checked. */
  constructor(
    header: MarketHeader,
    tokens: readonly Token[],
    pools: Pool[],
    journalBlocks: number = defaultJournalBlocks,
  ) {
    this.chainId = header.chainId
    this.#blockNumber = header.blockNumber
    this.#blockHash = header.blockHash
    this.notes = header.notes ?? {}
    this.#tokens = [...tokens]
    this.#pools = pools
    this.#tokenIndices = indexByAddress(tokens)
    this.#poolIndices = indexByAddress(pools)
    this.#journalBlocks = journalBlocks
    this.#wrappedAddress =
      header.wrappedNative ?? nativeCoin(header.chainId)?.wrappedAddress
    this.#wrappedNative = this.#findWrapped()
  }

  /** The block the pools stand at. */
  get blockNumber(): number {
    return this.#blockNumber
  }

  get blockHash(): Hex | undefined {
    return this.#blockHash
  }

  /** All pools; the entries are replaced when a block changes them, and those that join come last. */
  get pools(): readonly Pool[] {
    return this.#pools
  }

  /** All tokens; those that join come last. */
  get tokens(): readonly Token[] {
    return this.#tokens
  }

  /** The token that wraps the native coin, where the market has it. */
  get wrappedNative(): Token | undefined {
    return this.#wrappedNative
  }

  /** Another number whenever pools have joined or were taken back: what is remembered of them is to be looked up again. */
  get poolSet(): number {
    return this.#poolSet
  }

  /** The pool of this address or V4 id, in any case of letters; undefined where there is none. */
  poolAt(address: string): Pool | undefined {
    const index = this.#poolIndices.get(address.toLowerCase())
    return index === undefined ? undefined : this.#pools[index]
  }

  /**
   * The pool of this address or V4 id, in any case of letters.
   * @throws PoolUnknownError
   */
  pool(address: string): Pool {
    return this.#pools[this.poolIndex(address)]!
  }

  /**
   * The place of a pool in `pools`.
   * @throws PoolUnknownError
   */
  poolIndex(address: string): number {
    const index = this.#poolIndices.get(address.toLowerCase())
    if (index === undefined) throw new PoolUnknownError(address)
    return index
  }

  /** The token of this address, in any case of letters; undefined where there is none. */
  tokenAt(address: string): Token | undefined {
    const index = this.#tokenIndices.get(address.toLowerCase())
    return index === undefined ? undefined : this.#tokens[index]
  }

  /**
   * The token of this address, in any case of letters.
   * @throws TokenUnknownError
   */
  token(address: string): Token {
    return this.tokens[this.tokenIndex(address)]!
  }

  /**
   * The place of a token in `tokens`.
   * @throws TokenUnknownError
   */
  tokenIndex(address: string): number {
    const index = this.#tokenIndices.get(address.toLowerCase())
    if (index === undefined) throw new TokenUnknownError(address)
    return index
  }

  /**
   * The token of this address or symbol. Symbols are free for anybody to take:
   * of several the wrapped native coin wins, then the one in most pools.
   *
   * @throws TokenUnknownError where there is none.
   * @throws TokenAmbiguousError where two are in equally many pools.
   */
  findToken(addressOrSymbol: string): Token {
    if (isAddress(addressOrSymbol)) return this.token(addressOrSymbol)
    const candidates = this.#tokensCalled(addressOrSymbol)
    if (candidates.length === 0) throw new TokenUnknownError(addressOrSymbol)
    if (this.wrappedNative && candidates.includes(this.wrappedNative))
      return this.wrappedNative
    const degrees = candidates.map((token) => this.degree(token))
    const most = Math.max(...degrees)
    const winners = candidates.filter((_, i) => degrees[i] === most)
    if (winners.length > 1)
      throw new TokenAmbiguousError(
        addressOrSymbol,
        winners.map((token) => token.address),
      )
    return winners[0]!
  }

  /** In how many pools a token is traded. */
  degree(token: Token): number {
    this.#tokenDegrees ??= this.#countDegrees()
    return this.#tokenDegrees[this.tokenIndex(token.address)]!
  }

  /**
   * Moves the market one block on and returns the pools that changed, those
   * that joined behind the others. All is checked first: on an error nothing is
   * changed.
   *
   * @throws MarketConflictError where the block does not follow this one.
   * @throws PoolUnknownError, PoolInvalidError at the first wrong change.
   * @throws MarketInvalidError, TokenUnknownError where a pool cannot join.
   */
  apply(block: MarketBlock): readonly Pool[] {
    this.#checkFollows(block)
    const changed = new Map<number, Pool>()
    for (const change of block.changes) {
      const index = this.poolIndex(change.pool)
      const before = changed.get(index) ?? this.#pools[index]!
      changed.set(index, changedPool(before, change, block.blockNumber))
    }
    const growth = block.growth && this.#admitted(block.growth)
    this.#journal.push({
      blockNumber: this.#blockNumber,
      blockHash: this.#blockHash,
      tokenCount: this.#tokens.length,
      poolCount: this.#pools.length,
      before: [...changed.keys()].map((index) => [index, this.#pools[index]!]),
    })
    if (this.#journal.length > this.#journalBlocks) this.#journal.shift()
    for (const [index, pool] of changed) this.#pools[index] = pool
    this.#blockNumber = block.blockNumber
    this.#blockHash = block.blockHash
    if (!growth) return [...changed.values()]
    this.#grow(growth)
    return [...changed.values(), ...growth.pools]
  }

  /**
   * Takes the last applied block back and returns the pools it had changed, as
   * they are again; those that joined with it are gone. The last 256 blocks are
   * kept.
   *
   * @throws MarketConflictError where no applied block is left.
   */
  revert(): readonly Pool[] {
    const entry = this.#journal.pop()
    if (!entry)
      throw new MarketConflictError(
        `no block to revert: block ${this.#blockNumber} is the oldest known`,
        {
          facts: { blockNumber: this.#blockNumber },
          hint: 'load the market anew',
        },
      )
    for (const [index, pool] of entry.before) this.#pools[index] = pool
    this.#shrink(entry)
    this.#blockNumber = entry.blockNumber
    this.#blockHash = entry.blockHash
    return entry.before.map(([, pool]) => pool)
  }

  #checkFollows(block: MarketBlock): void {
    const { blockNumber, parentHash } = block
    if (blockNumber !== this.#blockNumber + 1)
      throw new MarketConflictError(
        `block ${blockNumber} does not follow block ${this.#blockNumber}`,
        {
          facts: { blockNumber, marketBlockNumber: this.#blockNumber },
          hint: 'apply every block in order, those without changes too; revert on a reorg',
        },
      )
    if (parentHash && this.#blockHash && !same(parentHash, this.#blockHash))
      throw new MarketConflictError(
        `block ${blockNumber} has another parent: ${parentHash}, the market is at ${this.#blockHash}`,
        {
          facts: { blockNumber, parentHash, marketBlockHash: this.#blockHash },
          hint: 'revert the replaced block first',
        },
      )
  }

  /** What joins, held against the market's rules; tokens it has are left out. */
  #admitted(growth: MarketGrowth): MarketGrowth {
    const tokens = new Map<string, Token>()
    for (const token of growth.tokens) {
      const admitted = admitToken(
        token,
        (address) => tokens.get(address) ?? this.tokenAt(address),
      )
      if (!this.tokenAt(admitted.address))
        tokens.set(admitted.address, admitted)
    }
    const joining = new Set<string>()
    const pools = growth.pools.map((pool) => {
      const admitted = admitPool(pool, {
        token: (address) =>
          this.tokenAt(address) ??
          tokens.get(parseAddress(address)) ??
          this.token(address),
        hasPool: (address) =>
          joining.has(address) || this.poolAt(address) !== undefined,
      })
      joining.add(admitted.address)
      return admitted
    })
    return { tokens: [...tokens.values()], pools }
  }

  #grow({ tokens, pools }: MarketGrowth): void {
    for (const token of tokens) {
      this.#tokenIndices.set(token.address.toLowerCase(), this.#tokens.length)
      this.#tokens.push(token)
    }
    for (const pool of pools) {
      this.#poolIndices.set(pool.address.toLowerCase(), this.#pools.length)
      this.#pools.push(pool)
    }
    this.#poolSetChanged()
  }

  #shrink({ tokenCount, poolCount }: JournalEntry): void {
    if (tokenCount === this.#tokens.length && poolCount === this.#pools.length)
      return
    for (const { address } of this.#pools.splice(poolCount))
      this.#poolIndices.delete(address.toLowerCase())
    for (const { address } of this.#tokens.splice(tokenCount))
      this.#tokenIndices.delete(address.toLowerCase())
    this.#poolSetChanged()
  }

  #poolSetChanged(): void {
    this.#poolSet += 1
    this.#tokenDegrees = undefined
    this.#wrappedNative = this.#findWrapped()
  }

  #findWrapped(): Token | undefined {
    return this.#wrappedAddress && this.tokenAt(this.#wrappedAddress)
  }

  #tokensCalled(symbol: string): Token[] {
    const exact = this.tokens.filter((token) => token.symbol === symbol)
    return exact.length > 0
      ? exact
      : this.tokens.filter((token) => same(token.symbol, symbol))
  }

  #countDegrees(): number[] {
    const degrees = new Array<number>(this.tokens.length).fill(0)
    for (const pool of this.#pools)
      for (const address of pool.tokens) degrees[this.tokenIndex(address)]!++
    return degrees
  }
}

/** What to put back when a block is reverted. */
type JournalEntry = {
  readonly blockNumber: number
  readonly blockHash: Hex | undefined
  /** How many there were. */
  readonly tokenCount: number
  readonly poolCount: number
  readonly before: readonly (readonly [number, Pool])[]
}

function indexByAddress(
  items: readonly { readonly address: Hex }[],
): Map<string, number> {
  return new Map(items.map(({ address }, i) => [address.toLowerCase(), i]))
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
