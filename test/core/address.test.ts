import { describe, expect, it } from 'vitest'
import {
  AddressInvalidError,
  parseAddress,
  parsePoolAddress,
  shortAddress,
} from '../../src/core/address.ts'

/** The examples of EIP-55. */
const checksummed = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
]

describe('parseAddress', () => {
  it.each(checksummed)('default: %s is its own checksum form', (address) => {
    expect(parseAddress(address)).toBe(address)
    expect(parseAddress(address.toLowerCase())).toBe(address)
  })

  it('error: one letter in the wrong case, with the right form as hint', () => {
    const wrong = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed'
    expect(() => parseAddress(wrong)).toThrow(
      expect.objectContaining({
        code: 'ADDRESS_INVALID',
        facts: { address: wrong, expected: checksummed[3] },
      }),
    )
  })

  it.each([
    '0x123',
    '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xzzAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '',
    7,
    undefined,
  ])('error: %s is none', (text) => {
    expect(() => parseAddress(text)).toThrow(AddressInvalidError)
  })
})

describe('parsePoolAddress', () => {
  it('behavior: takes the 32-byte pool id of V4, in any case', () => {
    const id = `0x${'aB'.repeat(32)}`
    expect(parsePoolAddress(id)).toBe(id.toLowerCase())
    expect(parsePoolAddress(checksummed[0]!.toLowerCase())).toBe(checksummed[0])
  })
})

it('shortAddress keeps head and tail', () => {
  expect(shortAddress(checksummed[0]!)).toBe('0x5290…9EE7')
})
