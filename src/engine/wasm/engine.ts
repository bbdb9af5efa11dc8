import {
  END_FILLED,
  END_PRICE_LIMIT,
  STATUS_OK,
} from '../../../assembly/layout.ts'
import type {
  Engine,
  EngineGraph,
  EngineScan,
  EngineScanOptions,
  QuoteOptions,
  SwapQuote,
} from '../engine.ts'
import { PoolInvalidError, SwapRevertsError } from '../errors.ts'
import type { ExactMath } from '../exactMath.ts'
import type { PoolState } from '../poolState.ts'
import { Exchange } from './exchange.ts'
import { instantiate, type Kernel } from './instantiate.ts'
import { createMath } from './math.ts'
import { PoolRecords } from './poolRecords.ts'
import { Search } from './search.ts'

const uint256Limit = 1n << 256n
/** MIN_SQRT_RATIO + 1 and MAX_SQRT_RATIO - 1: the limits that stop nobody. */
const lowestLimit = 4295128740n
const highestLimit = 1461446703485210103287273052203988822378723970341n

/**
 * Creates the WebAssembly engine, empty until a graph is loaded.
 * @throws EngineUnavailableError where WebAssembly with SIMD is missing.
 *
 * @example
 * const engine = await createWasmEngine()
 * engine.load({ tokenCount: 2, pools: [{ tokens: [0, 1], state }] })
 * engine.quoteExactIn(0, true, 10n ** 18n)
 */
export async function createWasmEngine(): Promise<Engine> {
  return new WasmEngine(await instantiate())
}

class WasmEngine implements Engine {
  readonly kind = 'wasm'
  readonly math: ExactMath
  readonly #kernel: Kernel
  readonly #exchange: Exchange
  readonly #search: Search
  #states: PoolState[] = []
  /** Its states are those of the load: `#states` has what became of them. */
  #graph: EngineGraph = { tokenCount: 0, pools: [] }
  #records: PoolRecords

  constructor(kernel: Kernel) {
    this.#kernel = kernel
    this.#exchange = new Exchange(kernel)
    this.math = createMath(kernel, this.#exchange)
    this.#records = new PoolRecords(kernel, this.#graph)
    this.#search = new Search(kernel, () => this.#refresh())
    this.#refresh()
  }

  load(graph: EngineGraph): void {
    for (const [index, pool] of graph.pools.entries())
      requireTokens(index, pool.tokens, graph.tokenCount)
    try {
      this.#records = new PoolRecords(this.#kernel, graph)
    } catch (error) {
      // The graph before this one stays.
      this.#layOutAnew()
      throw error
    }
    this.#graph = graph
    this.#states = graph.pools.map((pool) => pool.state)
    this.#search.reset(graph)
    this.#refresh()
  }

  append({ tokenCount, pools }: EngineGraph): void {
    const { length: first } = this.#states
    for (const [i, { tokens }] of pools.entries())
      requireTokens(first + i, tokens, tokenCount)
    const before = this.#graph
    this.#resize(
      { tokenCount, pools: [...before.pools, ...pools] },
      pools.map(({ state }) => state),
    )
    try {
      if (!this.#records.append(pools, tokenCount)) this.#layOutAnew()
    } catch (error) {
      this.truncate(first, before.tokenCount)
      this.#layOutAnew()
      throw error
    }
  }

  truncate(poolCount: number, tokenCount: number): void {
    this.#resize({ tokenCount, pools: this.#graph.pools.slice(0, poolCount) })
    this.#records.truncate(poolCount, tokenCount)
  }

  update(pool: number, state: PoolState): void {
    const before = this.#state(pool)
    if (before.family !== state.family)
      throw new PoolInvalidError(
        `pool ${pool} is ${before.family}, not ${state.family}`,
        { facts: { pool, family: state.family } },
      )
    const fits = this.#write(pool, state, before)
    this.#states[pool] = state
    if (!fits) this.#layOutAnew()
    this.#search.changed(pool)
  }

  quoteExactIn(
    pool: number,
    zeroForOne: boolean,
    amountIn: bigint,
    options: QuoteOptions = {},
  ): SwapQuote {
    this.#ask(pool, zeroForOne, amountIn, options)
    const status = this.#kernel.quoteExactIn(pool, zeroForOne)
    return this.#answer(pool, status, { zeroForOne, amountIn })
  }

  quoteExactOut(
    pool: number,
    zeroForOne: boolean,
    amountOut: bigint,
    options: QuoteOptions = {},
  ): SwapQuote {
    this.#ask(pool, zeroForOne, amountOut, options)
    const status = this.#kernel.quoteExactOut(pool, zeroForOne)
    return this.#answer(pool, status, { zeroForOne, amountOut })
  }

  scan(options: EngineScanOptions): EngineScan {
    const found = this.#search.all(options)
    this.#search.forgetChanged()
    return found
  }

  scanChanged(options: EngineScanOptions): EngineScan {
    const found = this.#search.changedOnly(options)
    this.#search.forgetChanged()
    return found
  }

  searchChanged(options: EngineScanOptions): EngineScan {
    return this.#search.changedOnly(options)
  }

  forgetChanged(): void {
    this.#search.forgetChanged()
  }

  /** Writes a state, or leaves the one before where it is none. */
  #write(pool: number, state: PoolState, before: PoolState): boolean {
    try {
      return this.#records.write(pool, state)
    } catch (error) {
      this.#records.write(pool, before)
      throw error
    }
  }

  #resize(graph: EngineGraph, joining: readonly PoolState[] = []): void {
    this.#graph = graph
    this.#states.length = graph.pools.length - joining.length
    this.#states.push(...joining)
    this.#search.resize(graph)
  }

  /** Writes all records from the states: a pool's ticks outgrew their room, or another graph's records were given up. */
  #layOutAnew(): void {
    const pools = this.#graph.pools.map(({ tokens }, index) => ({
      tokens,
      state: this.#state(index),
    }))
    this.#records = new PoolRecords(this.#kernel, { ...this.#graph, pools })
    this.#search.forgetPreparation()
    this.#refresh()
  }

  /** The memory may have grown: views of it are taken again. */
  #refresh(): void {
    this.#records.refresh()
    this.#exchange.refresh()
  }

  #state(pool: number): PoolState {
    const state = this.#states[pool]
    if (state === undefined)
      throw new PoolInvalidError(`the graph has no pool ${pool}`, {
        facts: { pool, pools: this.#states.length },
      })
    return state
  }

  #ask(
    pool: number,
    zeroForOne: boolean,
    amount: bigint,
    { sqrtPriceLimitX96 }: QuoteOptions,
  ): void {
    this.#state(pool)
    const limit = sqrtPriceLimitX96 ?? (zeroForOne ? lowestLimit : highestLimit)
    for (const value of [amount, limit])
      if (value < 0n || value >= uint256Limit)
        throw new SwapRevertsError(`${value} is not a uint256`, {
          facts: { pool, value },
        })
    this.#exchange.write(0, amount)
    this.#exchange.write(1, limit)
  }

  #answer(
    pool: number,
    status: number,
    facts: Readonly<Record<string, unknown>>,
  ): SwapQuote {
    if (status !== STATUS_OK)
      throw new SwapRevertsError(`pool ${pool} reverts on this swap`, {
        facts: { pool, ...facts },
        hint: 'the amount is zero or too large, or the pool has no liquidity',
      })
    const end = this.#kernel.lastQuoteEnd(pool)
    return {
      amountIn: this.#exchange.read(4),
      amountOut: this.#exchange.read(5),
      end:
        end === END_FILLED
          ? 'filled'
          : end === END_PRICE_LIMIT
            ? 'priceLimit'
            : 'knownTicks',
    }
  }
}

function requireTokens(
  pool: number,
  tokens: readonly [number, number],
  tokenCount: number,
): void {
  for (const token of tokens)
    if (!Number.isInteger(token) || token < 0 || token >= tokenCount)
      throw new PoolInvalidError(
        `pool ${pool} trades token ${token} of ${tokenCount}`,
        { facts: { pool, token, tokenCount } },
      )
  if (tokens[0] === tokens[1])
    throw new PoolInvalidError(`pool ${pool} trades token ${tokens[0]} twice`, {
      facts: { pool, token: tokens[0] },
    })
}
