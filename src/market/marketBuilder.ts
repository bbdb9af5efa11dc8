import { parseAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import { admitPool, admitToken } from './admit.ts'
import { MarketInvalidError, TokenUnknownError } from './errors.ts'
import { Market, type MarketHeader } from './market.ts'
import type { Pool } from './pool.ts'
import type { Token } from './token.ts'
import { checkTokenOrder } from './tokenOrder.ts'

/** What {@link createMarket} is given. */
export type MarketOptions = MarketHeader & {
  readonly tokens: Iterable<Token>
  readonly pools: Iterable<Pool>
  /** How many blocks `revert` can take back. Default 256. */
  readonly journalBlocks?: number
}

/**
 * Builds a market from tokens and pools in memory.
 *
 * @throws AddressInvalidError, MarketInvalidError, PoolInvalidError,
 * TokenUnknownError at the first part that breaks a rule.
 * @example
 * const market = createMarket({ chainId: 1, blockNumber: 1, tokens, pools })
 */
export function createMarket(options: MarketOptions): Market {
  const { tokens, pools, journalBlocks, ...header } = options
  const builder = new MarketBuilder(header)
  for (const token of tokens) builder.addToken(token)
  for (const pool of pools) builder.addPool(pool)
  return builder.build(journalBlocks)
}

/** Collects the parts of a market one by one and holds each against the rules: tokens first, then the pools that trade them. */
export class MarketBuilder {
  readonly #header: MarketHeader
  readonly #tokens = new Map<string, Token>()
  readonly #pools: Pool[] = []
  readonly #poolAddresses = new Set<string>()

  constructor(header: MarketHeader) {
    this.#header = checkedHeader(header)
  }

  /**
   * Adds a token; the same token twice is fine.
   * @throws MarketInvalidError where it is there with other data.
   */
  addToken(token: Token): Token {
    const added = admitToken(token, (address) => this.#tokens.get(address))
    this.#tokens.set(added.address, added)
    return added
  }

  /**
   * Adds a pool of tokens added before.
   * @throws MarketInvalidError where it is there already, trades a token for itself or has token0 above token1.
   */
  addPool(pool: Pool): Pool {
    const added = admitPool(pool, {
      token: (address) => this.#token(address),
      hasPool: (address) => this.#poolAddresses.has(address),
    })
    this.#poolAddresses.add(added.address)
    this.#pools.push(added)
    return added
  }

  /**
   * The tokens of a pool, known and in the order of their addresses.
   * @throws TokenUnknownError, MarketInvalidError
   */
  tokensOf(addresses: readonly [Hex, Hex]): [Token, Token] {
    const [token0, token1] = [
      this.#token(addresses[0]),
      this.#token(addresses[1]),
    ]
    checkTokenOrder([token0.address, token1.address])
    return [token0, token1]
  }

  /**
   * The market of what was added.
   * @throws TokenUnknownError where the header's wrappedNative is none of the tokens.
   */
  build(journalBlocks?: number): Market {
    const { wrappedNative } = this.#header
    if (wrappedNative && !this.#tokens.has(wrappedNative))
      throw new TokenUnknownError(`${wrappedNative} (wrappedNative)`)
    return new Market(
      this.#header,
      [...this.#tokens.values()],
      [...this.#pools],
      journalBlocks,
    )
  }

  #token(address: Hex): Token {
    const token =
      this.#tokens.get(address) ?? this.#tokens.get(parseAddress(address))
    if (!token)
      throw new TokenUnknownError(address, {
        hint: 'token rows come before the pools that trade them',
      })
    return token
  }
}

/** Holds a header against its rules; returns it with checksummed addresses. */
export function checkedHeader(header: MarketHeader): MarketHeader {
  const { blockHash, wrappedNative } = header
  for (const name of ['chainId', 'blockNumber'] as const)
    if (!Number.isSafeInteger(header[name]) || header[name] < 0)
      throw new MarketInvalidError(
        `${name} is no whole number: ${JSON.stringify(header[name])}`,
        { facts: { [name]: header[name] } },
      )
  if (blockHash !== undefined && !/^0x[0-9a-f]{64}$/i.test(blockHash))
    throw new MarketInvalidError(
      `blockHash is no 32-byte hash: ${JSON.stringify(blockHash)}`,
      { facts: { blockHash } },
    )
  return wrappedNative === undefined
    ? header
    : { ...header, wrappedNative: parseAddress(wrappedNative) }
}
