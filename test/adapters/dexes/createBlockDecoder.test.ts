import { describe, expect, it } from 'vitest'
import { createBlockDecoder } from '../../../src/adapters/dexes/createBlockDecoder.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { keccakText } from '../../../src/core/keccak.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import { PoolInvalidError } from '../../../src/engine/errors.ts'
import { createMarket, type Market } from '../../../src/market/index.ts'

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const word = (n: bigint): string => n.toString(16).padStart(64, '0')
const [one, two, three] = [address(101), address(102), address(103)] as const
const dexes = ['first', 'second'].map((name, i) => ({
  name,
  protocol: 'algebra-v1',
  chainId: 1,
  address: address(50 + i),
  verified: true as const,
  source: 'a test',
}))

/** Two DEXes whose fees follow the time: one pool of the first, two of the second. */
function marketOfTwo(): Market {
  return createMarket({
    chainId: 1,
    blockNumber: 1,
    tokens: [1, 2].map((n) => ({
      address: address(n),
      symbol: `T${n}`,
      decimals: 18,
    })),
    pools: [one, two, three].map((pool, i) => ({
      address: pool,
      dex: i === 0 ? 'first' : 'second',
      tokens: [address(1), address(2)],
      family: 'concentrated',
      feePips: 3000,
      tickSpacing: 60,
      sqrtPriceX96: 1n << 96n,
      tick: 0,
      liquidity: 1000n,
      ticks: [],
      knownTicks: [-887_272, 887_272],
      tickSearch: 'list',
    })),
  })
}

/** Algebra's contracts, as far as a fee is asked for; those of `sick` answer otherwise. */
function algebra(
  sick: readonly Hex[],
  otherwise: () => unknown = () => {
    const method = 'eth_call'
    throw new RpcError(`${method}: execution reverted`, { method, rpcCode: 3 })
  },
): Rpc {
  const selectorOf = (signature: string) => keccakText(signature).slice(0, 10)
  return {
    async request(_, [call] = []) {
      const { to, data } = call as { readonly to: Hex; readonly data: Hex }
      if (sick.includes(to)) return otherwise()
      if (data.startsWith(selectorOf('dataStorageOperator()')))
        return `0x${word(BigInt(to) + 1000n)}`
      if (data.startsWith(selectorOf('globalState()')))
        return `0x${[1n << 96n, 0n, 0n, 500n, 7n].map(word).join('')}`
      return `0x${word(8n)}${word(BigInt(to))}`
    },
  }
}

const fees = [one, two, three].map((pool) => ({
  pool,
  feePips: Number(pool) + 1000,
}))

describe('nextChanges', () => {
  const decode = async (rpc: Rpc) => {
    const faults: unknown[] = []
    const decoder = createBlockDecoder(marketOfTwo(), dexes, (error) =>
      faults.push(error),
    )
    return { changes: await decoder.nextChanges(rpc, 1), faults }
  }

  it('control: the fee of each pool', async () => {
    expect(await decode(algebra([]))).toEqual({ changes: fees, faults: [] })
  })

  it('a pool that reverts holds no other up, of its DEX or another', async () => {
    const { changes, faults } = await decode(algebra([two]))
    expect(changes).toEqual([fees[0], fees[2]])
    expect(faults).toEqual([expect.any(RpcError)])
  })

  it('a DEX whose pools all fail is told once', async () => {
    const { changes, faults } = await decode(algebra([two, three]))
    expect([changes, faults.length]).toEqual([[fees[0]], 1])
  })

  it('a fee that no pool can have is none', async () => {
    const { changes, faults } = await decode(algebra([address(1101)], huge))
    expect(changes).toEqual(fees.slice(1))
    expect(faults).toEqual([expect.any(PoolInvalidError)])
  })

  it('error: thrown where nobody is told', async () => {
    const decoder = createBlockDecoder(marketOfTwo(), dexes)
    await expect(decoder.nextChanges(algebra([two]), 1)).rejects.toThrow(
      RpcError,
    )
  })
})

describe('decode', () => {
  const swap = keccakText(
    'Swap(address,address,int256,int256,uint160,uint128,int24)',
  )
  const block = {
    blockNumber: 2,
    blockHash: `0x${'02'.repeat(32)}`,
    parentHash: `0x${'01'.repeat(32)}`,
    logs: [
      { address: one, data: '0x' },
      {
        address: two,
        data: `0x${[0n, 0n, 1n << 96n, 77n, 0n].map(word).join('')}`,
      },
    ].map((log, logIndex) => ({
      ...log,
      data: log.data as Hex,
      topics: [swap],
      txHash: '0x' as Hex,
      txIndex: 0,
      logIndex,
    })),
  } as const

  it('a log that is not as its event says closes its pool; the others follow theirs', () => {
    const faults: unknown[] = []
    const decoder = createBlockDecoder(marketOfTwo(), dexes, (error) =>
      faults.push(error),
    )
    expect(decoder.decode(block).changes).toMatchObject([
      { pool: one, liquidity: 0n, ticks: [] },
      { pool: two, liquidity: 77n },
    ])
    expect(faults).toMatchObject([
      { code: 'POOL_INVALID', facts: { pool: one } },
    ])
  })

  it('error: thrown where nobody is told', () => {
    const decoder = createBlockDecoder(marketOfTwo(), dexes)
    expect(() => decoder.decode(block)).toThrow()
  })
})

function huge(): string {
  return `0x${word(8n)}${word(1n << 60n)}`
}
