import { beforeAll, describe, expect, it } from 'vitest'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../../src/adapters/evm/embeddedChain.ts'
import { createCallReader } from '../../../../src/adapters/feeds/pyramid/lane/callReader.ts'
import {
  readSymbol,
  readTokens,
} from '../../../../src/adapters/feeds/pyramid/shard/tokens.ts'
import { deployHelpers } from '../../../../src/adapters/protocols/helpers.ts'
import { createTransactor } from '../../../../src/adapters/protocols/transactor.ts'
import {
  parseAddress,
  shortAddress,
  zeroAddress,
} from '../../../../src/core/address.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { compileContract } from '../../../support/solc.ts'

const strange = [
  'GasEater',
  'Bytes32Symbol',
  'AnsiSymbol',
  'HugeSymbol',
  'AbsurdDecimals',
  'NoDecimals',
  'NoSymbol',
  'LyingLength',
]
const owner: Hex = '0x00000000000000000000000000000000000a11ce'

let chain: EmbeddedChain
let multicall3: Hex
const addressOf = new Map<string, Hex>()

beforeAll(async () => {
  chain = await createEmbeddedChain({ blockGasLimit: 60_000_000n })
  await chain.setBalance(owner, 10n ** 24n)
  await chain.impersonate(owner)
  const transactor = createTransactor(chain, owner, () => chain.mine())
  ;({ multicall3 } = await deployHelpers(transactor))
  await transactor.flush()
  for (const name of strange) {
    const data = `0x${compileContract('solc', 'StrangeTokens.sol', name)}`
    const hash = await chain.request('eth_sendTransaction', [
      { from: owner, data, gas: '0x1e8480' },
    ])
    const receipt = (await chain.request('eth_getTransactionReceipt', [
      hash,
    ])) as { readonly contractAddress: Hex }
    addressOf.set(name, parseAddress(receipt.contractAddress))
  }
})

describe('readTokens', () => {
  it('cleans what hostile tokens tell of themselves, and keeps out what has no use', async () => {
    const blockNumber = Number(await chain.request('eth_blockNumber'))
    const reader = createCallReader({ rpc: chain, multicall3, blockNumber })
    const nobody: Hex = '0x00000000000000000000000000000000000000ff'
    const asked = [
      ...strange.map((name) => addressOf.get(name)!),
      nobody,
      zeroAddress,
    ]
    const read = await readTokens(reader, 1, asked)
    const token = (name: string, symbol: string, decimals: number) => ({
      address: addressOf.get(name)!,
      symbol,
      decimals,
    })
    const short = (name: string): string => shortAddress(addressOf.get(name)!)
    expect(read).toEqual([
      token('GasEater', short('GasEater'), 18),
      token('Bytes32Symbol', 'MKR', 18),
      token('AnsiSymbol', 'EVIL', 6),
      token('HugeSymbol', 'A'.repeat(32), 18),
      { reason: 'the token tells absurd decimals' },
      { reason: 'the token tells no decimals' },
      token('NoSymbol', short('NoSymbol'), 8),
      token('LyingLength', 'LIE', 18),
      { reason: 'the token tells no decimals' },
      { address: zeroAddress, symbol: 'ETH', decimals: 18 },
    ])
  })
})

describe('readSymbol', () => {
  const bytes = (text: string): string =>
    Buffer.from(text).toString('hex').padEnd(64, '0')

  it.each([
    ['no answer', undefined, ''],
    ['an empty answer', '0x', ''],
    ['bytes32', `0x${bytes('DGD')}`, 'DGD'],
    ['bytes32 that ends in a digit of zero', `0x${bytes('P')}`, 'P'],
    ['an offset beyond the answer', `0x${'f'.repeat(64)}${bytes('X')}`, ''],
  ] as const)('%s', (_, answer, symbol) => {
    expect(readSymbol(answer as Hex | undefined)).toBe(symbol)
  })
})
