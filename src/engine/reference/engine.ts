import type {
  Engine,
  EngineGraph,
  EngineScan,
  EngineScanOptions,
  QuoteOptions,
  SwapQuote,
} from '../engine.ts'
import { PoolInvalidError } from '../errors.ts'
import type { ExactMath } from '../exactMath.ts'
import type { PoolState } from '../poolState.ts'
import { referenceMath } from './math.ts'
import { quoteExactIn, quoteExactOut } from './quote.ts'
import { scanGraph } from './scan.ts'

/**
 * Makes the engine in plain BigInt: slow, readable, needs no WebAssembly. It is
 * the oracle of the tests and the fallback where WebAssembly is refused.
 *
 * @example
 * const engine = createReferenceEngine()
 * engine.load({ tokenCount: 2, pools: [{ tokens: [0, 1], state }] })
 * engine.quoteExactIn(0, true, 1000n).amountOut
 */
export function createReferenceEngine(): Engine {
  return new ReferenceEngine()
}

class ReferenceEngine implements Engine {
  readonly kind = 'reference'
  readonly math: ExactMath = referenceMath
  #graph: EngineGraph = { tokenCount: 0, pools: [] }
  readonly #changed = new Set<number>()

  load(graph: EngineGraph): void {
    graph.pools.forEach(({ tokens }, pool) => {
      requireTokens(pool, tokens, graph.tokenCount)
    })
    this.#graph = { tokenCount: graph.tokenCount, pools: [...graph.pools] }
    this.#changed.clear()
  }

  append({ tokenCount, pools }: EngineGraph): void {
    const { length: first } = this.#graph.pools
    for (const [i, { tokens }] of pools.entries()) {
      requireTokens(first + i, tokens, tokenCount)
    }
    this.#graph = { tokenCount, pools: [...this.#graph.pools, ...pools] }
    for (const i of pools.keys()) this.#changed.add(first + i)
  }

  truncate(poolCount: number, tokenCount: number): void {
    this.#graph = { tokenCount, pools: this.#graph.pools.slice(0, poolCount) }
    for (const pool of this.#changed) {
      if (pool >= poolCount) this.#changed.delete(pool)
    }
  }

  update(pool: number, state: PoolState): void {
    const { family } = this.#state(pool)
    if (state.family !== family) {
      throw new PoolInvalidError(
        `pool ${pool} is ${family} and cannot become ${state.family}`,
        { facts: { pool } },
      )
    }
    this.#graph = {
      ...this.#graph,
      pools: this.#graph.pools.with(pool, {
        tokens: this.#graph.pools[pool]!.tokens,
        state,
      }),
    }
    this.#changed.add(pool)
  }

  quoteExactIn(
    pool: number,
    zeroForOne: boolean,
    amountIn: bigint,
    options?: QuoteOptions,
  ): SwapQuote {
    return quoteExactIn(this.#state(pool), zeroForOne, amountIn, options)
  }

  quoteExactOut(
    pool: number,
    zeroForOne: boolean,
    amountOut: bigint,
    options?: QuoteOptions,
  ): SwapQuote {
    return quoteExactOut(this.#state(pool), zeroForOne, amountOut, options)
  }

  scan(options: EngineScanOptions): EngineScan {
    const result = scanGraph(this.#graph, options)
    this.forgetChanged()
    return result
  }

  scanChanged(options: EngineScanOptions): EngineScan {
    const result = this.searchChanged(options)
    this.forgetChanged()
    return result
  }

  searchChanged(options: EngineScanOptions): EngineScan {
    return scanGraph(this.#graph, options, this.#changed)
  }

  forgetChanged(): void {
    this.#changed.clear()
  }

  #state(pool: number): PoolState {
    const found = this.#graph.pools[pool]
    if (found === undefined) {
      throw new PoolInvalidError(`the graph has no pool ${pool}`, {
        facts: { pool, pools: this.#graph.pools.length },
      })
    }
    return found.state
  }
}

function requireTokens(
  pool: number,
  [token0, token1]: readonly [number, number],
  tokenCount: number,
): void {
  const isToken = (token: number): boolean =>
    Number.isInteger(token) && token >= 0 && token < tokenCount
  if (!isToken(token0) || !isToken(token1) || token0 === token1) {
    throw new PoolInvalidError(
      `pool ${pool} trades tokens ${token0} and ${token1} of ${tokenCount}`,
      { facts: { pool, token0, token1, tokenCount } },
    )
  }
}
