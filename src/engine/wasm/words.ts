const mask64 = (1n << 64n) - 1n

/** Writes a non-negative integer below 2^256 as four words, lowest first. */
export function writeUint256(
  words: BigUint64Array,
  at: number,
  value: bigint,
): void {
  words[at] = value & mask64
  words[at + 1] = (value >> 64n) & mask64
  words[at + 2] = (value >> 128n) & mask64
  words[at + 3] = value >> 192n
}

/** Reads four words, lowest first. */
export function readUint256(words: BigUint64Array, at: number): bigint {
  const low = words[at]! | (words[at + 1]! << 64n)
  const w2 = words[at + 2]!
  const w3 = words[at + 3]!
  // Most amounts are below 2^128: skip the wide shifts.
  return w2 === 0n && w3 === 0n ? low : low | (w2 << 128n) | (w3 << 192n)
}
