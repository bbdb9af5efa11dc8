// 64-bit words: what WebAssembly leaves out.

const LOW: u64 = 0xffffffff

/** The high 64 bits of a × b. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & LOW
  const aHigh = a >> 32
  const bLow = b & LOW
  const bHigh = b >> 32
  const cross = aLow * bHigh
  const middle = ((aLow * bLow) >> 32) + (cross & LOW) + aHigh * bLow
  return aHigh * bHigh + (cross >> 32) + (middle >> 32)
}
