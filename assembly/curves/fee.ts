// Fees are pips, 1/1,000,000 of the input. Contracts write them over a
// smaller denominator (997/1000, 9975/10000): the value is the same, but where
// a product overflows differs, so the contracts' own denominators are used.

const PIPS: u32 = 1000000

/** The denominator a V2-like contract would use for this fee. */
// @ts-ignore: decorator
@inline
export function feeDenominator(feePips: u32): u32 {
  if (feePips % 1000 == 0) return 1000
  return feePips % 100 == 0 ? 10000 : PIPS
}

/** What is left of `denominator` parts of the input after the fee. */
// @ts-ignore: decorator
@inline
export function feeKeep(feePips: u32, denominator: u32): u32 {
  // Constant divisors: the compiler multiplies instead.
  if (denominator == 1000) return 1000 - feePips / 1000
  return denominator == 10000 ? 10000 - feePips / 100 : PIPS - feePips
}

/** γ = 1 - fee. */
// @ts-ignore: decorator
@inline
export function approximateGamma(feePips: u32): f64 {
  return <f64>(PIPS - feePips) / <f64>PIPS
}
