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
  /** By edge: rate of the best way home that starts with it, two more hops long. */
  readonly #homeInThree: Float64Array
  /** Edges of each token by falling rate of the best way home with one more hop, and that rate. */
  readonly #byHomeInTwo: Int32Array
  readonly #homeInTwo: Float64Array

  constructor(graph: SearchGraph) {
    this.#graph = graph
    this.#homeInThree = new Float64Array(graph.edgeCount)
    this.#homeInTwo = new Float64Array(graph.edgeCount)
    this.#byHomeInTwo = Int32Array.from(graph.to, (_, edge) => edge)
  }

  /** Writes all profitable 4-hop cycles into `hits` and returns their number. */
  search(hits: CycleHits): number {
    this.#takeBounds()
    const homeInThree = this.#homeInThree
    const homeInTwo = this.#homeInTwo
    const byHomeInTwo = this.#byHomeInTwo
    const { rowStart, baseEnd, to, rate, curvature } = this.#graph
    const { edges, amountIn, profit, capacity } = hits
    let count = 0
    for (let a = 0; a < rowStart[1]!; a++) {
      const b = to[a]!
      const rateA = rate[a]!
      const curvatureA = curvature[a]!
      for (let e = baseEnd[b]!, endE = rowStart[b + 1]!; e < endE; e++) {
        if (rateA * homeInThree[e]! <= 1) continue
        const c = to[e]!
        const rateE = rateA * rate[e]!
        const curvatureE = curvatureA + rateA * curvature[e]!
        for (let i = baseEnd[c]!, endI = rowStart[c + 1]!; i < endI; i++) {
          if (rateE * homeInTwo[i]! <= 1) break
          const f = byHomeInTwo[i]!
          const d = to[f]!
          if (d === b) continue
          const rateF = rateE * rate[f]!
          const curvatureF = curvatureE + rateE * curvature[f]!
          for (let g = rowStart[d]!, endG = baseEnd[d]!; g < endG; g++) {
            const cycleRate = rateF * rate[g]!
            if (cycleRate <= 1) continue
            if (count === capacity) throw new Error('no room for more cycles')
            const cycleCurvature = curvatureF + rateF * curvature[g]!
            const gain = Math.sqrt(cycleRate) - 1
            edges[4 * count] = a
            edges[4 * count + 1] = e
            edges[4 * count + 2] = f
            edges[4 * count + 3] = g
            const input = gain / cycleCurvature
            amountIn[count] = input
            profit[count] = gain * input
            count++
          }
        }
      }
    }
    return count
  }

  #takeBounds(): void {
    const { tokenCount, rowStart, baseEnd, to, rate } = this.#graph
    const homeInThree = this.#homeInThree
    const homeInTwo = this.#homeInTwo
    const byHomeInTwo = this.#byHomeInTwo

    const bestHome = new Float64Array(tokenCount)
    for (let t = 1; t < tokenCount; t++)
      for (let g = rowStart[t]!; g < baseEnd[t]!; g++)
        if (rate[g]! > bestHome[t]!) bestHome[t] = rate[g]!

    // Insertion sort: rates move little between two searches, so the order of
    // the last one is nearly right.
    for (let t = 1; t < tokenCount; t++) {
      const start = baseEnd[t]!
      for (let i = start; i < rowStart[t + 1]!; i++) {
        const edge = byHomeInTwo[i]!
        const reach = rate[edge]! * bestHome[to[edge]!]! * roundingAllowance
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
        const best = first < rowStart[next + 1]! ? homeInTwo[first]! : 0
        homeInThree[e] = rate[e]! * best * roundingAllowance
      }
  }
}
