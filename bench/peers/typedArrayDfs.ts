/**
 * Peer: nested loops over flat typed arrays, every cycle visited. The fastest
 * plain depth-first search in JavaScript that was found: rates are multiplied
 * on the way down, all else is left until a cycle pays.
 */
import type { CycleHits } from '../support/cycleHits.ts'
import type { SearchGraph } from '../support/searchGraph.ts'

/** Writes all profitable cycles of 2 to 4 hops from token 0 into `hits` and returns their number. */
export function typedArrayDfs(graph: SearchGraph, hits: CycleHits): number {
  const { rowStart, baseEnd, to, pool, rate, curvature } = graph
  hits.count = 0
  for (let a = 0; a < rowStart[1]!; a++) {
    const b = to[a]!
    const rateA = rate[a]!
    for (let g = rowStart[b]!, end = baseEnd[b]!; g < end; g++) {
      const cycleRate = rateA * rate[g]!
      if (cycleRate <= 1 || pool[g] === pool[a]) continue
      hits.add(cycleRate, curvature[a]! + rateA * curvature[g]!, a, g, -1, -1)
    }
    for (let e = baseEnd[b]!, endE = rowStart[b + 1]!; e < endE; e++) {
      const c = to[e]!
      const rateE = rateA * rate[e]!
      for (let g = rowStart[c]!, end = baseEnd[c]!; g < end; g++) {
        const cycleRate = rateE * rate[g]!
        if (cycleRate <= 1) continue
        const curvatureE = curvature[a]! + rateA * curvature[e]!
        hits.add(cycleRate, curvatureE + rateE * curvature[g]!, a, e, g, -1)
      }
      for (let f = baseEnd[c]!, endF = rowStart[c + 1]!; f < endF; f++) {
        const d = to[f]!
        if (d === b) continue
        const rateF = rateE * rate[f]!
        for (let g = rowStart[d]!, end = baseEnd[d]!; g < end; g++) {
          const cycleRate = rateF * rate[g]!
          if (cycleRate <= 1) continue
          const curvatureE = curvature[a]! + rateA * curvature[e]!
          const curvatureF = curvatureE + rateE * curvature[f]!
          hits.add(cycleRate, curvatureF + rateF * curvature[g]!, a, e, f, g)
        }
      }
    }
  }
  return hits.count
}
