/**
 * The kernel's own algorithm in JavaScript, to tell what the algorithm gains
 * from what WebAssembly gains: legs between the base and each middle token,
 * joined where one of the two is out of the ordinary. The C twin in `c/`
 * explains it.
 */
import type { CycleHits } from '../support/cycleHits.ts'
import type { SearchGraph } from '../support/searchGraph.ts'

/** How many rates the ordinary one is estimated from. */
const medianOf = 9

export class MeetInTheMiddle {
  readonly #graph: SearchGraph
  /** Legs of token c: legStart[c] … legStart[c + 1]. */
  readonly #legStart: Int32Array
  /** By edge: the other direction of its pool. */
  readonly #reverse: Int32Array
  readonly #middle: Int32Array
  readonly #outFirst: Int32Array
  readonly #outSecond: Int32Array
  readonly #backFirst: Int32Array
  readonly #backSecond: Int32Array
  readonly #outRate: Float64Array
  readonly #backRate: Float64Array
  readonly #outCurvature: Float64Array
  readonly #backCurvature: Float64Array
  readonly #sorted: Float64Array = new Float64Array(medianOf)

  constructor(graph: SearchGraph) {
    this.#graph = graph
    const { tokenCount, edgeCount, rowStart, baseEnd, to, pool } = graph
    const reverse = new Int32Array(edgeCount)
    const first = new Int32Array(graph.poolCount).fill(-1)
    for (let e = 0; e < edgeCount; e++) {
      const other = first[pool[e]!]!
      if (other < 0) first[pool[e]!] = e
      else {
        reverse[e] = other
        reverse[other] = e
      }
    }
    this.#reverse = reverse
    this.#legStart = new Int32Array(tokenCount + 1)
    const legs: [number, number][] = []
    for (let c = 1; c < tokenCount; c++) {
      for (let f = baseEnd[c]!; f < rowStart[c + 1]!; f++)
        for (let g = rowStart[to[f]!]!; g < baseEnd[to[f]!]!; g++)
          legs.push([f, g])
      this.#legStart[c + 1] = legs.length
    }
    this.#middle = Int32Array.from(legs, ([f]) => to[f]!)
    this.#backFirst = Int32Array.from(legs, ([f]) => f)
    this.#backSecond = Int32Array.from(legs, ([, g]) => g)
    this.#outFirst = Int32Array.from(legs, ([, g]) => reverse[g]!)
    this.#outSecond = Int32Array.from(legs, ([f]) => reverse[f]!)
    this.#outRate = new Float64Array(legs.length)
    this.#backRate = new Float64Array(legs.length)
    this.#outCurvature = new Float64Array(legs.length)
    this.#backCurvature = new Float64Array(legs.length)
  }

  /** Writes all profitable cycles of 2 to 4 hops from token 0 into `hits` and returns their number. */
  search(hits: CycleHits): number {
    const { tokenCount, rate } = this.#graph
    const legStart = this.#legStart
    const outRate = this.#outRate
    const backRate = this.#backRate
    const outFirst = this.#outFirst
    const outSecond = this.#outSecond
    const backFirst = this.#backFirst
    const backSecond = this.#backSecond
    hits.count = 0
    for (let c = 1; c < tokenCount; c++) {
      const start = legStart[c]!
      const end = legStart[c + 1]!
      let bestOut = 0
      let bestBack = 0
      for (let k = start; k < end; k++) {
        const out = rate[outFirst[k]!]! * rate[outSecond[k]!]!
        const back = rate[backFirst[k]!]! * rate[backSecond[k]!]!
        outRate[k] = out
        backRate[k] = back
        if (out > bestOut) bestOut = out
        if (back > bestBack) bestBack = back
      }
      this.#close(c, bestOut, hits)
      if (bestOut * bestBack > 1) this.#join(start, end, hits)
    }
    return hits.count
  }

  /** Cycles of 2 and 3 hops: an edge or a leg to token c, and an edge home. */
  #close(c: number, bestOut: number, hits: CycleHits): void {
    const { rowStart, baseEnd, rate, curvature } = this.#graph
    const outRate = this.#outRate
    for (let g = rowStart[c]!; g < baseEnd[c]!; g++) {
      const last = rate[g]!
      for (let h = rowStart[c]!; h < baseEnd[c]!; h++) {
        const first = this.#reverse[h]!
        if (rate[first]! * last <= 1 || h === g) continue
        const curved = curvature[first]! + rate[first]! * curvature[g]!
        hits.add(rate[first]! * last, curved, first, g, -1, -1)
      }
      if (bestOut * last <= 1) continue
      for (let k = this.#legStart[c]!; k < this.#legStart[c + 1]!; k++) {
        if (outRate[k]! * last <= 1) continue
        const a = this.#outFirst[k]!
        const e = this.#outSecond[k]!
        const curved =
          curvature[a]! + rate[a]! * curvature[e]! + outRate[k]! * curvature[g]!
        hits.add(outRate[k]! * last, curved, a, e, g, -1)
      }
    }
  }

  #join(start: number, end: number, hits: CycleHits): void {
    const { rate, curvature } = this.#graph
    const outRate = this.#outRate
    const backRate = this.#backRate
    const outCurvature = this.#outCurvature
    const backCurvature = this.#backCurvature
    const outFirst = this.#outFirst
    const backFirst = this.#backFirst
    const outSecond = this.#outSecond
    const backSecond = this.#backSecond
    const middle = this.#middle
    for (let k = start; k < end; k++) {
      const a = outFirst[k]!
      const f = backFirst[k]!
      outCurvature[k] = curvature[a]! + rate[a]! * curvature[outSecond[k]!]!
      backCurvature[k] = curvature[f]! + rate[f]! * curvature[backSecond[k]!]!
    }

    const usualOut = this.#sampleMedian(outRate, start, end)
    const usualBack = this.#sampleMedian(backRate, start, end)
    const hot = Math.sqrt(usualOut / usualBack)
    const coldestBack = (1 - 1e-12) / hot
    for (let i = start; i < end; i++) {
      if (outRate[i]! <= hot) continue
      const out = outRate[i]!
      const curved = outCurvature[i]!
      const token = middle[i]!
      for (let j = start; j < end; j++) {
        const cycleRate = out * backRate[j]!
        if (cycleRate <= 1 || middle[j] === token) continue
        hits.add(
          cycleRate,
          curved + out * backCurvature[j]!,
          outFirst[i]!,
          outSecond[i]!,
          backFirst[j]!,
          backSecond[j]!,
        )
      }
    }
    for (let j = start; j < end; j++) {
      if (backRate[j]! <= coldestBack) continue
      const back = backRate[j]!
      const curved = backCurvature[j]!
      const token = middle[j]!
      for (let i = start; i < end; i++) {
        const out = outRate[i]!
        const cycleRate = out * back
        if (cycleRate <= 1 || out > hot || middle[i] === token) continue
        hits.add(
          cycleRate,
          outCurvature[i]! + out * curved,
          outFirst[i]!,
          outSecond[i]!,
          backFirst[j]!,
          backSecond[j]!,
        )
      }
    }
  }

  /** The median of a few of the rates, evenly spread. */
  #sampleMedian(rates: Float64Array, start: number, end: number): number {
    const sorted = this.#sorted
    const taken = Math.min(medianOf, end - start)
    for (let q = 0; q < taken; q++) {
      const value = rates[start + Math.floor((q * (end - start)) / taken)]!
      let place = q
      for (; place > 0 && sorted[place - 1]! > value; place--)
        sorted[place] = sorted[place - 1]!
      sorted[place] = value
    }
    return sorted[taken >> 1]!
  }
}
