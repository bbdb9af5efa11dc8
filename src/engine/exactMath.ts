/**
 * The exact formulas of the protocols as plain functions, bit-equal with the
 * contracts: what the curves are made of, for tests, tools and researchers.
 * Every function throws SwapRevertsError exactly where the contract's own
 * library reverts. Amounts are base units.
 */
export interface ExactMath {
  /** UniswapV2Library.getAmountOut with any fee. Rounds down, for the pool. */
  getAmountOut(
    amountIn: bigint,
    reserveIn: bigint,
    reserveOut: bigint,
    feePips: number,
  ): bigint

  /** UniswapV2Library.getAmountIn with any fee. Rounds up, for the pool. */
  getAmountIn(
    amountOut: bigint,
    reserveIn: bigint,
    reserveOut: bigint,
    feePips: number,
  ): bigint

  /** TickMath.getSqrtRatioAtTick: sqrt(1.0001^tick) × 2^96, rounded up in its last bit. */
  getSqrtRatioAtTick(tick: number): bigint

  /** TickMath.getTickAtSqrtRatio: the greatest tick whose ratio is at most this one. */
  getTickAtSqrtRatio(sqrtPriceX96: bigint): number

  /** SqrtPriceMath.getAmount0Delta: token0 between two prices. */
  getAmount0DeltaRoundingUp(a: bigint, b: bigint, liquidity: bigint): bigint
  getAmount0DeltaRoundingDown(a: bigint, b: bigint, liquidity: bigint): bigint

  /** SqrtPriceMath.getAmount1Delta: token1 between two prices. */
  getAmount1DeltaRoundingUp(a: bigint, b: bigint, liquidity: bigint): bigint
  getAmount1DeltaRoundingDown(a: bigint, b: bigint, liquidity: bigint): bigint

  /** SqrtPriceMath.getNextSqrtPriceFromInput. */
  getNextSqrtPriceFromInput(
    sqrtPriceX96: bigint,
    liquidity: bigint,
    amountIn: bigint,
    zeroForOne: boolean,
  ): bigint

  /** SqrtPriceMath.getNextSqrtPriceFromOutput. */
  getNextSqrtPriceFromOutput(
    sqrtPriceX96: bigint,
    liquidity: bigint,
    amountOut: bigint,
    zeroForOne: boolean,
  ): bigint

  /** SwapMath.computeSwapStep. `amountRemaining`: positive exact input, negative exact output (V3's sign). */
  computeSwapStep(
    sqrtPriceX96: bigint,
    sqrtPriceTargetX96: bigint,
    liquidity: bigint,
    amountRemaining: bigint,
    feePips: number,
  ): SwapStep

  /** FullMath.mulDiv: floor(a × b / denominator) in 512 bits. */
  mulDiv(a: bigint, b: bigint, denominator: bigint): bigint
}

/** One swap step between two initialised ticks. */
export type SwapStep = {
  readonly sqrtPriceNextX96: bigint
  /** Without the fee. */
  readonly amountIn: bigint
  readonly amountOut: bigint
  readonly feeAmount: bigint
}
