/**
 * The state of a pool as the engine knows it: plain numbers of one curve
 * family, with neither addresses nor tokens. Amounts are base units.
 *
 * `stable` (Curve) and `weighted` (Balancer) are families of a later release:
 * their place is one more member here, one file in `assembly/curves/`, one in
 * `reference/` and one in `market/pools/`, all under the family's name.
 */
export type PoolState =
  | ConstantProductState
  | SolidlyVolatileState
  | SolidlyStableState
  | ConcentratedState

/** The name of a curve family. */
export type PoolFamily = PoolState['family']

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
}
