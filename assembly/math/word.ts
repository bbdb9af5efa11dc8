// 64-bit words: what WebAssembly leaves out.

const LOW: u64 = 0xffffffff
const TWO_64: f64 = 18446744073709551616.0
// The bits of 2^52 and of 2^84: what is put into their last 32 bits counts
// units of 1 and of 2^32.
const UNITS: u64 = 0x4330000000000000
const UNITS_HIGH: u64 = 0x4530000000000000
const BOTH: f64 = 19342813118337666422669312.0 // 2^84 + 2^52

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

/** The same for b < 2^32. */
// @ts-ignore: decorator
@inline
export function multiplyHigh32(a: u64, b: u64): u64 {
  return ((a >> 32) * b + (((a & LOW) * b) >> 32)) >> 32
}

/** w as f64, rounded once: without the branch on the top bit that f64.convert_i64_u compiles to. */
// @ts-ignore: decorator
@inline
export function toFloat(w: u64): f64 {
  return (
    reinterpret<f64>(UNITS_HIGH | (w >> 32)) - BOTH +
    reinterpret<f64>(UNITS | (w & LOW))
  )
}

/** low + high·2^64 as f64, high < 2^63; off by less than 2^-52 of it. */
// @ts-ignore: decorator
@inline
export function toFloat2(low: u64, high: u64): f64 {
  return <f64>(<i64>high) * TWO_64 + toFloat(low)
}
