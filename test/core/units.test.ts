import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAmount,
  formatUnits,
  groupThousands,
  parseUnits,
  UnitsError,
} from '../../src/core/units.ts'

describe('parseUnits', () => {
  it.each([
    ['1.5', 18, 1_500_000_000_000_000_000n],
    ['0.000001', 6, 1n],
    ['007', 0, 7n],
    ['-0.25', 2, -25n],
    ['1.50000', 1, 15n],
    [
      '115792089237316195423570985008687907853269984665640564039457',
      0,
      115792089237316195423570985008687907853269984665640564039457n,
    ],
  ])('default: %s with %i decimals', (text, decimals, amount) => {
    expect(parseUnits(text, decimals)).toBe(amount)
  })

  it.each(['1e18', '', '.5', '1.', '1,5', '0x10', ' 1', 'NaN', '1.0000001'])(
    'error: %j',
    (text) => {
      expect(() => parseUnits(text, 6)).toThrow(UnitsError)
    },
  )

  it('property: parse undoes format', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 77 }), (amount, d) => {
        expect(parseUnits(formatUnits(amount, d), d)).toBe(amount)
      }),
    )
  })
})

describe('formatAmount', () => {
  it.each([
    [1234567891234567890n, 18, '1.23456…'],
    [1999999999999999999n, 18, '1.99999…'],
    [1500000000000000000n, 18, '1.5'],
    [12345678900000n, 6, '12,345,678.9'.replace('.9', '.…')],
    [1n, 18, '0.000000000000000001'],
    [123456789n, 18, '0.000000000123456…'],
    [0n, 6, '0'],
    [-1234567n, 6, '-1.23456…'],
  ])('default: %s of %i decimals', (amount, decimals, text) => {
    expect(formatAmount(amount, decimals)).toBe(text)
  })

  it('property: never shows more than there is', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 160n }),
        fc.integer({ min: 0, max: 24 }),
        (amount, decimals) => {
          const text = formatAmount(amount, decimals).replace(/[,…]/g, '')
          const shown = parseUnits(text.replace(/\.$/, ''), decimals)
          expect(shown <= amount).toBe(true)
          expect(shown === amount).toBe(
            !formatAmount(amount, decimals).includes('…'),
          )
        },
      ),
    )
  })
})

it('groupThousands is exact for bigint', () => {
  expect(groupThousands(12345678901234567890n)).toBe(
    '12,345,678,901,234,567,890',
  )
  expect(groupThousands(999)).toBe('999')
})
