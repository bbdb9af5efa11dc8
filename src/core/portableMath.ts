/**
 * Elementary functions from additions, products and quotients only, which
 * IEEE 754 fixes to the last bit. The language leaves Math.log, exp and cos to
 * the platform; what must come out equal everywhere uses these.
 */

const ln2 = Math.LN2
/** ln 2 in two parts: the product of the first with a small integer is exact. */
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** Natural logarithm of a positive number, to about 1e-15 relative. */
export function ln(x: number): number {
  let mantissa = x
  let exponent = 0
  while (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2
    exponent--
  }
  // ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), |s| < 0.172
  const s = (mantissa - 1) / (mantissa + 1)
  let sum = 0
  for (let n = 23; n > 0; n -= 2) sum = sum * s * s + 1 / n
  return exponent * ln2High + (exponent * ln2Low + 2 * s * sum)
}

/** e to the x, for |x| < 700, to about 1e-15 relative. */
export function exp(x: number): number {
  const k = Math.round(x / ln2)
  const r = x - k * ln2High - k * ln2Low
  let sum = 1
  for (let n = 16; n > 0; n--) sum = 1 + (sum * r) / n
  let scaled = sum
  for (let i = 0; i < Math.abs(k); i++) scaled *= k < 0 ? 0.5 : 2
  return scaled
}

/** Cosine of so many whole turns: cos(2πt), for t in [0, 1). */
export function cosTurns(t: number): number {
  // cos(2πt) is even about t = 1/2 and odd about t = 1/4.
  const half = t > 0.5 ? 1 - t : t
  const sign = half > 0.25 ? -1 : 1
  const quarter = half > 0.25 ? 0.5 - half : half
  return quarter > 0.125
    ? sign * sinSmall(2 * Math.PI * (0.25 - quarter))
    : sign * cosSmall(2 * Math.PI * quarter)
}

/** Cube root, to about 1e-15 relative. */
export function cubeRoot(x: number): number {
  if (x === 0) return 0
  const magnitude = Math.abs(x)
  let root = exp(ln(magnitude) / 3)
  root -= (root * root * root - magnitude) / (3 * root * root)
  return x < 0 ? -root : root
}

function sinSmall(x: number): number {
  let sum = 1
  for (let n = 18; n > 0; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return x * sum
}

function cosSmall(x: number): number {
  let sum = 1
  for (let n = 19; n > 0; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return sum
}
