/** A seeded source of uniform numbers in [0, 1): the same seed, the same numbers (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** An integer of up to `bits` random bits, its length uniform, so that small ones come too. */
export function randomBigInt(random: () => number, bits: number): bigint {
  const length = 1 + Math.floor(random() * bits)
  let value = 0n
  for (let done = 0; done < length; done += 32)
    value = (value << 32n) | BigInt(Math.floor(random() * 4294967296))
  return BigInt.asUintN(length, value)
}
