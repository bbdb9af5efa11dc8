import { describe, expect, it } from 'vitest'
import {
  dexes,
  dexesOf,
  dexProtocol,
  dexProtocols,
  findDex,
} from '../../../src/adapters/dexes/index.ts'
import { parseAddress } from '../../../src/core/address.ts'

const chains = [1, 10, 56, 137, 8453, 42161]

describe('the registry of DEXes', () => {
  it('has 30 names and more over six chains, each once a chain', () => {
    expect(new Set(dexes.map(({ chainId }) => chainId))).toEqual(
      new Set(chains),
    )
    expect(new Set(dexes.map(({ name }) => name)).size).toBeGreaterThan(30)
    for (const chainId of chains) {
      const names = dexesOf(chainId).map(({ name }) => name)
      expect(names).toEqual([...new Set(names)])
    }
    expect(dexesOf(31337)).toEqual([])
  })

  it.each(dexes.map((dex) => [`${dex.name} on ${dex.chainId}`, dex] as const))(
    '%s: name, checksums, protocol, fee and source',
    (_, dex) => {
      expect(dex.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      for (const address of [dex.address, dex.router, dex.quoter])
        if (address) expect(parseAddress(address.toLowerCase())).toBe(address)
      if (dex.initCodeHash) expect(dex.initCodeHash).toMatch(/^0x[\da-f]{64}$/)
      expect(dexProtocol(dex.protocol).name).toBe(dex.protocol)
      if (dex.feePips !== undefined) {
        expect(dex.feePips).toBeGreaterThan(0)
        expect(dex.feePips).toBeLessThanOrEqual(10_000)
      }
      expect(dex.source.length).toBeGreaterThan(5)
      expect(dex.source.length).toBeLessThan(60)
    },
  )

  it('keeps what nobody checked visible', () => {
    const unverified = dexes.filter(({ verified }) => !verified)
    expect(unverified.length).toBeGreaterThan(0)
    expect(unverified.length).toBeLessThan(dexes.length / 3)
  })

  it('finds the DEX of a pool by its name', () => {
    const polygon = dexesOf(137)
    expect(findDex(polygon, { dex: 'quickswap-v2' })?.address).toBe(
      '0x5757371414417b8C6CAad45bAeF941aBc7d3Ab32',
    )
    expect(findDex(polygon, { dex: 'aerodrome-v2' })).toBeUndefined()
  })

  it('error: an unknown protocol', () => {
    expect(() => dexProtocol('curve')).toThrow(
      expect.objectContaining({ code: 'ADAPTER_UNKNOWN' }),
    )
  })
})

describe.each(dexProtocols)('protocol $name', ({ name, topics, families }) => {
  it('has topics of its own and a family', () => {
    expect(topics.length).toBeGreaterThan(0)
    expect(topics).toEqual([...new Set(topics)])
    for (const topic of topics) expect(topic).toMatch(/^0x[\da-f]{64}$/)
    expect(families.length).toBeGreaterThan(0)
  })

  it('has a DEX somewhere', () => {
    expect(dexes.some(({ protocol }) => protocol === name)).toBe(true)
  })
})
