import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanSymbol } from '../../src/market/symbol.ts'

const address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

describe('cleanSymbol', () => {
  it.each([
    ['WETH', 'WETH'],
    ['₡ABIN', '₡ABIN'],
    ['🌐', '🌐'],
    ['a"b\'c', 'a"b\'c'],
    ['\u001b[31mRED\u001b[0m', 'RED'],
    ['\u001b]0;title\u0007X', 'X'],
    ['\u009b31mX', '31mX'],
    ['A\r\nB\tC', 'A B C'],
    ['  A   B  ', 'A B'],
    ['\u202eCDSU\u202c', 'CDSU'],
    ['A\u200bB\ufeff', 'AB'],
    ['\u2028', '0xC02a…6Cc2'],
    ['', '0xC02a…6Cc2'],
    ['\u0000\u0000', '0xC02a…6Cc2'],
    ['\ud800A', 'A'],
    ['x'.repeat(100), 'x'.repeat(32)],
    ['🌐'.repeat(40), '🌐'.repeat(32)],
  ])('default: %j becomes %j', (symbol, clean) => {
    expect(cleanSymbol(symbol, address)).toBe(clean)
  })

  it('property: one short printable line, and cleaning twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (symbol) => {
        const clean = cleanSymbol(symbol, address)
        expect(clean).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u)
        expect([...clean].length).toBeLessThanOrEqual(32)
        expect(cleanSymbol(clean, address)).toBe(clean)
      }),
      { numRuns: 500 },
    )
  })
})
