import type { Hex } from '../../../core/hex.ts'
import { SwapRevertsError } from '../../../engine/errors.ts'
import type { QuotedState } from '../../../engine/poolState.ts'
import { quoteExactIn } from '../../../engine/reference/quote.ts'
import type { Market } from '../../../market/market.ts'
import type { Pool } from '../../../market/pool.ts'

/** Which new pools may join a market. */
export type GrowthRules = {
  /** A pool trades one of these. Default: the wrapped native coin. */
  readonly baseTokens?: readonly Hex[]
  /**
   * Wei of the native coin: selling so much for either token, or its worth in
   * another base token, must move the pool's price by less than half. Default 0.1 coins.
   */
  readonly leastTrade?: bigint
  /** Whether pools join whose other token the market does not have. Default false. */
  readonly joinsNewTokens?: boolean
  /** Tokens and pools that stay out whatever they look like. */
  readonly refusedTokens?: readonly Hex[]
  readonly refusedPools?: readonly Hex[]
  /** Pools that may join in all. Default 10,000. */
  readonly mostJoining?: number
}

/** Small enough for a hundredth of it to be a trade still. */
const defaultLeastTrade = 10n ** 17n
const defaultMostJoining = 10_000
/** The price at zero size is taken from a trade so much smaller. */
const smallShare = 1000n

/** Holds new pools against the rules of a market's growth. */
export class GrowthJudge {
  readonly mostJoining: number
  readonly #market: Market
  readonly #rules: GrowthRules
  readonly #refusedTokens: ReadonlySet<string>
  readonly #refusedPools: ReadonlySet<string>
  #poolSet: number | undefined
  readonly #leastTrades = new Map<Hex, bigint | undefined>()

  constructor(market: Market, rules: GrowthRules) {
    this.#market = market
    this.#rules = rules
    this.mostJoining = rules.mostJoining ?? defaultMostJoining
    this.#refusedTokens = inLowerCase(rules.refusedTokens)
    this.#refusedPools = inLowerCase(rules.refusedPools)
  }

  /** Whether a pool can never join: known before its state is read, its tokens too where the factory told them. */
  refuses(pool: Hex, tokens: Pool['tokens'] | undefined): boolean {
    if (this.#refusedPools.has(pool.toLowerCase())) return true
    if (!tokens) return false
    if (tokens.some((token) => this.#refusedTokens.has(token.toLowerCase())))
      return true
    const bases = this.#bases()
    if (!tokens.some((token) => bases.has(token.toLowerCase()))) return true
    return (
      this.#rules.joinsNewTokens !== true &&
      tokens.some((token) => !this.#market.tokenAt(token))
    )
  }

  /** Whether there is enough in a pool to trade. */
  isLiquid(pool: Pool): boolean {
    const bases = this.#bases()
    return pool.tokens.some((token, i) => {
      if (!bases.has(token.toLowerCase())) return false
      const amount = this.#leastTradeIn(token)
      return amount !== undefined && takes(pool, i === 0, amount)
    })
  }

  #bases(): ReadonlySet<string> {
    const { baseTokens } = this.#rules
    if (baseTokens) return inLowerCase(baseTokens)
    const { wrappedNative } = this.#market
    return inLowerCase(wrappedNative && [wrappedNative.address])
  }

  /**
   * The least trade in base units of a base token: what the market's best pool
   * gives for it; looked up again when pools have joined or left.
   */
  #leastTradeIn(token: Hex): bigint | undefined {
    const { leastTrade = defaultLeastTrade } = this.#rules
    const { wrappedNative, poolSet } = this.#market
    if (token === wrappedNative?.address) return leastTrade
    if (!wrappedNative) return undefined
    if (poolSet !== this.#poolSet) this.#leastTrades.clear()
    this.#poolSet = poolSet
    if (!this.#leastTrades.has(token)) {
      const native = wrappedNative.address
      const amounts = this.#market.pools.flatMap((pool) =>
        pool.tokens.includes(token) && pool.tokens.includes(native)
          ? (amountOut(pool, pool.tokens[0] === native, leastTrade) ?? [])
          : [],
      )
      this.#leastTrades.set(token, amounts.reduce(larger, 0n) || undefined)
    }
    return this.#leastTrades.get(token)
  }
}

/** Whether a trade of this size gets more than half of what a small one gets for each unit. */
function takes(
  state: QuotedState,
  zeroForOne: boolean,
  amount: bigint,
): boolean {
  const small = amount / smallShare
  const [much, little] = [amount, small].map((amountIn) =>
    amountOut(state, zeroForOne, amountIn),
  )
  return (
    much !== undefined &&
    little !== undefined &&
    2n * much * small > little * amount
  )
}

/** Undefined where the pool does not take it whole. */
function amountOut(
  state: QuotedState,
  zeroForOne: boolean,
  amountIn: bigint,
): bigint | undefined {
  try {
    const quote = quoteExactIn(state, zeroForOne, amountIn)
    return quote.end === 'filled' ? quote.amountOut : undefined
  } catch (error) {
    if (error instanceof SwapRevertsError) return undefined
    throw error
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function inLowerCase(addresses: readonly Hex[] | undefined): Set<string> {
  return new Set(addresses?.map((address) => address.toLowerCase()))
}
