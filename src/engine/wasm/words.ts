const twoTo64 = 1n << 64n
const twoTo128 = 1n << 128n

/** Writes a non-negative integer below 2^256 as four words, lowest first. */
export function writeUint256(
  words: BigUint64Array,
  at: number,
  value: bigint,
): void {
  // A word takes the low 64 bits of what is assigned to it. Most amounts are
  // below 2^128, and every shift makes a new bigint.
  words[at] = value
  words[at + 1] = value < twoTo64 ? 0n : value >> 64n
  words[at + 2] = value < twoTo128 ? 0n : value >> 128n
  words[at + 3] = value < twoTo128 ? 0n : value >> 192n
}

/** Reads four words, lowest first. */
export function readUint256(words: BigUint64Array, at: number): bigint {
  const low = words[at]! | (words[at + 1]! << 64n)
  const w2 = words[at + 2]!
  const w3 = words[at + 3]!
  // Most amounts are below 2^128: skip the wide shifts.
  return w2 === 0n && w3 === 0n ? low : low | (w2 << 128n) | (w3 << 192n)
}
