import type {
  EngineBase,
  EngineCycle,
  EngineGraph,
  EngineScan,
  EngineScanOptions,
} from '../engine.ts'
import { basesOf } from '../scanOptions.ts'
import { bestAmounts } from './bestInput.ts'
import { enumerateCycles, type GraphCycle } from './cycles.ts'
import { marginalRate, type Rate } from './marginalRate.ts'
import type { RouteHop } from './route.ts'

/**
 * Looks at every cycle one by one, in exact arithmetic: whether its first unit
 * gains, and if so what its best input is. With `through`, only at cycles that
 * touch one of those pools.
 */
export function scanGraph(
  graph: EngineGraph,
  options: EngineScanOptions,
  through?: ReadonlySet<number>,
): EngineScan {
  const bases = basesOf(options, graph.tokenCount)
  const rates = graph.pools.map(({ state }) => ({
    zeroForOne: marginalRate(state, true),
    oneForZero: marginalRate(state, false),
  }))
  let cyclesChecked = 0n
  let profitable = 0
  const found: RankedCycle[] = []

  for (const cycle of enumerateCycles(graph, bases, options.maxHops)) {
    if (through && !cycle.pools.some((pool) => through.has(pool))) continue
    cyclesChecked += 1n
    const gains = isAboveOne(
      cycle.pools.map(
        (pool, hop) =>
          rates[pool]![cycle.zeroForOne[hop]! ? 'zeroForOne' : 'oneForZero'],
      ),
    )
    if (!gains) continue
    profitable += 1
    const amounts = bestAmounts(routeOf(graph, cycle))
    if (amounts === undefined) continue
    found.push({
      cycle: { ...cycle, amounts },
      approximateNativeProfit: approximateNativeProfit(
        amounts,
        cycle.tokens[0]!,
        bases,
      ),
    })
  }

  const ranked = found
    .filter((c) => c.approximateNativeProfit >= options.approximateMinProfit)
    .sort((a, b) => b.approximateNativeProfit - a.approximateNativeProfit)
    .map(({ cycle }) => cycle)
  return {
    cyclesChecked,
    profitable,
    cycles: options.limit > 0 ? ranked.slice(0, options.limit) : ranked,
  }
}

type RankedCycle = {
  readonly cycle: EngineCycle
  readonly approximateNativeProfit: number
}

function isAboveOne(rates: readonly Rate[]): boolean {
  let [numerator, denominator] = [1n, 1n]
  for (const rate of rates) {
    numerator *= rate.numerator
    denominator *= rate.denominator
  }
  return numerator > denominator
}

function routeOf(graph: EngineGraph, cycle: GraphCycle): RouteHop[] {
  return cycle.pools.map((pool, hop) => ({
    state: graph.pools[pool]!.state,
    zeroForOne: cycle.zeroForOne[hop]!,
  }))
}

function approximateNativeProfit(
  amounts: readonly bigint[],
  token: number,
  bases: readonly EngineBase[],
): number {
  const base = bases.find((candidate) => candidate.token === token)!
  return Number(amounts.at(-1)! - amounts[0]!) * base.approximateNativeRate
}
