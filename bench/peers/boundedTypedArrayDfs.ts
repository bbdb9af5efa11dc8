/**
 * Peer: the best JavaScript search that was found. A depth-first search over
 * typed arrays as in `typedArrayDfs`, with bounds: the best rate home from a
 * token in one, two and three hops, taken afresh in every search, cuts each
 * branch that cannot pay any more; second-to-last hops stand in falling order
 * of what they can still reach, so the first that is too low ends its loop.
 */
import type { CycleHits } from '../support/cycleHits.ts'
import type { SearchGraph } from '../support/searchGraph.ts'

/**
 * Bounds are rounded products in another order than the cycle's own: this
 * much on top keeps them bounds.
 */
const roundingAllowance = 1 + 1e-12

export class BoundedTypedArrayDfs {
  readonly #graph: SearchGraph
  /** By token: best rate of an edge home. */
  readonly #home: Float64Array
  /** By edge: best rate home that starts with it and takes one or two hops more. */
  readonly #homeVia: Float64Array
  /** Edges of each token by falling rate of the best way home with one more hop, and that rate. */
  readonly #byHomeInTwo: Int32Array
  readonly #homeInTwo: Float64Array

  constructor(graph: SearchGraph) {
    this.#graph = graph
    this.#home = new Float64Array(graph.tokenCount)
    this.#homeVia = new Float64Array(graph.edgeCount)
    this.#homeInTwo = new Float64Array(graph.edgeCount)
    this.#byHomeInTwo = Int32Array.from(graph.to, (_, edge) => edge)
  }

  /** Writes all profitable cycles of 2 to 4 hops from token 0 into `hits` and returns their number. */
  search(hits: CycleHits): number {
    this.#takeBounds()
    const home = this.#home
    const homeVia = this.#homeVia
    const homeInTwo = this.#homeInTwo
    const byHomeInTwo = this.#byHomeInTwo
    const { rowStart, baseEnd, to, pool, rate, curvature } = this.#graph
    hits.count = 0
    for (let a = 0; a < rowStart[1]!; a++) {
      const b = to[a]!
      const rateA = rate[a]!
      const curvatureA = curvature[a]!
      if (rateA * home[b]! > 1)
        for (let g = rowStart[b]!, end = baseEnd[b]!; g < end; g++) {
          const cycleRate = rateA * rate[g]!
          if (cycleRate <= 1 || pool[g] === pool[a]) continue
          hits.add(cycleRate, curvatureA + rateA * curvature[g]!, a, g, -1, -1)
        }
      for (let e = baseEnd[b]!, endE = rowStart[b + 1]!; e < endE; e++) {
        if (rateA * homeVia[e]! <= 1) continue
        const c = to[e]!
        const rateE = rateA * rate[e]!
        const curvatureE = curvatureA + rateA * curvature[e]!
        if (rateE * home[c]! > 1)
          for (let g = rowStart[c]!, end = baseEnd[c]!; g < end; g++) {
            const cycleRate = rateE * rate[g]!
            if (cycleRate <= 1) continue
            hits.add(cycleRate, curvatureE + rateE * curvature[g]!, a, e, g, -1)
          }
        for (let i = baseEnd[c]!, endI = rowStart[c + 1]!; i < endI; i++) {
          if (rateE * homeInTwo[i]! <= 1) break
          const f = byHomeInTwo[i]!
          const d = to[f]!
          if (d === b) continue
          const rateF = rateE * rate[f]!
          const curvatureF = curvatureE + rateE * curvature[f]!
          for (let g = rowStart[d]!, end = baseEnd[d]!; g < end; g++) {
            const cycleRate = rateF * rate[g]!
            if (cycleRate <= 1) continue
            hits.add(cycleRate, curvatureF + rateF * curvature[g]!, a, e, f, g)
          }
        }
      }
    }
    return hits.count
  }

  #takeBounds(): void {
    const { tokenCount, rowStart, baseEnd, to, rate } = this.#graph
    const home = this.#home
    const homeVia = this.#homeVia
    const homeInTwo = this.#homeInTwo
    const byHomeInTwo = this.#byHomeInTwo

    for (let t = 1; t < tokenCount; t++) {
      let best = 0
      for (let g = rowStart[t]!; g < baseEnd[t]!; g++)
        if (rate[g]! > best) best = rate[g]!
      home[t] = best * roundingAllowance
    }

    // Insertion sort: rates move little between two searches, so the order of
    // the last one is nearly right.
    for (let t = 1; t < tokenCount; t++) {
      const start = baseEnd[t]!
      for (let i = start; i < rowStart[t + 1]!; i++) {
        const edge = byHomeInTwo[i]!
        const reach = rate[edge]! * home[to[edge]!]! * roundingAllowance
        let place = i
        while (place > start && homeInTwo[place - 1]! < reach) {
          homeInTwo[place] = homeInTwo[place - 1]!
          byHomeInTwo[place] = byHomeInTwo[place - 1]!
          place--
        }
        homeInTwo[place] = reach
        byHomeInTwo[place] = edge
      }
    }

    for (let t = 1; t < tokenCount; t++)
      for (let e = baseEnd[t]!; e < rowStart[t + 1]!; e++) {
        const next = to[e]!
        const first = baseEnd[next]!
        const far = first < rowStart[next + 1]! ? homeInTwo[first]! : 0
        homeVia[e] = rate[e]! * Math.max(home[next]!, far) * roundingAllowance
      }
  }
}
