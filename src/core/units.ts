import { ApexError, type ErrorDetails } from './errors.ts'

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/

/**
 * Reads a decimal amount of tokens into base units, exactly.
 *
 * @throws UnitsError where the text is no plain decimal number, or has more
 * digits after the point than the token.
 * @example
 * parseUnits('1.5', 18) // 1500000000000000000n
 */
export function parseUnits(text: string, decimals: number): bigint {
  const match = decimalPattern.exec(text)
  if (!match)
    throw new UnitsError(`not a decimal number: ${JSON.stringify(text)}`, {
      facts: { text },
      hint: 'write digits with at most one point, such as 0.25',
    })
  const [, sign, whole, written = ''] = match
  const fraction = written.replace(/0+$/, '')
  if (fraction.length > decimals)
    throw new UnitsError(
      `${text} has more than ${decimals} digits after the point`,
      { facts: { text, decimals } },
    )
  const magnitude = BigInt(whole! + fraction.padEnd(decimals, '0'))
  return sign ? -magnitude : magnitude
}

/**
 * Writes base units as a decimal amount of tokens, exactly, without trailing
 * zeros.
 *
 * @example
 * formatUnits(1500000000000000000n, 18) // '1.5'
 */
export function formatUnits(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount)
    .toString()
    .padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return sign + whole + (fraction && `.${fraction}`)
}

/**
 * Writes base units for people: the whole part with thousands separators and
 * so many significant digits, cut off and never rounded up; `…` marks where
 * digits were left out.
 *
 * @example
 * formatAmount(1234567891234567890n, 18) // '1.23456…'
 */
export function formatAmount(
  amount: bigint,
  decimals: number,
  significantDigits = 6,
): string {
  const exact = formatUnits(amount, decimals)
  const [, sign, whole, fraction = ''] = decimalPattern.exec(exact)!
  const leadingZeros =
    whole === '0' ? fraction.length - fraction.replace(/^0+/, '').length : 0
  const wholeDigits = whole === '0' ? 0 : whole!.length
  const kept = Math.max(0, significantDigits - wholeDigits) + leadingZeros
  const shown = fraction.slice(0, kept)
  const left = fraction.length > kept ? '…' : ''
  const point = shown || left ? '.' : ''
  return sign + groupThousands(whole!) + point + shown + left
}

/** `1234567` → `1,234,567`; exact for any bigint. */
export function groupThousands(value: bigint | number | string): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** The text is not an amount of such a token. */
export class UnitsError extends ApexError {
  override readonly name = 'UnitsError'
  constructor(message: string, details?: ErrorDetails) {
    super('UNITS_INVALID', message, details)
  }
}
