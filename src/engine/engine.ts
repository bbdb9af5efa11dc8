import { MAX_BASES } from '../../assembly/layout.ts'
import type { ExactMath } from './exactMath.ts'
import type { PoolState } from './poolState.ts'

/** Base tokens of one search at most. */
export const maxBases: number = MAX_BASES

/**
 * The engine: exact quotes and the search for profitable cycles over a graph
 * of pools. Two makers have this interface: the WebAssembly kernel and the
 * BigInt reference. Everything is synchronous; pools and tokens are indices
 * into the graph that was loaded.
 */
export interface Engine {
  readonly kind: 'wasm' | 'reference'

  /** The formulas behind the quotes, one by one. */
  readonly math: ExactMath

  /**
   * Replaces the whole graph. May take more memory.
   * @throws PoolInvalidError, EngineCapacityError: the graph before stays.
   */
  load(graph: EngineGraph): void

  /**
   * Adds pools behind those there are, and marks them changed. Mostly within
   * the room that was left at the load; may take more memory.
   *
   * @param growth its pools, and how many tokens there are then.
   * @throws PoolInvalidError, EngineCapacityError: the graph before stays.
   */
  append(growth: EngineGraph): void

  /** Takes the last pools and tokens away: so many stay, of which none trades a token that goes. */
  truncate(poolCount: number, tokenCount: number): void

  /** Replaces the state of one pool, of the family it was loaded with, and marks it changed. */
  update(pool: number, state: PoolState): void

  /**
   * Swaps a given input: what the pool would take and pay.
   * @throws SwapRevertsError where the contract would revert.
   */
  quoteExactIn(
    pool: number,
    zeroForOne: boolean,
    amountIn: bigint,
    options?: QuoteOptions,
  ): SwapQuote

  /**
   * Swaps for a given output: what the pool would take and pay.
   * @throws SwapRevertsError where the contract would revert.
   */
  quoteExactOut(
    pool: number,
    zeroForOne: boolean,
    amountOut: bigint,
    options?: QuoteOptions,
  ): SwapQuote

  /**
   * Searches all cycles through the base tokens. Ends the set of changed pools.
   * @throws ScanOptionError where the options ask for what no engine can do.
   */
  scan(options: EngineScanOptions): EngineScan

  /**
   * Searches only the cycles through pools updated since the last scan. Ends the set of changed pools.
   * @throws ScanOptionError where the options ask for what no engine can do.
   */
  scanChanged(options: EngineScanOptions): EngineScan

  /**
   * As `scanChanged`, but leaves the set of changed pools: to look deeper afterwards, and end it by `forgetChanged`.
   * @throws ScanOptionError where the options ask for what no engine can do.
   */
  searchChanged(options: EngineScanOptions): EngineScan

  /** Ends the set of changed pools. */
  forgetChanged(): void
}

/** Tokens are 0 … tokenCount - 1; a pool is its place in `pools`. */
export type EngineGraph = {
  readonly tokenCount: number
  readonly pools: readonly EnginePool[]
}

/** One pool of an {@link EngineGraph}. */
export type EnginePool = {
  /** Indices of token0 and token1. */
  readonly tokens: readonly [number, number]
  readonly state: PoolState
}

/** Limits of one quote. */
export type QuoteOptions = {
  /** Concentrated pools only: where the price stops. Default: the end of the price scale. */
  readonly sqrtPriceLimitX96?: bigint
}

/** The outcome of one swap, in base units. */
export type SwapQuote = {
  /** What the pool takes: all of a given input, unless it stopped early. */
  readonly amountIn: bigint
  /** What the pool pays. */
  readonly amountOut: bigint
  /** Why the swap ended: filled in full, at the price limit, or where the known ticks end. */
  readonly end: 'filled' | 'priceLimit' | 'knownTicks'
}

/** A token that cycles start and end in. */
export type EngineBase = {
  readonly token: number
  /** Native base units (wei) one base unit of the token is worth, approximately: ranks cycles of several bases. */
  readonly approximateNativeRate: number
}

export type EngineScanOptions = {
  /** Base tokens, at most {@link maxBases}, the most wanted first: a cycle through several is reported once, from the first of them. */
  readonly bases: readonly EngineBase[]
  /** Longest cycle, in hops. */
  readonly maxHops: 2 | 3 | 4
  /** How many cycles to return, the most profitable first; 0 returns all. */
  readonly limit: number
  /** Least approximate profit in native base units (wei). */
  readonly approximateMinProfit: number
}

/** What a search found. */
export type EngineScan = {
  /** Cycles the search covered, those it could rule out without a look included. Over several changed pools the kernel may count a cycle for each. */
  readonly cyclesChecked: bigint
  /** Cycles whose marginal rate after fees is above 1. */
  readonly profitable: number
  /** The best of them, settled in exact integers, each with a profit above 0. */
  readonly cycles: readonly EngineCycle[]
}

/** One profitable cycle with its best input. */
export type EngineCycle = {
  /** The token each hop sells; the first is the base token. */
  readonly tokens: readonly number[]
  /** The pool of each hop. */
  readonly pools: readonly number[]
  /** Direction of each hop: selling the pool's token0. */
  readonly zeroForOne: readonly boolean[]
  /** amounts[0] is the best input, amounts[i] the exact output of hop i, in base units. */
  readonly amounts: readonly bigint[]
}
