/**
 * Peer: a depth-first search in exact integers. Whether a cycle pays is decided
 * by comparing two products of reserves and fees, never by a rounded rate; the
 * best input comes from the closed form in exact integers and each amount from
 * the pool's own formula.
 *
 * A constant-product hop pays floor(a·x / (b + c·x)) with a = γ·reserveOut,
 * b = δ·reserveIn, c = γ, the fee being 1 - γ/δ. Leaving the floor aside, a
 * path composes to the same form with
 *
 *     A = a1·a2      B = b1·b2      C = b2·c1 + c2·a1
 *
 * so it pays iff A > B, most at x = (√(A·B) - B) / C.
 */
import type { EngineGraph } from '../../src/engine/engine.ts'

/** One direction of a pool. */
export type ExactSwap = {
  readonly pool: number
  readonly tokenOut: number
  readonly reserveIn: bigint
  readonly reserveOut: bigint
  /** c = γ. What remains of an input after the fee is γ/δ of it. */
  readonly feeKept: bigint
  /** a = γ·reserveOut. */
  readonly scaledReserveOut: bigint
  /** b = δ·reserveIn. */
  readonly scaledReserveIn: bigint
}

export type ExactCycle = {
  readonly swaps: readonly ExactSwap[]
  /** Exact amounts in base units: best input, then the output of each hop. */
  readonly amounts: readonly bigint[]
  readonly profit: bigint
}

/** Swaps by the token they sell, then by the token they buy. */
export type ExactGraph = ReadonlyMap<
  number,
  ReadonlyMap<number, readonly ExactSwap[]>
>

export function createExactGraph(graph: EngineGraph): ExactGraph {
  const swapsOf = new Map<number, Map<number, ExactSwap[]>>()
  graph.pools.forEach(({ tokens, state }, pool) => {
    if (state.family !== 'constantProduct')
      throw new Error('this search knows constant-product pools only')
    const [token0, token1] = tokens
    const [reserve0, reserve1] = state.reserves
    const whole = 1_000_000n
    const kept = whole - BigInt(state.feePips)
    const divisor = greatestCommonDivisor(whole, kept)
    const feeKept = kept / divisor
    const feeWhole = whole / divisor
    const add = (
      tokenIn: number,
      tokenOut: number,
      reserveIn: bigint,
      reserveOut: bigint,
    ): void => {
      const scaledReserveOut = feeKept * reserveOut
      const scaledReserveIn = feeWhole * reserveIn
      const to = swapsOf.get(tokenIn) ?? new Map<number, ExactSwap[]>()
      swapsOf.set(tokenIn, to)
      const swaps = to.get(tokenOut)
      const swap = {
        ...{ pool, tokenOut, reserveIn, reserveOut },
        ...{ feeKept, scaledReserveIn, scaledReserveOut },
      }
      if (swaps) swaps.push(swap)
      else to.set(tokenOut, [swap])
    }
    add(token0, token1, reserve0, reserve1)
    add(token1, token0, reserve1, reserve0)
  })
  return swapsOf
}

/** All cycles of 2 to `maxHops` hops from `base` whose exact profit at their best input is above 0. */
export function bigintDfs(
  graph: ExactGraph,
  base: number,
  maxHops: number,
): ExactCycle[] {
  const found: ExactCycle[] = []
  const path: ExactSwap[] = []

  const walk = (token: number, a: bigint, b: bigint): void => {
    const swapsTo = graph.get(token)
    if (!swapsTo) return
    for (const swap of swapsTo.get(base) ?? []) {
      if (path.length === 1 && path[0]!.pool === swap.pool) continue
      if (a * swap.scaledReserveOut <= b * swap.scaledReserveIn) continue
      const cycle = sizeExactly([...path, swap])
      if (cycle.profit > 0n) found.push(cycle)
    }
    if (path.length < maxHops - 1) step(swapsTo, a, b)
  }

  const step = (
    swapsTo: ReadonlyMap<number, readonly ExactSwap[]>,
    a: bigint,
    b: bigint,
  ): void => {
    for (const [next, swaps] of swapsTo) {
      if (next === base || path.some(({ tokenOut }) => tokenOut === next))
        continue
      for (const swap of swaps) {
        path.push(swap)
        walk(next, a * swap.scaledReserveOut, b * swap.scaledReserveIn)
        path.pop()
      }
    }
  }

  const first = graph.get(base)
  if (first) step(first, 1n, 1n)
  return found
}

/** The best input of a cycle by the closed form, rounded down, and its exact amounts. */
export function sizeExactly(swaps: readonly ExactSwap[]): ExactCycle {
  const { a, b, c } = compose(swaps)
  return settleExactly(swaps, (squareRoot(a * b) - b) / c)
}

/** The integer at which the curve of a profitable cycle gains most. */
export function bestInputExactly(swaps: readonly ExactSwap[]): bigint {
  const { a, b, c } = compose(swaps)
  const product = a * b
  const input = (squareRoot(product) - b) / c
  // Whether one more gains, multiplied out.
  const next = b + c * input
  return next * (next + c) < product ? input + 1n : input
}

function compose(swaps: readonly ExactSwap[]) {
  let a = 1n
  let b = 1n
  let c = 0n
  for (const swap of swaps) {
    c = c * swap.scaledReserveIn + swap.feeKept * a
    a *= swap.scaledReserveOut
    b *= swap.scaledReserveIn
  }
  return { a, b, c }
}

/** The best input of a cycle by ternary search, for which no formula is needed, and its exact amounts. */
export function sizeByTernarySearch(swaps: readonly ExactSwap[]): ExactCycle {
  const gain = (amountIn: bigint): bigint => profitOf(swaps, amountIn)
  let low = 0n
  let high = swaps[0]!.reserveIn
  while (high - low > 2n) {
    const third = (high - low) / 3n
    const left = low + third
    const right = high - third
    if (gain(left) < gain(right)) low = left
    else high = right
  }
  let best = low
  for (let x = low; x <= high; x++) if (gain(x) > gain(best)) best = x
  return settleExactly(swaps, best)
}

/** What a cycle gains with this input, in exact amounts. */
export function profitOf(
  swaps: readonly ExactSwap[],
  amountIn: bigint,
): bigint {
  return swaps.reduce(getAmountOut, amountIn) - amountIn
}

/** UniswapV2Library.getAmountOut. Rounds down, for the pool. */
export function getAmountOut(
  amountIn: bigint,
  swap: Pick<ExactSwap, 'reserveOut' | 'feeKept' | 'scaledReserveIn'>,
): bigint {
  const amountInWithFee = amountIn * swap.feeKept
  return (
    (amountInWithFee * swap.reserveOut) /
    (swap.scaledReserveIn + amountInWithFee)
  )
}

function settleExactly(
  swaps: readonly ExactSwap[],
  amountIn: bigint,
): ExactCycle {
  const amounts = [amountIn]
  let amount = amountIn
  for (const swap of swaps) {
    amount = getAmountOut(amount, swap)
    amounts.push(amount)
  }
  return { swaps, amounts, profit: amount - amountIn }
}

/** floor(√n) by Newton's iteration from an estimate in f64. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n
  const bits = n.toString(16).length * 4
  const shift = BigInt(Math.max(0, (bits - 104) & ~1))
  // A start at or above the root makes the iteration fall until it is there.
  let root =
    (BigInt(Math.ceil(Math.sqrt(Number(n >> shift)) * (1 + 1e-15))) + 1n) <<
    (shift / 2n)
  for (;;) {
    const next = (root + n / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
