/**
 * Peer: the depth-first search as tutorials and most public bots have it.
 * Pools are plain objects listed by token address, a cycle closes where a pool
 * happens to lead back to the base. Best input and profit come from the closed
 * form, which most of them lack.
 */
import type { EngineGraph } from '../../src/engine/engine.ts'

export type AdjacencyListCycle = {
  readonly pools: readonly AdjacencyListPool[]
  readonly amountIn: number
  readonly profit: number
}

export type AdjacencyListPool = {
  readonly token0: string
  readonly token1: string
  reserve0: number
  reserve1: number
  readonly fee: number
}

/** Pools by the address of each token they hold. */
export type AdjacencyList = ReadonlyMap<string, readonly AdjacencyListPool[]>

/** A stand-in for a token's address. */
export function tokenAddress(token: number): string {
  return `0x${token.toString(16).padStart(40, '0')}`
}

export function createAdjacencyList(graph: EngineGraph): AdjacencyList {
  const list = new Map<string, AdjacencyListPool[]>()
  for (const { tokens, state } of graph.pools) {
    if (state.family !== 'constantProduct')
      throw new Error('this search knows constant-product pools only')
    const pool = {
      token0: tokenAddress(tokens[0]),
      token1: tokenAddress(tokens[1]),
      reserve0: Number(state.reserves[0]),
      reserve1: Number(state.reserves[1]),
      fee: state.feePips / 1e6,
    }
    for (const token of [pool.token0, pool.token1]) {
      const known = list.get(token)
      if (known) known.push(pool)
      else list.set(token, [pool])
    }
  }
  return list
}

/** All profitable cycles of 2 to `maxHops` hops from `base`. */
export function adjacencyListDfs(
  poolsOf: AdjacencyList,
  base: string,
  maxHops: number,
): AdjacencyListCycle[] {
  const found: AdjacencyListCycle[] = []
  const path: AdjacencyListPool[] = []
  const visited = new Set<string>([base])

  const walk = (token: string, rate: number, curvature: number): void => {
    for (const pool of poolsOf.get(token) ?? []) {
      const zeroForOne = pool.token0 === token
      const next = zeroForOne ? pool.token1 : pool.token0
      const closes = next === base
      if (closes && (path.length === 0 || path.includes(pool))) continue
      if (!closes && (path.length === maxHops - 1 || visited.has(next)))
        continue

      const reserveIn = zeroForOne ? pool.reserve0 : pool.reserve1
      const reserveOut = zeroForOne ? pool.reserve1 : pool.reserve0
      const gamma = 1 - pool.fee
      const newRate = rate * ((gamma * reserveOut) / reserveIn)
      const newCurvature = curvature + rate * (gamma / reserveIn)
      if (!closes) {
        visited.add(next)
        path.push(pool)
        walk(next, newRate, newCurvature)
        path.pop()
        visited.delete(next)
      } else if (newRate > 1) {
        const gain = Math.sqrt(newRate) - 1
        found.push({
          pools: [...path, pool],
          amountIn: gain / newCurvature,
          profit: gain ** 2 / newCurvature,
        })
      }
    }
  }

  walk(base, 1, 0)
  return found
}
