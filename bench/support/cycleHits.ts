/**
 * Where a searching peer writes the profitable cycles it finds: flat arrays,
 * allocated once.
 */
export class CycleHits {
  readonly capacity: number
  /** Edges of cycle i from 4 * i on, in order; -1 where a shorter cycle has none. */
  readonly edges: Int32Array
  /** Best input and profit at it, in base units of the base token. */
  readonly amountIn: Float64Array
  readonly profit: Float64Array
  count = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.edges = new Int32Array(4 * capacity)
    this.amountIn = new Float64Array(capacity)
    this.profit = new Float64Array(capacity)
  }

  /** Adds a cycle of rate `rate` > 1 with its best input and profit. */
  add(
    rate: number,
    curvature: number,
    edge0: number,
    edge1: number,
    edge2: number,
    edge3: number,
  ): void {
    const { count, edges } = this
    if (count === this.capacity) throw new Error('no room for more cycles')
    const gain = Math.sqrt(rate) - 1
    const input = gain / curvature
    edges[4 * count] = edge0
    edges[4 * count + 1] = edge1
    edges[4 * count + 2] = edge2
    edges[4 * count + 3] = edge3
    this.amountIn[count] = input
    this.profit[count] = gain * input
    this.count = count + 1
  }

  /** Cycles found, and the sum of their profits. */
  summary(): readonly [count: number, profit: number] {
    let sum = 0
    for (let i = 0; i < this.count; i++) sum += this.profit[i]!
    return [this.count, sum]
  }
}
