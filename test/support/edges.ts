import { createSeededRandom } from '../../src/core/seededRandom.ts'

/** Random integers that like the places where formulas break. The same seed gives the same ones. */
export type Edges = {
  /** One of the choices, each as likely. */
  pick<T>(choices: readonly T[]): T
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** An unsigned integer of at most `bits` bits: an edge, or any number of bits. */
  uint(bits: number): bigint
  /** A value up to two units away from this one, or the end of [0, 2^bits) nearest to it. */
  near(value: bigint, bits: number): bigint
}

/** Where contracts change their mind. */
const edges: readonly bigint[] = [
  0n,
  1n,
  2n,
  2n ** 32n,
  2n ** 64n,
  2n ** 96n,
  2n ** 112n - 1n,
  2n ** 112n,
  2n ** 127n,
  2n ** 128n - 1n,
  2n ** 128n,
  2n ** 128n + 1n,
  2n ** 160n - 1n,
  2n ** 160n,
  2n ** 255n,
  2n ** 256n - 1n,
]

export function createEdges(seed: number): Edges {
  const random = createSeededRandom(seed)
  const integer = (low: number, high: number): number =>
    low + Math.floor(random.next() * (high - low + 1))
  const pick = <T>(choices: readonly T[]): T =>
    choices[integer(0, choices.length - 1)]!
  const uniform = (bits: number): bigint => {
    let value = 0n
    for (let done = 0; done < bits; done += 32) {
      value = (value << 32n) | BigInt(Math.floor(random.next() * 2 ** 32))
    }
    return BigInt.asUintN(bits, value)
  }
  const near = (value: bigint, bits: number): bigint => {
    const moved = value + BigInt(integer(-2, 2))
    const max = 2n ** BigInt(bits) - 1n
    return moved < 0n ? 0n : moved > max ? max : moved
  }
  return {
    pick,
    integer,
    near,
    uint(bits) {
      const kind = random.next()
      if (kind < 0.06) return 2n ** BigInt(bits) - 1n
      if (kind < 0.2) {
        return near(
          pick(edges.filter((edge) => edge >> BigInt(bits) === 0n)),
          bits,
        )
      }
      if (kind < 0.3) return near(1n << BigInt(integer(0, bits - 1)), bits)
      return uniform(integer(1, bits))
    },
  }
}
