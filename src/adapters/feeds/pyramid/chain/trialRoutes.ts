import type { Hex } from '../../../../core/hex.ts'
import type { Pool } from '../../../../market/pool.ts'
import type { SwapKind, TokenTrial, TrialHop } from '../tokenTrials.ts'

/** How a pool is swapped with in a trial; undefined where it cannot be. */
export type SwapKindOf = (pool: Pool) => SwapKind | undefined

/** Pools that a token is tried at, one after the other, until one sells it. */
const mostRoutes = 3
/** So small a part of a pool is traded that limits on a trade's size do not matter. */
const partOfPair = 1000n
/** A pool with ticks holds less than its liquidity at the price suggests. */
const partOfPool = 10_000n

/**
 * Trials of the tokens that a pool joins to one which can be had already;
 * `ways` tells how. Tokens in lower case.
 */
export function routesTo(
  wanted: ReadonlySet<string>,
  ways: ReadonlyMap<string, readonly TrialHop[]>,
  pools: readonly Pool[],
  kindOf: SwapKindOf,
): readonly TokenTrial[] {
  const found = new Map<Hex, Route[]>()
  for (const pool of pools) {
    const kind = kindOf(pool)
    const depths = depthsOf(pool)
    if (kind === undefined || depths.includes(0n)) continue
    for (const side of [0, 1] as const) {
      const token = pool.tokens[side].toLowerCase() as Hex
      const tokenIn = pool.tokens[1 - side]!.toLowerCase() as Hex
      const way = ways.get(tokenIn)
      if (!way || !wanted.has(token)) continue
      const part = kind === 'pool' ? partOfPool : partOfPair
      const hop: TrialHop = {
        kind,
        pool: pool.address,
        tokenIn,
        tokenOut: token,
        amountIn: depths[1 - side]! / part + 1n,
        feePips: 'feePips' in pool ? pool.feePips : 0,
      }
      const routes = found.get(token) ?? []
      routes.push({ depth: depths[side], hops: [...way, hop] })
      found.set(token, routes)
    }
  }
  return [...found].map(([token, routes]) => ({
    token,
    routes: routes
      .sort((a, b) => (a.depth < b.depth ? 1 : a.depth > b.depth ? -1 : 0))
      .slice(0, mostRoutes)
      .map(({ hops }) => hops),
  }))
}

/** `depth`: what the last pool holds of the token, about, in base units. */
type Route = { readonly depth: bigint; readonly hops: readonly TrialHop[] }

/** What a pool holds of its tokens, or would at its price, in base units. */
function depthsOf(pool: Pool): readonly [bigint, bigint] {
  if (pool.family !== 'concentrated')
    return pool.family === 'stable' ? [0n, 0n] : pool.reserves
  const { liquidity, sqrtPriceX96 } = pool
  return [(liquidity << 96n) / sqrtPriceX96, (liquidity * sqrtPriceX96) >> 96n]
}
