/**
 * Peer: four nested loops over flat typed arrays, every cycle visited. The
 * fastest plain depth-first search in JavaScript that was found: rates are
 * multiplied on the way down, all else is left until a cycle pays.
 */
import type { CycleHits } from '../support/cycleHits.ts'
import type { SearchGraph } from '../support/searchGraph.ts'

/** Writes all profitable 4-hop cycles into `hits` and returns their number. */
export function typedArrayDfs(graph: SearchGraph, hits: CycleHits): number {
  const { rowStart, baseEnd, to, rate, curvature } = graph
  const { edges, amountIn, profit, capacity } = hits
  let count = 0
  for (let a = 0; a < rowStart[1]!; a++) {
    const b = to[a]!
    const rateA = rate[a]!
    for (let e = baseEnd[b]!, endE = rowStart[b + 1]!; e < endE; e++) {
      const c = to[e]!
      const rateE = rateA * rate[e]!
      for (let f = baseEnd[c]!, endF = rowStart[c + 1]!; f < endF; f++) {
        const d = to[f]!
        if (d === b) continue
        const rateF = rateE * rate[f]!
        for (let g = rowStart[d]!, endG = baseEnd[d]!; g < endG; g++) {
          const cycleRate = rateF * rate[g]!
          if (cycleRate <= 1) continue
          if (count === capacity) throw new Error('no room for more cycles')
          const cycleCurvature =
            curvature[a]! +
            rateA * curvature[e]! +
            rateE * curvature[f]! +
            rateF * curvature[g]!
          const gain = Math.sqrt(cycleRate) - 1
          edges[4 * count] = a
          edges[4 * count + 1] = e
          edges[4 * count + 2] = f
          edges[4 * count + 3] = g
          amountIn[count] = gain / cycleCurvature
          profit[count] = (gain * gain) / cycleCurvature
          count++
        }
      }
    }
  }
  return count
}
