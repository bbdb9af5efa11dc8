/**
 * Peer: a depth-first search over objects, as an able TypeScript developer
 * writes it for a bot. Pools hold f64 reserves; every token knows its swaps by
 * the token they lead to, so the last hop of a cycle looks only at pools that
 * lead home. Best input and profit come from the closed form.
 */
import type { EngineGraph } from '../../src/engine/engine.ts'

/** A profitable cycle with its best input and profit, in base units of the base token. */
export type FoundCycle = {
  readonly swaps: readonly Swap[]
  readonly amountIn: number
  readonly profit: number
}

/** Pools as a graph of objects. */
export class PoolGraph {
  readonly tokens: readonly Token[]
  readonly pools: readonly Pool[]

  constructor(graph: EngineGraph) {
    this.tokens = Array.from(
      { length: graph.tokenCount },
      (_, index) => new Token(index),
    )
    this.pools = graph.pools.map(({ tokens, state }) => {
      if (state.family !== 'constantProduct')
        throw new Error('this search knows constant-product pools only')
      return new Pool(
        this.tokens[tokens[0]]!,
        this.tokens[tokens[1]]!,
        Number(state.reserves[0]),
        Number(state.reserves[1]),
        state.feePips / 1e6,
      )
    })
  }

  /** All profitable cycles of 2 to `maxHops` hops from `base`, visiting no token and no pool twice. */
  findProfitableCycles(base: Token, maxHops: number): FoundCycle[] {
    const found: FoundCycle[] = []
    const path: Swap[] = []
    const visited = new Set<Token>([base])

    const walk = (token: Token, rate: number, curvature: number): void => {
      for (const swap of token.swapsTo.get(base) ?? []) {
        if (path.some(({ pool }) => pool === swap.pool)) continue
        const cycleRate = rate * swap.rate
        if (cycleRate <= 1) continue
        const gain = Math.sqrt(cycleRate) - 1
        const cycleCurvature = curvature + rate * swap.curvature
        found.push({
          swaps: [...path, swap],
          amountIn: gain / cycleCurvature,
          profit: gain ** 2 / cycleCurvature,
        })
      }
      if (path.length < maxHops - 1) step(token, rate, curvature)
    }

    const step = (token: Token, rate: number, curvature: number): void => {
      for (const [next, swaps] of token.swapsTo) {
        if (visited.has(next)) continue
        visited.add(next)
        for (const swap of swaps) {
          path.push(swap)
          walk(next, rate * swap.rate, curvature + rate * swap.curvature)
          path.pop()
        }
        visited.delete(next)
      }
    }

    step(base, 1, 0)
    return found
  }
}

/** A token and the swaps that sell it, by the token they buy. */
export class Token {
  readonly swapsTo: Map<Token, Swap[]> = new Map()
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** A constant-product pool; `update` keeps its two swaps in step with its reserves. */
export class Pool {
  readonly #fee: number
  readonly #zeroForOne: Swap
  readonly #oneForZero: Swap

  constructor(
    token0: Token,
    token1: Token,
    reserve0: number,
    reserve1: number,
    fee: number,
  ) {
    this.#fee = fee
    this.#zeroForOne = addSwap(this, token0, token1)
    this.#oneForZero = addSwap(this, token1, token0)
    this.update(reserve0, reserve1)
  }

  update(reserve0: number, reserve1: number): void {
    const gamma = 1 - this.#fee
    this.#zeroForOne.rate = (gamma * reserve1) / reserve0
    this.#zeroForOne.curvature = gamma / reserve0
    this.#oneForZero.rate = (gamma * reserve0) / reserve1
    this.#oneForZero.curvature = gamma / reserve1
  }
}

/** One direction of a pool: pays rate·x / (1 + curvature·x) for x. */
export type Swap = {
  readonly pool: Pool
  readonly tokenOut: Token
  rate: number
  curvature: number
}

function addSwap(pool: Pool, tokenIn: Token, tokenOut: Token): Swap {
  const swap = { pool, tokenOut, rate: 0, curvature: 0 }
  const known = tokenIn.swapsTo.get(tokenOut)
  if (known) known.push(swap)
  else tokenIn.swapsTo.set(tokenOut, [swap])
  return swap
}
