import type {
  ConcentratedState,
  Engine,
  EngineGraph,
  PoolState,
} from '../../src/engine/index.ts'
import {
  getSqrtRatioAtTick,
  getTickAtSqrtRatio,
  maxTick,
  minTick,
} from '../../src/engine/reference/tickMath.ts'
import type { Edges } from './edges.ts'

/** What a block may make of a pool: other reserves, another price, more positions. */
export function changedState(edges: Edges, state: PoolState): PoolState {
  if (state.family !== 'concentrated') {
    // Mostly within fees, or nearly every cycle of a market would soon gain.
    const most = edges.pick([1, 1, 1, 1, 30])
    const factor = (): bigint => BigInt(1000 + edges.integer(-most, most))
    const [a, b] = state.reserves
    const reserves = [
      (a * factor()) / 1000n || 1n,
      (b * factor()) / 1000n || 1n,
    ] as const
    return { ...state, reserves }
  }
  const moved = edges.pick([true, false]) ? movedPrice(edges, state) : state
  // Thirty positions outgrow the room a pool's ticks were given.
  return withPositions(edges, moved, edges.pick([0, 0, 1, 30]))
}

/** Changes pools of a graph and of an engine that holds it; returns the graph as it is now. */
export function changePools(
  edges: Edges,
  engine: Engine,
  graph: EngineGraph,
  pools: readonly number[],
): EngineGraph {
  const now = [...graph.pools]
  for (const pool of pools) {
    const state = changedState(edges, now[pool]!.state)
    now[pool] = { ...now[pool]!, state }
    engine.update(pool, state)
  }
  return { ...graph, pools: now }
}

/** Some ticks away, now and then 300, within what is known; liquidity follows the ticks passed. */
function movedPrice(edges: Edges, state: ConcentratedState): ConcentratedState {
  const [low, high] = state.knownTicks
  const most = edges.pick([5, 5, 5, 5, 300])
  const wanted = state.tick + edges.integer(-most, most)
  const tick = Math.min(Math.max(wanted, low, minTick), high - 1, maxTick - 1)
  const from = getSqrtRatioAtTick(tick)
  const to = getSqrtRatioAtTick(tick + 1)
  const sqrtPriceX96 =
    from + ((to - from) * BigInt(edges.integer(0, 99))) / 100n
  return {
    ...state,
    sqrtPriceX96,
    tick: getTickAtSqrtRatio(sqrtPriceX96),
    liquidity:
      state.liquidity + netUpTo(state, tick) - netUpTo(state, state.tick),
  }
}

function netUpTo({ ticks }: ConcentratedState, tick: number): bigint {
  return ticks.reduce((sum, [at, net]) => (at <= tick ? sum + net : sum), 0n)
}

function withPositions(
  edges: Edges,
  state: ConcentratedState,
  count: number,
): ConcentratedState {
  if (count === 0) return state
  const { tickSpacing, knownTicks, tick } = state
  const nets = new Map(state.ticks)
  let { liquidity } = state
  const middle = Math.floor(tick / tickSpacing)
  for (let i = 0; i < count; i++) {
    const lower = (middle - edges.integer(-3, 35)) * tickSpacing
    const upper = lower + edges.integer(1, 35) * tickSpacing
    if (lower < knownTicks[0] || upper > knownTicks[1]) continue
    const added = 1n + state.liquidity / BigInt(edges.integer(5, 50))
    nets.set(lower, (nets.get(lower) ?? 0n) + added)
    nets.set(upper, (nets.get(upper) ?? 0n) - added)
    if (lower <= tick && tick < upper) liquidity += added
  }
  const ticks = [...nets]
    .filter(([, net]) => net !== 0n)
    .sort(([a], [b]) => a - b)
  return { ...state, liquidity, ticks }
}
