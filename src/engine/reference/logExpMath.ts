import { SwapRevertsError } from '../errors.ts'

/**
 * Balancer's LogExpMath: x^y = e^(y·ln x) on 18-decimal numbers, with the
 * contract's own tables, series and truncations (towards zero, as Solidity and
 * BigInt both divide). Its error is below 1e-14 of the result; who gains by it
 * is settled by {@link powUp}.
 */

const one18 = 10n ** 18n
const one20 = 10n ** 20n
const one36 = 10n ** 36n

const maxNaturalExponent = 130n * one18
const minNaturalExponent = -41n * one18
/** Between these ln is computed with 36 decimals: close to 1 it is small, and 18 would leave few digits. */
const ln36LowerBound = one18 - 10n ** 17n
const ln36UpperBound = one18 + 10n ** 17n
const exponentBound = 2n ** 254n / one20

/** `[x, e^x]`: x with 18 decimals, e^x with none: 2^7 and 2^6. */
const wholePowers: readonly (readonly [bigint, bigint])[] = [
  [
    128_000000000000000000n,
    38877084059945950922200000000000000000000000000000000000n,
  ],
  [64_000000000000000000n, 6235149080811616882910000000n],
]

/** `[x, e^x]`, both with 20 decimals: 2^5 … 2^-4. */
const powers: readonly (readonly [bigint, bigint])[] = [
  [32_00000000000000000000n, 7896296018268069516100000000000000n],
  [16_00000000000000000000n, 888611052050787263676000000n],
  [8_00000000000000000000n, 298095798704172827474000n],
  [4_00000000000000000000n, 5459815003314423907810n],
  [2_00000000000000000000n, 738905609893065022723n],
  [1_00000000000000000000n, 271828182845904523536n],
  [50000000000000000000n, 164872127070012814685n],
  [25000000000000000000n, 128402541668774148407n],
  [12500000000000000000n, 113314845306682631683n],
  [6250000000000000000n, 106449445891785942956n],
]
/** The contract's exp goes down to 2^-2 only; its series does the rest. */
const powersOfExp = powers.slice(0, 8)

/**
 * x^y of 18-decimal numbers, about.
 * @throws SwapRevertsError where an argument or the result is off its scale.
 */
export function pow(x: bigint, y: bigint): bigint {
  if (y === 0n) return one18
  if (x === 0n) return 0n
  if (x >> 255n !== 0n) throw outOfBounds({ x })
  if (y >= exponentBound) throw outOfBounds({ y })
  const product = lnTimes(x, y) / one18
  if (product < minNaturalExponent || product > maxNaturalExponent) {
    throw outOfBounds({ x, y })
  }
  return exp(product)
}

/** y·ln x with 36 decimals. */
function lnTimes(x: bigint, y: bigint): bigint {
  if (x <= ln36LowerBound || x >= ln36UpperBound) return ln(x) * y
  const precise = ln36(x)
  return (precise / one18) * y + ((precise % one18) * y) / one18
}

/** e^x of an 18-decimal number inside the natural exponent's bounds. */
function exp(x: bigint): bigint {
  if (x < 0n) return one36 / exp(-x)
  // Only one of the two is ever taken: x is at most 130.
  const whole = wholePowers.find(([power]) => x >= power)
  let rest = (whole ? x - whole[0] : x) * 100n
  let product = one20
  for (const [power, value] of powersOfExp) {
    if (rest < power) continue
    rest -= power
    product = (product * value) / one20
  }
  // 1 + x + x²/2! + … + x¹²/12!
  let term = rest
  let sum = one20 + term
  for (let n = 2n; n <= 12n; n++) {
    term = (term * rest) / one20 / n
    sum += term
  }
  return (((product * sum) / one20) * (whole?.[1] ?? 1n)) / 100n
}

/** ln a of an 18-decimal number above zero, with 18 decimals. */
function ln(a: bigint): bigint {
  if (a < one18) return -ln(one36 / a)
  let rest = a
  let sum = 0n
  for (const [power, value] of wholePowers) {
    if (rest < value * one18) continue
    rest /= value
    sum += power
  }
  rest *= 100n
  sum *= 100n
  for (const [power, value] of powers) {
    if (rest < value) continue
    rest = (rest * one20) / value
    sum += power
  }
  return (sum + artanhSeries(rest, one20, 11n)) / 100n
}

/** ln x of an 18-decimal number near 1, with 36 decimals. */
function ln36(x: bigint): bigint {
  return artanhSeries(x * one18, one36, 15n)
}

/** ln a = 2·(z + z³/3 + z⁵/5 + …), z = (a - 1) / (a + 1), up to the term of z^last. */
function artanhSeries(a: bigint, one: bigint, last: bigint): bigint {
  const z = ((a - one) * one) / (a + one)
  const square = (z * z) / one
  let power = z
  let sum = z
  for (let n = 3n; n <= last; n += 2n) {
    power = (power * square) / one
    sum += power / n
  }
  return 2n * sum
}

function outOfBounds(facts: Readonly<Record<string, unknown>>): Error {
  return new SwapRevertsError('a power is off the scale of LogExpMath', {
    facts,
  })
}
