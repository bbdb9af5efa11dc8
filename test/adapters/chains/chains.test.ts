import { expect, it } from 'vitest'
import {
  chainNamed,
  chainOf,
  chains,
  checkChain,
} from '../../../src/adapters/chains/index.ts'
import { dexesOf } from '../../../src/adapters/dexes/index.ts'
import { createEmbeddedChain } from '../../../src/adapters/evm/index.ts'
import { lendersOf } from '../../../src/adapters/lenders/index.ts'
import { relaysOf } from '../../../src/adapters/relays/index.ts'
import { parseAddress } from '../../../src/core/address.ts'
import { nativeCoin } from '../../../src/core/nativeCoins.ts'
import {
  arbitrumL1DataFee,
  l1DataFeeOf,
  noL1DataFee,
  opStackL1DataFee,
} from '../../../src/services/execute/l1DataFee.ts'

it('six public chains and a local one, each name and id once', () => {
  expect(chains.map(({ name }) => name)).toEqual([
    'ethereum',
    'polygon',
    'arbitrum',
    'optimism',
    'base',
    'bsc',
    'local',
  ])
  expect(new Set(chains.map(({ chainId }) => chainId)).size).toBe(7)
})

it.each(chains)('$name: found by name and id', (chain) => {
  expect(chainNamed(chain.name)).toBe(chain)
  expect(chainOf(chain.chainId)).toBe(chain)
})

it.each(chains)('$name: addresses are checksummed, each once', (chain) => {
  const tokens = chain.baseTokens.map(({ address }) => address)
  for (const address of [...tokens, chain.multicall])
    expect(parseAddress(address.toLowerCase())).toBe(address)
  expect(new Set(tokens).size).toBe(tokens.length)
  const symbols = chain.baseTokens.map(({ symbol }) => symbol)
  expect(new Set(symbols).size).toBe(symbols.length)
})

it.each(chains)('$name: numbers make sense', (chain) => {
  expect(chain.blockTimeMs).toBeGreaterThanOrEqual(200)
  expect(chain.blockTimeMs).toBeLessThanOrEqual(12_000)
  expect(chain.finalityBlocks).toBeGreaterThan(0)
  // The journal of blocks that can be taken back is longer.
  expect(chain.finalityBlocks).toBeLessThan(256)
  expect(chain.maxTransactionGas).toBe(16_777_216n)
})

it.each(chains.filter(({ name }) => name !== 'local'))(
  '$name: agrees with the other registries',
  (chain) => {
    const coin = nativeCoin(chain.chainId)!
    expect(chain.nativeCoin).toBe(coin.symbol)
    expect(chain.wrappedNative?.address).toBe(coin.wrappedAddress)
    expect(chain.baseTokens[0]).toBe(chain.wrappedNative)
    expect(dexesOf(chain.chainId).length).toBeGreaterThan(3)
    expect(lendersOf(chain.chainId).length).toBeGreaterThan(2)
    const known = relaysOf(chain.chainId).map(({ name }) => name)
    for (const name of chain.relays) expect(known).toContain(name)
    const dataFees = {
      eip1559: noL1DataFee,
      opStack: opStackL1DataFee,
      arbitrum: arbitrumL1DataFee,
    }
    expect(l1DataFeeOf(chain.chainId)).toBe(dataFees[chain.feeModel])
  },
)

it('error: an unknown name says what is known; an unknown id is none', () => {
  expect(() => chainNamed('bass')).toThrow(
    expect.objectContaining({
      code: 'ADAPTER_UNKNOWN',
      hint: expect.stringContaining('base, bsc'),
    }),
  )
  expect(chainOf(5)).toBeUndefined()
})

it('a node of the chain passes, of another is told', async () => {
  const node = await createEmbeddedChain({ chainId: 8453 })
  await checkChain(node, chainNamed('base'))
  await expect(checkChain(node, chainNamed('optimism'))).rejects.toMatchObject({
    code: 'CHAIN_MISMATCH',
    facts: { expected: 10, actual: 8453 },
  })
})

it.each([null, '0x', 'base', 8453, '0xzz', {}])(
  'error: eth_chainId answers %j',
  async (answer) => {
    const node = { request: async () => answer }
    await expect(checkChain(node, chainNamed('base'))).rejects.toMatchObject({
      code: 'RPC_FAILED',
    })
  },
)
