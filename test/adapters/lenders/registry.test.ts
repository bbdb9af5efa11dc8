import { describe, expect, it } from 'vitest'
import {
  lenderProtocol,
  lenderProtocols,
  lenders,
  lendersOf,
} from '../../../src/adapters/lenders/index.ts'
import { lenderKinds } from '../../../src/contracts/calldata.ts'
import { parseAddress } from '../../../src/core/address.ts'

const chains = [1, 10, 56, 137, 8453, 42161]

describe('the registry of lenders', () => {
  it.each(chains)('chain %i has three lenders and more, each once', (chain) => {
    const names = lendersOf(chain).map(({ name }) => name)
    expect(names.length).toBeGreaterThanOrEqual(3)
    expect(names).toEqual([...new Set(names)])
  })

  it('has none on a chain it does not know', () => {
    expect(lendersOf(31337)).toEqual([])
  })

  it.each(
    lenders.map(
      (lender) => [`${lender.name} on ${lender.chainId}`, lender] as const,
    ),
  )('%s: name, checksum, kind and source', (_, lender) => {
    expect(lender.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(parseAddress(lender.address.toLowerCase())).toBe(lender.address)
    expect(lenderProtocol(lender.kind).kind).toBe(lender.kind)
    expect(lender.source.length).toBeGreaterThan(5)
  })

  it.each(lenderKinds)('kind %s: has a protocol with its gas', (kind) => {
    expect(lenderProtocols[kind].kind).toBe(kind)
    expect(lenderProtocols[kind].gas).toBeGreaterThanOrEqual(0)
  })
})
