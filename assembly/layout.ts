// Strides, offsets and codes of every record that TypeScript and the kernel
// share: both import this file, so that no number is written down twice.
// Integers are little endian; a u256 is four u64 words, lowest first.

// Curve families. `stable` (Curve) and `weighted` (Balancer) will be 4 and 5.
export const FAMILY_CONSTANT_PRODUCT = 0
export const FAMILY_SOLIDLY_VOLATILE = 1
export const FAMILY_SOLIDLY_STABLE = 2
export const FAMILY_CONCENTRATED = 3

// What a kernel call returns.
export const STATUS_OK = 0
/** The contract would revert. */
export const STATUS_REVERTS = 1
/** A region is too small: reserve more and call again. */
export const STATUS_CAPACITY = 2

// How a quote ended.
export const END_FILLED = 0
export const END_PRICE_LIMIT = 1
export const END_KNOWN_TICKS = 2

// Pool record.
//
//   0        4        8        12       16       20       24       32
//   | family | token0 | token1 | fee    | spacing| tick   |firstTick|
//   | tickCount | tickRoom | knownLow | knownHigh | decimals0 | decimals1 | -
//   | reserve0 or sqrtPriceX96            u256                          |
//   | reserve1 or liquidity               u256                          |
//   | r and n of selling token0, then of selling token1    4 x f64      |
//   | n bounds of both directions, price and liquidity     4 x f64      |
//   | 10^decimals0  u256 | 10^decimals1  u256 (solidlyStable)           |
//   | or sqrt prices at both ends of the known ticks, f64 (concentrated)|
export const POOL_STRIDE = 256
export const POOL_FAMILY = 0
export const POOL_TOKEN0 = 4
export const POOL_TOKEN1 = 8
export const POOL_FEE_PIPS = 12
export const POOL_TICK_SPACING = 16
export const POOL_TICK = 20
/** Index of the pool's first tick record. */
export const POOL_FIRST_TICK = 24
export const POOL_TICK_COUNT = 28
/** Tick records reserved for the pool. */
export const POOL_TICK_ROOM = 32
export const POOL_KNOWN_LOW = 36
export const POOL_KNOWN_HIGH = 40
export const POOL_DECIMALS0 = 44
export const POOL_DECIMALS1 = 48
export const POOL_RESERVE0 = 64
export const POOL_RESERVE1 = 96
export const POOL_SQRT_PRICE = 64
export const POOL_LIQUIDITY = 96
/** f64 pairs (r, n): marginal rate and curvature of selling token0. */
export const POOL_RATE0 = 128
/** The same of selling token1. */
export const POOL_RATE1 = 144
/** f64: a curvature no larger than the true one anywhere on the curve. */
export const POOL_BOUND0 = 160
export const POOL_BOUND1 = 168
/** f64 sqrt price (not shifted) and liquidity of concentrated pools. */
export const POOL_APPROXIMATE_SQRT_PRICE = 176
export const POOL_APPROXIMATE_LIQUIDITY = 184
export const POOL_SCALE0 = 192
export const POOL_SCALE1 = 224
/** f64 sqrt price at the ends of the known ticks (concentrated). */
export const POOL_APPROXIMATE_KNOWN_LOW = 192
export const POOL_APPROXIMATE_KNOWN_HIGH = 200

// Tick record, of one initialised tick.
//
//   0      8              16                 32                  56      64
//   | tick | sqrt  f64    | liquidityNet i128| sqrtRatioX96 u192 | net f64|
export const TICK_STRIDE = 64
export const TICK_INDEX = 0
export const TICK_APPROXIMATE_SQRT = 8
export const TICK_LIQUIDITY_NET = 16
export const TICK_SQRT_RATIO = 32
export const TICK_APPROXIMATE_NET = 56

// The exchange: one u256 a slot, where arguments are left and results found.
export const U256_BYTES = 32

// Swap step, for steps computed in batches: what goes in, and what comes out.
//
//   0       32       64          96                   128    132
//   | price | target | liquidity | remaining   4 x u256 | fee | exactIn | -
//   | next price | amountIn | amountOut | fee  4 x u256 |
export const STEP_STRIDE = 144
export const STEP_TARGET = 32
export const STEP_LIQUIDITY = 64
export const STEP_REMAINING = 96
export const STEP_FEE_PIPS = 128
/** 1 where the remaining amount is an input, 0 where it is an output. */
export const STEP_EXACT_IN = 132
export const STEP_RESULT_STRIDE = 128

// Settled cycle: what scan leaves for TypeScript to copy out.
//
//   0      4      8        12       16                32
//   | hops | base | amounts settled | edge of each hop 4 x u32 |
//   | amounts: input, then the output of each hop     5 x u256 |
export const RESULT_STRIDE = 192
export const RESULT_HOPS = 0
export const RESULT_BASE = 4
export const RESULT_STATUS = 8
/** pool × 2 + direction; direction 0 sells token0. */
export const RESULT_EDGES = 16
export const RESULT_AMOUNTS = 32

export const MAX_HOPS = 4
/** Base tokens of one search at most. */
export const MAX_BASES = 16
