import { zeroAddress } from '../../core/address.ts'
import type { Engine } from '../../engine/engine.ts'
import { SwapRevertsError } from '../../engine/errors.ts'
import { isSearched } from '../../engine/poolState.ts'
import { marginalRate } from '../../engine/reference/marginalRate.ts'
import type { Market } from '../../market/market.ts'
import type { Token } from '../../market/token.ts'
import { engineState, tradedTokens } from '../engineGraph.ts'

/** A way to sell a token: through one pool, or two. */
type Sale = readonly PricedHop[]

/** A pool with the direction to sell through it. */
type PricedHop = { readonly pool: number; readonly zeroForOne: boolean }

/**
 * Prices tokens in the native coin by the market's own pools: what a sale would
 * give right now, through the best single pool, or through the best two where
 * no single pool takes the amount.
 */
export class NativePricer {
  readonly #market: Market
  readonly #engine: Engine
  /** The market's pools that what follows was found in. */
  #poolSet: number
  readonly #sales = new Map<Token, { one: Sale[]; two: Sale[] }>()
  #neighbours: readonly (readonly PoolEnd[])[] | undefined

  constructor(market: Market, engine: Engine) {
    this.#market = market
    this.#engine = engine
    this.#poolSet = market.poolSet
  }

  /** Whether the token is the native coin or its wrapper. */
  isNative(token: Token): boolean {
    return token === this.#market.wrappedNative || token.address === zeroAddress
  }

  /** What selling an amount gives, in wei of the native coin; null where the market has no path. */
  sell(token: Token, amount: bigint): bigint | null {
    if (this.isNative(token)) return amount
    const { one, two } = this.#salesOf(token)
    return this.#best(one, amount) ?? this.#best(two, amount)
  }

  /** Wei per base unit that no sale beats, approximately: the best marginal rate; 0 where the market has no path. */
  approximateRate(token: Token): number {
    if (this.isNative(token)) return 1
    const { one, two } = this.#salesOf(token)
    const sales = one.length > 0 ? one : two
    return Math.max(0, ...sales.map((sale) => this.#approximateSaleRate(sale)))
  }

  #best(sales: readonly Sale[], amount: bigint): bigint | null {
    let best: bigint | null = null
    for (const sale of sales) {
      const received = this.#receive(sale, amount)
      if (received !== null && (best === null || received > best))
        best = received
    }
    return best
  }

  #receive(sale: Sale, amount: bigint): bigint | null {
    try {
      let held = amount
      for (const { pool, zeroForOne } of sale) {
        const quote = this.#engine.quoteExactIn(pool, zeroForOne, held)
        if (quote.end !== 'filled') return null
        held = quote.amountOut
      }
      return held
    } catch (error) {
      if (error instanceof SwapRevertsError) return null
      throw error
    }
  }

  #approximateSaleRate(sale: Sale): number {
    return sale.reduce((rate, { pool, zeroForOne }) => {
      const state = engineState(this.#market.pools[pool]!)
      const { numerator, denominator } = marginalRate(state, zeroForOne)
      return rate * approximateQuotient(numerator, denominator)
    }, 1)
  }

  #salesOf(token: Token): { one: Sale[]; two: Sale[] } {
    this.#forgetOldPools()
    const known = this.#sales.get(token)
    if (known) return known
    const found = this.#findSales(token)
    this.#sales.set(token, found)
    return found
  }

  /** Where pools have joined or left, all sales are looked for again. */
  #forgetOldPools(): void {
    const { poolSet } = this.#market
    if (poolSet === this.#poolSet) return
    this.#poolSet = poolSet
    this.#sales.clear()
    this.#neighbours = undefined
  }

  #findSales(token: Token): { one: Sale[]; two: Sale[] } {
    const { wrappedNative } = this.#market
    if (!wrappedNative) return { one: [], two: [] }
    const from = this.#market.tokenIndex(token.address)
    const native = this.#market.tokenIndex(wrappedNative.address)
    const intoNative = new Map<number, PricedHop[]>()
    for (const { other, pool, zeroForOne } of this.#endsOf(native)) {
      const list = intoNative.get(other) ?? []
      list.push({ pool, zeroForOne: !zeroForOne })
      intoNative.set(other, list)
    }
    return {
      one: (intoNative.get(from) ?? []).map((hop) => [hop]),
      two: this.#endsOf(from).flatMap(({ other, pool, zeroForOne }) =>
        (intoNative.get(other) ?? []).map((second) => [
          { pool, zeroForOne },
          second,
        ]),
      ),
    }
  }

  /** The pools of a token, each with the token at its other end and the direction that sells the first. */
  #endsOf(token: number): readonly PoolEnd[] {
    this.#neighbours ??= poolEnds(this.#market)
    return this.#neighbours[token]!
  }
}

type PoolEnd = PricedHop & { readonly other: number }

function poolEnds(market: Market): PoolEnd[][] {
  const ends: PoolEnd[][] = market.tokens.map(() => [])
  for (const [pool, entry] of market.pools.entries()) {
    if (!isSearched(entry)) continue
    const [token0, token1] = tradedTokens(market, entry)
    ends[token0]!.push({ pool, other: token1, zeroForOne: true })
    ends[token1]!.push({ pool, other: token0, zeroForOne: false })
  }
  return ends
}

/** A quotient of integers of any size as a number. */
function approximateQuotient(numerator: bigint, denominator: bigint): number {
  // An emptied pair gives nothing for anything.
  if (denominator === 0n) return 0
  const fractionBits = 192n
  return Number((numerator << fractionBits) / denominator) / 2 ** 192
}
