/**
 * Where a searching peer writes the profitable cycles it finds: flat arrays,
 * allocated once. Cycle i has its edges at `edges[4 * i]` onwards, in order.
 */
export type CycleHits = {
  readonly capacity: number
  readonly edges: Int32Array
  /** Best input and profit at it, in base units of the base token. */
  readonly amountIn: Float64Array
  readonly profit: Float64Array
}

/** Makes room for `capacity` cycles. */
export function createCycleHits(capacity: number): CycleHits {
  return {
    capacity,
    edges: new Int32Array(4 * capacity),
    amountIn: new Float64Array(capacity),
    profit: new Float64Array(capacity),
  }
}
