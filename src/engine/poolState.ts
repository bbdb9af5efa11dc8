/**
 * The state of a pool as the engines hold and search it: plain numbers of one
 * curve family, with neither addresses nor tokens. Amounts are base units.
 */
export type PoolState =
  | ConstantProductState
  | SolidlyVolatileState
  | SolidlyStableState
  | ConcentratedState

/** The name of a curve family that the engines search. */
export type PoolFamily = PoolState['family']

/**
 * The state of a pool of any family. `weighted` and `stable` have no curve in
 * the kernel: the BigInt reference quotes them exactly, and no search for
 * cycles goes through them.
 */
export type QuotedState = PoolState | WeightedState | StableState

/** The name of any curve family. */
export type QuotedFamily = QuotedState['family']

/** Whether the engines hold such a pool and search cycles through it. */
export function isSearched<State extends QuotedState>(
  state: State,
): state is State & PoolState {
  return state.family !== 'weighted' && state.family !== 'stable'
}

/** x·y = k, fee inside the formula: Uniswap V2 and its forks. */
export type ConstantProductState = {
  readonly family: 'constantProduct'
  /** Fee in pips (1/1,000,000) of the input. */
  readonly feePips: number
  /** `[reserve0, reserve1]`. */
  readonly reserves: readonly [bigint, bigint]
}

/** x·y = k, the fee taken off the input first: Solidly's volatile pairs. */
export type SolidlyVolatileState = {
  readonly family: 'solidlyVolatile'
  readonly feePips: number
  readonly reserves: readonly [bigint, bigint]
}

/** x³y + y³x = k on amounts scaled to 18 decimals: Solidly's stable pairs. */
export type SolidlyStableState = {
  readonly family: 'solidlyStable'
  readonly feePips: number
  readonly reserves: readonly [bigint, bigint]
  /** Decimals of token0 and token1: the curve works on scaled amounts. */
  readonly decimals: readonly [number, number]
}

/** Liquidity in tick ranges: Uniswap V3/V4, PancakeSwap V3, Algebra, Slipstream. */
export type ConcentratedState = {
  readonly family: 'concentrated'
  readonly feePips: number
  readonly tickSpacing: number
  /** sqrt(token1 per token0) × 2^96. */
  readonly sqrtPriceX96: bigint
  /** Current tick: the contract's own, which may lie one below the price's at a border. */
  readonly tick: number
  /** Liquidity in force at the current tick. */
  readonly liquidity: bigint
  /** `[tick, liquidityNet]` of the initialised ticks, rising. */
  readonly ticks: readonly (readonly [number, bigint])[]
  /** The tick range in which `ticks` is complete: a swap stops at its ends. */
  readonly knownTicks: readonly [number, number]
  /**
   * How the contract finds the next tick: a word of its `bitmap` at a time, each
   * border of a word a step that rounds (default), or along a `list` of the
   * initialised ticks, as Algebra does since its second version.
   */
  readonly tickSearch?: 'bitmap' | 'list'
}

/** x^wx · y^wy = k: Balancer V2's weighted pools; two of a pool's tokens. */
export type WeightedState = {
  readonly family: 'weighted'
  /** Share of the input, with 18 decimals. */
  readonly swapFee: bigint
  /** What the Vault holds of token0 and token1. */
  readonly reserves: readonly [bigint, bigint]
  /** Normalized weights, with 18 decimals. */
  readonly weights: readonly [bigint, bigint]
  /** 10^(18 - decimals) of token0 and token1, with 18 decimals. */
  readonly scalingFactors: readonly [bigint, bigint]
  /**
   * How a base is raised to 1, 2 or 4: `multiplied` out since the pools of 2022,
   * by `logarithm` like any other exponent in those of 2021. The last digits differ.
   */
  readonly wholeExponents: 'multiplied' | 'logarithm'
}

/** Curve's stable invariant: Balancer V2's composable stable pools. */
export type StableState = {
  readonly family: 'stable'
  /** Share of the input, with 18 decimals. */
  readonly swapFee: bigint
  /** A·n^(n-1), with three decimals: `getAmplificationParameter()`. */
  readonly amplification: bigint
  /** What the Vault holds of each token, in its order, the pool's own share token left out. */
  readonly balances: readonly bigint[]
  /** 10^(18 - decimals) times the token's rate, with 18 decimals, of each token. */
  readonly scalingFactors: readonly bigint[]
  /** Places of token0 and token1 in `balances`. */
  readonly pair: readonly [number, number]
}
